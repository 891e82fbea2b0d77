"""Django application of the room ``casework``."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.casework"
    label = "casework"
