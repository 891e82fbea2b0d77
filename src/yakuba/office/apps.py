"""Django application of the room ``office``."""

from django.apps import AppConfig

from yakuba.base.web import keep_gate


class OfficeConfig(AppConfig):
    """Registers the room and its gatekeeper."""

    name = "yakuba.office"
    label = "office"

    def ready(self) -> None:
        from yakuba.office.gate import operators_only

        keep_gate("operator", operators_only)
