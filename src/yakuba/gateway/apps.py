"""Django application of the room ``gateway``."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yakuba.base.web import keep_gate


class GatewayConfig(AppConfig):
    """Registers the room, and who may reach its addresses."""

    name = "yakuba.gateway"
    label = "gateway"

    def ready(self) -> None:
        import_module("yakuba.gateway.checks")
        keep_gate("gateway-peer", _only_in_the_gateway_server)


def _only_in_the_gateway_server(_request: HttpRequest, _audience: str) -> HttpResponse | None:
    """Behind the gateway server's mTLS only the neighbour can call; any other process of the zone answers nobody."""
    if getattr(settings, "GATEWAY_SERVES", False):
        return None
    return HttpResponse(
        "ここはほかの区域のための入口です。", status=403, content_type="text/plain; charset=utf-8"
    )
