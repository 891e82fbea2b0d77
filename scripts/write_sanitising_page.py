"""Write the table of hostile files in docs/sanitising.md from the corpus the tests run: ``python -m scripts.write_sanitising_page``.

A test compares.
"""

from itertools import groupby
from pathlib import Path

from tests.gateway.corpus import CORPUS, Specimen

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sanitising.md"
_BEGIN, _END = "<!-- corpus -->\n", "<!-- end of corpus -->"
_METHODS = {
    "raster": "drawn anew",
    "disarm": "kept as text",
    "office": "converted, then drawn anew",
    "csv": "formulas neutralised",
}


def with_corpus(page: str) -> str:
    """``page`` with the table between its markers as it should be."""
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}{table()}{_END}{after}"


def table() -> str:
    """Every specimen, what is demanded, and how; by group."""
    lines = ["| group | file | demanded | how, or why not |", "|---|---|---|---|"]
    for group, members in groupby(CORPUS, key=lambda one: one.group):
        lines += [
            f"| {group} | {one.name.replace('|', '/')} | **{one.demand}** | {_how(one)} |" for one in members
        ]
    return "\n".join(lines) + "\n"


def _how(one: Specimen) -> str:
    if one.demand == "refuse":
        return f"`{one.reason}`"
    seen = f"; noticed: {', '.join(sorted(one.seen))}" if one.seen else ""
    return f"{_METHODS.get(one.method, one.method or 'within the caps')}{seen}"


if __name__ == "__main__":
    PAGE.write_text(with_corpus(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {PAGE}")
