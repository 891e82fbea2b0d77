"""Django application of the room ``procedures``."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.procedures"
    label = "procedures"
