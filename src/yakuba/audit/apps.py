"""Django application of the room ``audit``."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.audit"
    label = "audit"
