"""The small table of variant characters (異体字) as a value, read from ``data/character_variants.yaml``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class VariantTable:
    """Translation tables for :meth:`str.translate`: ``variants`` for comparing, ``searching`` also for what people
    confuse."""

    variants: Mapping[int, str]
    searching: Mapping[int, str]

    @classmethod
    def of(cls, variants: Iterable[str], confused: Iterable[str] = ()) -> "VariantTable":
        """The table of groups of characters; the first of each group stands for all.

        Raises:
            ValueError: a character stands in two groups.
        """
        folded = _folding(variants)
        wider = dict(folded)
        for group in confused:
            first = folded.get(ord(group[0]), group[0])
            wider.update({ord(character): first for character in group[1:]})
            wider.update({variant: first for variant, base in folded.items() if base in group[1:]})
        return cls(folded, wider)


def _folding(groups: Iterable[str]) -> dict[int, str]:
    folded: dict[int, str] = {}
    seen: set[str] = set()
    for group in groups:
        if seen & set(group) or len(set(group)) != len(group):
            raise ValueError(f"a character of {group!r} stands twice in the table of variants")
        seen |= set(group)
        folded.update({ord(character): group[0] for character in group[1:]})
    return folded


@cache
def national_variants() -> VariantTable:
    """The table that comes with yakuba."""
    text = resources.files("yakuba.registers").joinpath("data/character_variants.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return VariantTable.of(data["variants"], data["confused"])
