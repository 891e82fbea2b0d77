"""No cell of a rebuilt table is a formula; everything else is as it was."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.gateway.sanitise.tables import NotATable, is_formula, neutral_csv


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        " =1",
        "\t=1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|x",
        "@SUM(1)",
        "＝1+1",
        "　=HYPERLINK(1)",
        "'=1",
        '"=1',
        "+81-46-876-1111",
        "-A1",
    ],
)
def test_what_a_spreadsheet_would_work_out_becomes_text(cell: str) -> None:
    assert is_formula(cell)
    made, count = neutral_csv(f'名前,"{cell.replace(chr(34), chr(34) * 2)}"\n')
    assert (count, next(iter(csv.reader(StringIO(made.lstrip("\ufeff"), newline=""))))[1]) == (1, f"'{cell}")


@pytest.mark.parametrize(
    "cell", ["", "-", "－", "-5", "+5", "-1,234.5", "12%", "046-876-1111", "2026-11-23", "葉山", "a=b", "1+1"]
)
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert not is_formula(cell)


@given(st.text(max_size=400))
def test_no_text_makes_a_table_with_a_formula_in_it(text: str) -> None:
    try:
        made, _count = neutral_csv(text.replace("\r\n", "\n").replace("\r", "\n"))
    except NotATable:
        return
    rows = list(csv.reader(StringIO(made.lstrip("\ufeff"), newline=""), strict=True))
    assert not [cell for row in rows for cell in row if is_formula(cell) and not cell.startswith("'")]
