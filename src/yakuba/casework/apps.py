"""Django application of the room ``casework``."""

from django.apps import AppConfig

from yakuba.base.warming import warms
from yakuba.procedures.registry import procedure_ids
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.registers.variants import national_variants


class CaseworkConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.casework"
    label = "casework"

    def ready(self) -> None:
        """Load what listens: message handlers and notice events (tables exist once every application is loaded)."""
        from yakuba.casework import messages, notice_events, verification

        assert messages
        notice_events.connect()
        warms(procedure_ids)
        warms(load_parameters)
        warms(national_variants)
        warms(verification.sources)
