"""What a demo town is made from: one value that decides every byte of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from yakuba.base.municipality import municipality_code

BLOCK = 500
"""Residents a block: the unit that is made, loaded and resumed by itself, in any order, on any core."""
MOST_RESIDENTS = 1_000_000
_FEWEST_RESIDENTS = 1
NUMBERS_A_BLOCK = 1_000
"""宛名番号 a block: present residents and those who moved away or died."""


class TownTooLarge(ValueError):
    """The number of residents is out of range."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A town: where, from which seed, how many residents, as of which day.

    The same plan gives the same bytes. ``synthetic`` is stated wherever the plan is kept: nobody in it is real.
    """

    municipality: str
    residents: int
    as_of: date
    seed: int = 1
    cast: bool = True
    synthetic: bool = True

    def __post_init__(self) -> None:
        municipality_code(self.municipality)
        if not _FEWEST_RESIDENTS <= self.residents <= MOST_RESIDENTS:
            raise TownTooLarge(
                f"住民の数は{_FEWEST_RESIDENTS}人から{MOST_RESIDENTS:,}人までです。例: --residents 20000"
            )

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Each block's number and how many residents it has."""
        for number, first in enumerate(range(0, self.residents, BLOCK)):
            yield number, min(BLOCK, self.residents - first)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept beside the town."""
        return asdict(self) | {"as_of": self.as_of.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        """The plan kept by :meth:`as_json`."""
        return cls(**(data | {"as_of": date.fromisoformat(data["as_of"])}))
