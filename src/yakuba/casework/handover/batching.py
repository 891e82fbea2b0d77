"""A batch of decided cases as files with a manifest: a function of values, so that the same cases make the same files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.casework.handover.formats import Format, write, write_problems
from yakuba.casework.handover.mapping import Difficulty, Mapped, Table, apply

MANIFEST = "manifest.json"
PROBLEMS = "problems.csv"


@dataclass(frozen=True, slots=True)
class Files:
    """What goes out: files by name (the manifest among them), which cases are in, which are held and why."""

    files: Mapping[str, bytes]
    included: tuple[str, ...]
    held: Mapping[str, tuple[Difficulty, ...]]


def make_files(
    table: Table, form: Format, documents: Sequence[Mapping[str, Any]], *, batch: str, at: datetime
) -> Files:
    """The files of a batch. A case with a blocking difficulty is left out whole, and named in ``held``."""
    mapped = {str(one["receipt_number"]): apply(table, one) for one in documents}
    held = {number: one.difficulties for number, one in mapped.items() if one.blocked}
    included = {number: one for number, one in mapped.items() if number not in held}
    files: dict[str, bytes] = {}
    counts: dict[str, int] = {}
    noted = [one for difficulties in held.values() for one in difficulties]
    for record in table.records:
        rows = _rows(included, record.name)
        name = f"{table.procedure}-{record.name}.{form.suffix}"
        files[name], difficulties = write(form, record, rows)
        counts[name] = len(rows)
        noted += difficulties
    if noted:
        files[PROBLEMS] = write_problems(noted)
        counts[PROBLEMS] = len(noted)
    files[MANIFEST] = _manifest(table, form, files, counts, tuple(included), tuple(held), batch, at)
    return Files(files, tuple(included), held)


def _rows(included: Mapping[str, Mapped], record: str) -> list[tuple[str, Sequence[str]]]:
    return [(number, cells) for number, one in included.items() for cells in one.rows[record]]


def _manifest(
    table: Table,
    form: Format,
    files: Mapping[str, bytes],
    counts: Mapping[str, int],
    included: tuple[str, ...],
    held: tuple[str, ...],
    batch: str,
    at: datetime,
) -> bytes:
    return canonical_bytes(
        {
            "yakuba": "handover/1",
            "batch": batch,
            "procedure": table.procedure,
            "table_version": table.version,
            "format": form.id,
            "encoding": form.encoding,
            "made_at": utc_text(at),
            "cases": list(included),
            "held": list(held),
            "files": [
                {"name": name, "rows": counts[name], "size": len(data), "sha256": sha256_hex(data)}
                for name, data in files.items()
            ],
        }
    )
