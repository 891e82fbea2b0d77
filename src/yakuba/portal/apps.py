"""Django application of the room ``portal``."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from yakuba.base.warming import warms
from yakuba.portal.gates import keep_gates
from yakuba.procedures.registry import procedure_ids


class PortalConfig(AppConfig):
    """Registers the room under its own name, its audiences, and its handlers of messages."""

    name = "yakuba.portal"
    label = "portal"

    def ready(self) -> None:
        keep_gates()
        import_module("yakuba.portal.messages")
        if settings.ROOT_URLCONF != "yakuba.gateway.urls":  # the gateway's own server judges nothing
            warms(procedure_ids)
            warms(import_module("yakuba.portal.services.verdicts").in_force_here)
