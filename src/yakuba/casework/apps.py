"""Django application of the room ``casework``."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.casework"
    label = "casework"

    def ready(self) -> None:
        """Load the handlers of arriving messages (imported here: tables exist once every application is loaded)."""
        from yakuba.casework import messages

        assert messages
