"""Django application of the room ``portal``."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.portal"
    label = "portal"
