"""``manage.py desk_settings <municipality>``: the demo town's first procedure settings, kept and published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now, today
from yakuba.base.municipality import municipality_code
from yakuba.base.tenancy import under
from yakuba.casework.municipal import begin_with_examples


class Command(BaseCommand):
    """Open every procedure with its definition's example settings; existing settings are left alone."""

    help = "First settings of a demo municipality."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("municipality", type=municipality_code)

    def handle(self, *_args: object, **options: Any) -> None:
        """Keep and publish."""
        town = options["municipality"]
        event = AuditEvent("operator:terminal", "settings.changed", "settings", town, {"demo": "yes"})
        with under(town):
            begin_with_examples(town, today(), now(), event)
        self.stdout.write("手続の設定を窓口へ知らせました。")
