"""突合: what was handed in, sent, acknowledged, answered, rejected, and what is missing; functions of values.

Each case is counted once, so the parts add up to the whole; a difference between the two sides is a line of its own.
The figures come from :mod:`yakuba.casework.handover.standings`, counted by the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

MISSING_AFTER = timedelta(days=3)
"""Sent and not acknowledged for longer than this: missing. A town's systems exchange files at least daily."""

Part = Literal["ready", "held", "sent", "missing", "acknowledged", "returned", "rejected"]
PARTS: tuple[Part, ...] = ("ready", "held", "sent", "missing", "acknowledged", "returned", "rejected")


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases by part; ``total`` is counted on its own and must be their sum."""

    by_part: Mapping[Part, int]
    total: int

    @property
    def adds_up(self) -> bool:
        """Whether every case is in exactly one part."""
        return sum(self.by_part.values()) == self.total


Kind = Literal[
    "missing", "held", "rejected", "unknown_there", "unknown_here", "count_differs", "file_differs"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to look into: which case, batch or file, and what is wrong."""

    kind: Kind
    subject: str
    detail: str


def counts(by_state: Mapping[str, int], missing: int, total: int) -> Counts:
    """The parts: states as they are, those sent and overdue (``missing`` of them) taken out of ``sent``.

    A state that is no part is left out, and so shows as a sum that does not add up.
    """
    parts = {part: by_state.get(part, 0) for part in PARTS}
    return Counts(parts | {"sent": parts["sent"] - missing, "missing": missing}, total)


def batch_differences(
    batch: str, stated_cases: int, went_out: int, files: Iterable[tuple[str, str, str]]
) -> tuple[Difference, ...]:
    """Whether a batch still accounts for every case it went out with, and its files are as they were made.

    ``files``: name, digest as recorded, digest of what is kept now.
    """
    found = [Difference("file_differs", name, "") for name, recorded, kept in files if recorded != kept]
    if stated_cases != went_out:
        found.append(Difference("count_differs", batch, f"{stated_cases} ≠ {went_out}"))
    return tuple(found)
