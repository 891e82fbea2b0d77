"""突合: what was handed in, sent, acknowledged, answered, rejected, and what is missing; functions of values.

Each case is counted once, so the parts add up to the whole; a difference between the two sides is a line of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from yakuba.base.clock import JAPAN

MISSING_AFTER = timedelta(days=3)
"""Sent and not acknowledged for longer than this: missing. A town's systems exchange files at least daily."""

Part = Literal["ready", "held", "sent", "missing", "acknowledged", "returned", "rejected"]
PARTS: tuple[Part, ...] = ("ready", "held", "sent", "missing", "acknowledged", "returned", "rejected")


@dataclass(frozen=True, slots=True)
class Standing:
    """One case as this side knows it."""

    receipt_number: str
    state: str
    state_at: datetime


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
    """One thing to look into: which case or batch, and what is wrong."""

    kind: Kind
    subject: str
    detail: str


def part_of(standing: Standing, at: datetime) -> Part:
    """The part a case is counted in at ``at``."""
    if standing.state == "sent" and at - standing.state_at > MISSING_AFTER:
        return "missing"
    found = next((part for part in PARTS if part == standing.state), None)
    if found is None:
        raise ValueError(f"{standing.receipt_number}: no such state {standing.state!r}")
    return found


def counts(standings: Iterable[Standing], at: datetime) -> Counts:
    """How many cases are in each part."""
    listed = list(standings)
    counted = Counter(part_of(one, at) for one in listed)
    return Counts({part: counted.get(part, 0) for part in PARTS}, len(listed))


def differences(
    standings: Iterable[Standing], at: datetime, stated: Iterable[str] | None
) -> tuple[Difference, ...]:
    """What does not agree. ``stated``: receipt numbers the outside system says it has; None if it never said."""
    listed = list(standings)
    found = [
        Difference(part, one.receipt_number, one.state_at.astimezone(JAPAN).date().isoformat())
        for one in listed
        if (part := part_of(one, at)) in ("missing", "held", "rejected")
    ]
    if stated is None:
        return tuple(found)
    theirs = set(stated)
    ours = {one.receipt_number for one in listed if one.state in ("acknowledged", "returned")}
    known = {one.receipt_number for one in listed if one.state not in ("ready", "held")}
    found += [Difference("unknown_there", number, "") for number in sorted(ours - theirs)]
    found += [Difference("unknown_here", number, "") for number in sorted(theirs - known)]
    return tuple(found)


def batch_difference(batch: str, stated_cases: int, went_out: int) -> Difference | None:
    """Whether a batch still accounts for every case it says it went out with."""
    if stated_cases == went_out:
        return None
    return Difference("count_differs", batch, f"{stated_cases} ≠ {went_out}")
