"""``manage.py desk_reassess <municipality> <YYYY-MM>``: whose child allowance changes by that month."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import today
from yakuba.base.municipality import municipality_code
from yakuba.base.tenancy import under
from yakuba.casework.parameters_here import parameters_here
from yakuba.casework.reassessing import Difference, differences
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError


def month(text: str) -> Month:
    """A month as people type it. Raises ArgumentTypeError with an example."""
    year, _, number = text.partition("-")
    if len(text) != 7 or not (year + number).isdigit() or not 1 <= int(number) <= 12:
        raise ArgumentTypeError(f"{text!r} は年月ではありません。例: 2027-04")
    return Month(int(year), int(number))


class Command(BaseCommand):
    """Print one line a recipient: 宛名番号, the amount on record, the amount then."""

    help = "List the recipients of child allowance whose amount the law changes by a month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("municipality", type=municipality_code)
        parser.add_argument("month", type=month)

    def handle(self, *_args: object, **options: Any) -> None:
        """Work it out, print, and say in the audit log that it was looked at."""
        town, wanted = options["municipality"], options["month"]
        with under(town):
            try:
                found = differences(wanted, today(), parameters_here())
            except NotInForceError as missing:
                raise CommandError(f"{wanted} の規定の値が登録されていません({missing.name})。") from missing
            facts = {"month": str(wanted), "found": str(len(found))}
            append(
                AuditEvent("system:desk_reassess", "register.reassessed", "register:jidou_teate", town, facts)
            )
        for one in found:
            self.stdout.write(_line(one))
        self.stdout.write(f"{wanted}: {len(found)}件。変更は、職員が確かめて行います(児童手当法9条)。")


def _line(one: Difference) -> str:
    then = "要確認" if one.then is None else f"{one.then:,}円"
    return f"{one.atena_number}\t{one.now:,}円\t{then}"
