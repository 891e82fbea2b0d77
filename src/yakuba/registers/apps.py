"""Django application of the room ``registers``."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.registers"
    label = "registers"
