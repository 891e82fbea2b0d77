"""Django application of the desk's accounts."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Registers the accounts and the gates every page of the desk is behind."""

    name = "yakuba.casework.staff"
    label = "staff"

    def ready(self) -> None:
        """Keep the gates (imported here: tables exist only once every application is loaded)."""
        from yakuba.base.web import keep_gate
        from yakuba.casework.staff.sessions import counter_agent_gate, gate, half_open_gate

        keep_gate("staff", gate)
        keep_gate("staff_enrolling", half_open_gate)
        keep_gate("counter_agent", counter_agent_gate)
