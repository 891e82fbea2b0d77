"""The files of a batch: CSV (UTF-8 with or without BOM, Shift_JIS), fixed width, JSON Lines; and for spreadsheets.

Each writer is a function of the rows; what an encoding or a width could not hold comes back as difficulties, and is
written into a file of its own beside the others (``problems.csv``).
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yakuba.casework.handover.encoding import code_points, cut, fit
from yakuba.casework.handover.mapping import Difficulty, RecordType

# A spreadsheet takes a cell that begins so for a formula (OWASP "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Format:
    """How records are written. ``spreadsheet``: for people; formulas are made harmless, which changes values."""

    id: str
    title: str
    suffix: str
    encoding: str
    kind: str
    spreadsheet: bool = False


FORMATS: Mapping[str, Format] = {
    one.id: one
    for one in (
        Format("csv", "CSV(UTF-8)", "csv", "utf-8", "csv"),
        Format("csv-bom", "CSV(UTF-8、BOM付き)", "csv", "utf-8-sig", "csv"),
        Format("csv-sjis", "CSV(Shift_JIS)", "csv", "cp932", "csv"),
        Format("fixed-sjis", "固定長(Shift_JIS)", "dat", "cp932", "fixed"),
        Format("jsonl", "JSON Lines", "jsonl", "utf-8", "jsonl"),
        Format("spreadsheet", "表計算ソフトで見る用(CSV)", "csv", "utf-8-sig", "csv", spreadsheet=True),
    )
}

Rows = Iterable[tuple[str, Sequence[str]]]
"""Receipt number and cells of each row."""


def write(form: Format, record: RecordType, rows: Rows) -> tuple[bytes, list[Difficulty]]:
    """The file of one record type, and what did not fit in it."""
    difficulties: list[Difficulty] = []
    fitted = [
        [_fitted(form, record, at, number, cell, difficulties) for at, cell in enumerate(cells)]
        for number, cells in rows
    ]
    writer = {"csv": _csv, "fixed": _fixed, "jsonl": _jsonl}[form.kind]
    return writer(form, record, fitted), difficulties


def write_problems(difficulties: Iterable[Difficulty]) -> bytes:
    """The list of what did not fit, UTF-8 with BOM, formulas made harmless: people read it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["受付番号", "レコード", "項目", "元の値", "理由", "送信を止めたか"])
    for one in difficulties:
        cells = [one.receipt_number, one.record, one.field, one.value, one.reason]
        lines.writerow([*map(harmless, cells), "はい" if one.blocking else "いいえ"])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """``cell`` as text to any spreadsheet: an apostrophe before what would start a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _fitted(
    form: Format, record: RecordType, at: int, number: str, cell: str, difficulties: list[Difficulty]
) -> str:
    field = record.fields[at]
    one_line = " ".join(cell.splitlines()) if form.kind == "fixed" else cell
    encoded = fit(one_line, form.encoding)
    text, reasons = encoded.text, []
    if encoded.lost:
        reasons.append("unmappable " + ", ".join(code_points(lost) for lost in encoded.lost))
    shorter = _within(form, text, field.width)
    if shorter != text:
        reasons.append(f"longer_than {field.width}")
    difficulties.extend(
        Difficulty(number, record.name, field.name, cell, reason, blocking=False) for reason in reasons
    )
    return harmless(shorter) if form.spreadsheet else shorter


def _within(form: Format, text: str, width: int) -> str:
    if not width or form.spreadsheet or form.kind == "jsonl":
        return text
    return cut(text, width, form.encoding) if form.kind == "fixed" else text[:width]


def _csv(form: Format, record: RecordType, rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL)
    lines.writerow([field.name for field in record.fields])
    lines.writerows(rows)
    return out.getvalue().encode(form.encoding)


def _fixed(form: Format, record: RecordType, rows: list[list[str]]) -> bytes:
    return b"".join(
        b"".join(
            _padded(cell.encode(form.encoding), field.width, number=field.type == "int")
            for cell, field in zip(cells, record.fields, strict=True)
        )
        + b"\r\n"
        for cells in rows
    )


def _padded(cell: bytes, width: int, *, number: bool) -> bytes:
    return cell.rjust(width, b"0") if number else cell.ljust(width, b" ")


def _jsonl(_form: Format, record: RecordType, rows: list[list[str]]) -> bytes:
    names = [field.name for field in record.fields]
    lines = (json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False) for cells in rows)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
