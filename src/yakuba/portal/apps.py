"""Django application of the room ``portal``."""

from importlib import import_module

from django.apps import AppConfig

from yakuba.portal.gates import keep_gates


class PortalConfig(AppConfig):
    """Registers the room under its own name, its audiences, and its handlers of messages."""

    name = "yakuba.portal"
    label = "portal"

    def ready(self) -> None:
        keep_gates()
        import_module("yakuba.portal.messages")
