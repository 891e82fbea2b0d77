"""Django application of the room ``definitions``."""

from importlib import import_module

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """Tells the registry where a municipality's own procedures are, and takes in what the office publishes."""

    name = "yakuba.definitions"
    label = "definitions"

    def ready(self) -> None:
        import_module("yakuba.definitions.messages")
        from yakuba.definitions.store import own_procedures
        from yakuba.procedures import registry

        registry.keep_own(own_procedures)
