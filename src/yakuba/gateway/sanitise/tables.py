"""Text and tables as harmless as they look: no cell of a CSV is a formula when a spreadsheet opens it.

Functions of values. A cell that begins like a formula gets an apostrophe before it, which spreadsheets do not show and
which says "text" (OWASP: CSV injection). Plain numbers stay as they are; ``+81-46-876-1111`` would be worked out.
"""

import csv
import re
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # or Excel reads UTF-8 as Shift_JIS
_FORMULA = re.compile(r"[\s\u3000'\"]*[=+\-@|%＝＋－＠]")
_HARMLESS = re.compile(r"[+\-－]|[+\-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")  # a sign alone; a number
_DELIMITERS = (",", "\t", ";")
_MOST_CELLS = 500_000


class NotATable(Exception):
    """Rows and cells cannot be told, or there are more than anybody reads."""


def neutral_csv(text: str) -> tuple[str, int]:
    """``text`` as a CSV (RFC 4180: commas, every cell in quotes, CRLF) without formulas, and how many there were.

    Raises:
        NotATable: it is none.
    """
    rows, formulas, out = _rows(text), 0, StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        formulas += sum(is_formula(cell) for cell in row)
        writer.writerow([_neutral(cell) for cell in row])
    made = out.getvalue()
    if [[_neutral(cell) for cell in row] for row in rows] != list(
        csv.reader(StringIO(made, newline=""), strict=True)
    ):
        raise NotATable("what was written does not read as what was meant")
    return BYTE_ORDER_MARK + made, formulas


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take ``cell`` for something to work out."""
    return bool(_FORMULA.match(cell)) and not _HARMLESS.fullmatch(cell.strip())


def _neutral(cell: str) -> str:
    plain = cell.replace("\r", " ").replace("\n", " ")
    return f"'{plain}" if is_formula(plain) else plain


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotATable(str(error)) from error
    if not rows or sum(map(len, rows)) > _MOST_CELLS:
        raise NotATable("nothing, or too much")
    return rows
