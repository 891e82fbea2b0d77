"""``manage.py desk_evidence <municipality> <application> <file>``: one signature's evidence, for anyone to check."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yakuba.audit.log import append
from yakuba.base.files import write_atomically
from yakuba.base.municipality import municipality_code
from yakuba.base.tenancy import under
from yakuba.card.evidence import NoEvidence
from yakuba.casework.evidence_kept import whole_record
from yakuba.casework.models import Case
from yakuba.casework.moves import audit_event


class Command(BaseCommand):
    """Write the record out, mode 0600: it holds the application as it was signed."""

    help = "Write out the evidence of one application's signature."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("municipality", type=municipality_code)
        parser.add_argument("application", type=UUID)
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, **options: Any) -> None:
        """Find, write, and say so in the audit log."""
        with under(options["municipality"]):
            case = Case.objects.filter(pk=options["application"]).first()
            if case is None:
                raise CommandError("その番号の申請は見つかりません。申請の番号(UUID)を指定してください。")
            try:
                write_atomically(options["file"], whole_record(case))
            except NoEvidence as problem:
                raise CommandError(str(problem)) from problem
            append(audit_event(case, "case.evidence_written_out", None))
        self.stdout.write(f"{options['file']} に書き出しました。確かめ方: yakuba verify {options['file']}")
