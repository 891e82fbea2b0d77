"""Django application of the room ``gateway``."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.gateway"
    label = "gateway"
