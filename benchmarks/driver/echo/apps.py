"""Django application of the test room."""

from importlib import import_module

from django.apps import AppConfig


class EchoConfig(AppConfig):
    """Loads the handlers."""

    name = "benchmarks.driver.echo"
    label = "echo"

    def ready(self) -> None:
        import_module("benchmarks.driver.echo.messages")
