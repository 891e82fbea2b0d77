"""Comparing names as registers must: same, perhaps a variant of the same, or different. Functions of values.

Nothing here decides that two people are one. "May differ by a variant" asks a clerk to look.
"""

import re
import unicodedata
from enum import Enum

from yakuba.registers.variants import VariantTable

# U+FE00–FE0F and U+E0100–E01EF: variation selectors, which choose a glyph of the character before them
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACE = re.compile(r"\s+")
# what systems print where they lack a character: geta, white square, black circle, replacement character
_MISSING = frozenset("〓□■●○?\ufffd")


class Likeness(Enum):
    """The three outcomes of comparing two names."""

    SAME = "same"
    MAY_DIFFER_BY_VARIANT = "may_differ_by_variant"
    DIFFERENT = "different"


def compare(left: str, right: str, table: VariantTable, substitutes: str = "") -> Likeness:
    """Compare two names as written.

    Args:
        left: one name, e.g. as the card's sign certificate states it.
        right: the other, e.g. the register's.
        substitutes: the card's flags for ``left``, one ``0`` or ``1`` a character: a flagged character stands in for
            one the card could not hold, so any character may be right there.
    """
    left_exact, right_exact = without_spaces(left), without_spaces(right)
    if "1" not in substitutes and left_exact == right_exact:
        return Likeness.SAME
    if fold(left, table) == fold(right, table):
        return Likeness.MAY_DIFFER_BY_VARIANT
    if _matches_with_gaps(left, right, table, substitutes):
        return Likeness.MAY_DIFFER_BY_VARIANT
    return Likeness.DIFFERENT


def fold(name: str, table: VariantTable) -> str:
    """``name`` without spaces, variation selectors and differences between variants."""
    plain = _SELECTOR.sub("", without_spaces(name))
    return unicodedata.normalize("NFKC", plain).translate(table.variants)


def without_spaces(name: str) -> str:
    """``name`` without any space: registers differ in whether and how they separate 氏 and 名."""
    return _SPACE.sub("", name)


def without_selectors(name: str) -> str:
    """``name`` without ideographic variation sequences, for places that cannot show them."""
    return _SELECTOR.sub("", name)


def has_selector(name: str) -> bool:
    """Whether ``name`` holds an ideographic variation sequence."""
    return bool(_SELECTOR.search(name))


def _matches_with_gaps(left: str, right: str, table: VariantTable, substitutes: str) -> bool:
    """Whether the names agree where neither has a missing or a substitute character."""
    pattern, other = _characters(left, table, substitutes), _characters(right, table, "")
    if len(pattern) != len(other) or not (None in pattern or None in other):
        return False
    if all(a is None or b is None for a, b in zip(pattern, other, strict=True)):
        return False  # nothing in common but gaps
    return all(a is None or b is None or a == b for a, b in zip(pattern, other, strict=True))


def _characters(name: str, table: VariantTable, substitutes: str) -> list[str | None]:
    """The folded characters; ``None`` where the character is missing or flagged as a substitute."""
    found: list[str | None] = []
    flags = substitutes.ljust(len(name), "0")
    for character, flag in zip(name, flags, strict=False):
        if character.isspace() or _SELECTOR.match(character):
            continue
        gap = flag == "1" or character in _MISSING
        found.extend([None] if gap else fold(character, table))
    return found
