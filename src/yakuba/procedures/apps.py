"""Django application of the room ``procedures``."""

from django.apps import AppConfig

from yakuba.procedures import registry
from yakuba.procedures.folders import own_folder


class ProceduresConfig(AppConfig):
    """Registers the room under its own name."""

    name = "yakuba.procedures"
    label = "procedures"

    def ready(self) -> None:
        """A mistake in the municipality's own definitions is told at start, not to the first resident."""
        if own_folder():
            registry.procedure_ids()
