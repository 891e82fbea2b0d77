"""Django application of the hand-over."""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Registers the handover under their own name."""

    name = "yakuba.casework.handover"
    label = "handover"
