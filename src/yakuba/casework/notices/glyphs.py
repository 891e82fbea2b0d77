"""Which characters the notice's font can print: seen before printing, so that no □ ever stands in a name.

A base character with a variation selector (異体字, IVS) counts as one: where the font has the character but not
that variant it would print another person's spelling, so it is reported like a missing one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont
from noto_cjk_sans_jp_regular import FONT_PATH

_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Breaks lines, prints nothing, needs no glyph.
_INVISIBLE = frozenset({0x0A, 0x200B})


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character (with its variation selector, if any) that the font cannot print as written."""

    character: str

    @property
    def code_points(self) -> str:
        """``U+9089 U+E0102``: what a clerk looks up in the character table."""
        return " ".join(f"U+{ord(char):04X}" for char in self.character)

    def __str__(self) -> str:
        return f"「{self.character}」({self.code_points})"


def missing_glyphs(value: object) -> tuple[MissingGlyph, ...]:
    """Every character in the texts of ``value`` (nested lists and mappings) that cannot be printed; each once."""
    plain, variants = _coverage()
    found: dict[str, None] = {}
    for text in _texts(value):
        for character in _characters(text):
            known = character in variants if len(character) > 1 else ord(character) in plain
            if not known:
                found[character] = None
    return tuple(MissingGlyph(character) for character in found)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)


def _characters(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        with_selector = position + 1 < len(text) and _is_selector(text[position + 1])
        width = 2 if with_selector else 1
        character = text[position : position + width]
        if ord(character[0]) not in _INVISIBLE:
            yield character
        position += width


def _is_selector(character: str) -> bool:
    return any(ord(character) in block for block in _SELECTORS)


@cache
def _coverage() -> tuple[frozenset[int], frozenset[str]]:
    """Code points of the font, and its registered variation sequences (cmap format 14)."""
    with TTFont(FONT_PATH, lazy=True) as font:
        tables: Any = font["cmap"]
        plain = frozenset(tables.getBestCmap())
        variants = frozenset(
            chr(base) + chr(selector)
            for table in tables.tables
            if table.format == 14
            for selector, pairs in table.uvsDict.items()
            for base, _glyph in pairs
        )
    return plain, variants
