"""Django application of what every room stands on: templates, style sheets, template tags."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Registers the shared templates and static files."""

    name = "yakuba.base"
    label = "base"
