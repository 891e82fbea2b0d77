"""docs/law.md says what the data say, and the glossary names articles."""

import re
from pathlib import Path

import pytest

from yakuba.procedures.rules.law_page import law_page
from yakuba.procedures.rules.parameters import load_parameters

DOCS = Path(__file__).parents[2] / "docs"
PARAMETERS = load_parameters()


def test_the_page_of_the_law_is_written_from_the_data() -> None:
    page = (DOCS / "law.md").read_text(encoding="utf-8")
    assert page == law_page(PARAMETERS), "run: python scripts/write_law_page.py"


@pytest.mark.parametrize("name", sorted(PARAMETERS.by_name))
def test_every_parameter_stands_on_the_page_with_its_source(name: str) -> None:
    rows = [line for line in law_page(PARAMETERS).splitlines() if f"`{name}` |" in line]
    history = PARAMETERS.by_name[name].history
    assert len(rows) == len(history)
    for row, dated in zip(rows, history, strict=True):
        assert dated.source in row
        assert ("？" in row) == (not dated.sure)


def _terms() -> list[list[str]]:
    rows = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    terms = [row.strip("| ").split(" | ") for row in rows if row.startswith("| ")]
    return [term for term in terms if term[0] != "English"]


def test_every_term_of_the_glossary_has_its_japanese_and_its_article() -> None:
    terms = _terms()
    assert len(terms) > 60
    for english, japanese, meaning, article in terms:
        assert re.search(r"[a-z]", english), english
        assert re.search(r"[\u3040-\u9fff]", japanese), japanese
        assert meaning.strip()
        assert re.search(r"条|法|規則|指針|基準|RFC|計画|—", article), article


def test_no_term_of_the_glossary_is_written_twice() -> None:
    english = [term[0] for term in _terms()]
    assert len(english) == len(set(english))
