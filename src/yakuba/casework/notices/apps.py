"""Django application of the notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the notices under their own name."""

    name = "yakuba.casework.notices"
    label = "notices"
