"""Django application of the room ``casework``."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.casework"
    label = "casework"

    def ready(self) -> None:
        """Load what listens: message handlers and notice events (tables exist once every application is loaded)."""
        from yakuba.casework import messages, notice_events

        assert messages
        notice_events.connect()
