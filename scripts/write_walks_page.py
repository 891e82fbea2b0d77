"""Put the pictures of `make walks` together: one sheet for each example, docs/walks/.

``python -m scripts.write_walks_page``; with ``--index`` only the page that lists them.
"""

import sys
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image

from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "test-results" / "walks"
PAGES: Final = ROOT / "docs" / "walks"
_HEIGHT: Final = 560
_WIDTH: Final = 200
"""Of a page on a sheet, in pixels: a telephone's page at half its width, its lower part cut off."""
_WIDE: Final = 400
"""Of the desk's page and the notice, which are not made for telephones."""
_CATEGORIES: Final = {"child": "子ども・子育て", "care": "介護", "disaster": "災害", "vehicle": "自動車"}
_GAP: Final = 8
_QUALITY: Final = 55
_GREY: Final = "#c8c8c8"


def sheet(pictures: list[Path]) -> Image.Image:
    """The pictures side by side, in order."""
    small = [_small(path) for path in pictures]
    made = Image.new("RGB", (sum(one.width + _GAP for one in small) + _GAP, _HEIGHT + 2 * _GAP), _GREY)
    left = _GAP
    for one in small:
        made.paste(one, (left, _GAP))
        left += one.width + _GAP
    return made


def _small(path: Path) -> Image.Image:
    width = _WIDE if path.stem[3:] in ("desk", "notice") else _WIDTH
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    shown = picture.resize(
        (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS
    )
    placed = Image.new("RGB", (width, _HEIGHT), "white")
    placed.paste(shown.crop((0, 0, width, min(_HEIGHT, shown.height))), (0, 0))
    return placed


def index(procedures: list[Procedure]) -> str:
    """The page that lists every procedure, its examples and the sheet of the first."""
    lines = [
        "# Every procedure, walked through",
        "*Pictures made by `make walks` and put together by `scripts/write_walks_page.py`. Every person in them is invented.*",
        "",
        "Each example of each procedure is filled in by a real browser (a telephone's width, JavaScript off), signed with the emulated card, decided at the desk by two clerks, and noticed.",
        "One example of each is kept here as pictures: the pages, the receipt, the desk before the decision, the notice.",
        "",
    ]
    for category, members in groupby(
        sorted(procedures, key=lambda one: (one.category, one.id)), key=lambda one: one.category
    ):
        lines.append(f"## {_CATEGORIES[category]}")
        lines.extend(_entry(one) for one in members)
    return "\n".join(lines) + "\n"


def _entry(one: Procedure) -> str:
    others = ", ".join(f"`{example.id}`" for example in one.examples)
    return f"### {one.title.ja}\n`{one.id}`; walked: {others}.\n\n![{one.title.ja}]({one.id}.webp)\n"


def newest() -> list[Procedure]:
    """The newest version of every procedure."""
    return [registry.versions(name)[-1] for name in registry.procedure_ids()]


def main() -> None:
    PAGES.mkdir(exist_ok=True)
    for one in [] if "--index" in sys.argv else newest():
        pictures = sorted((PICTURES / one.id / one.examples[0].id).glob("*.png"))
        if not pictures:
            raise SystemExit(f"no pictures of {one.id}: run `make walks` first")
        sheet(pictures).save(PAGES / f"{one.id}.webp", quality=_QUALITY, method=6)
    (PAGES / "README.md").write_text(index(newest()), encoding="utf-8")
    print(f"wrote {PAGES}")


if __name__ == "__main__":
    main()
