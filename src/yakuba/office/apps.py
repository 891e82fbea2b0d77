"""Django application of the room ``office``."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.office"
    label = "office"
