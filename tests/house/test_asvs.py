"""docs/asvs.md speaks of every requirement of levels 1 and 2, and names tests that exist."""

import re

import pytest

from tests.house.test_house import ROOT

# OWASP ASVS 5.0.0 (CC BY-SA 4.0): section → the numbers of its requirements of levels 1 and 2; level 3 is left out.
LEVEL_1_AND_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
# In every section of levels 1 and 2 the level-3 requirements come last, so the numbers run from 1 without a gap.
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, str, str]]:
    return _ROW.findall((ROOT / "docs" / "asvs.md").read_text())


def test_every_requirement_has_its_row_once(rows: list[tuple[str, str, str, str]]) -> None:
    wanted = [
        f"{section}.{number}" for section, last in LEVEL_1_AND_2.items() for number in range(1, last + 1)
    ]
    assert len(wanted) == 253
    assert sorted(row[0] for row in rows) == sorted(wanted)


def test_every_test_that_is_named_exists(rows: list[tuple[str, str, str, str]]) -> None:
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row[3])}
    assert len(named) > 80
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text())
    }
    assert sorted(named - there) == []


def test_every_row_says_how_and_what_is_not_met_says_so_in_one_way(
    rows: list[tuple[str, str, str, str]],
) -> None:
    for number, _asks, how, test in rows:
        assert how.strip(), number
        assert test == "–" or "`" in test, number
        assert "NOT met" not in how or "**NOT met**" in how, number
