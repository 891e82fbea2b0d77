"""Who may go in, and what those who wait are told: functions of values. Times are aware datetimes, rates are people a minute."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

Mode = Literal["auto", "on", "off"]

KEPT: Final = timedelta(minutes=10)  # a place is kept for who comes back within
TO_BEGIN: Final = timedelta(minutes=15)  # who has been let in begins within
LET_IN: Final = timedelta(hours=12)  # and then passes for so long after the last use
CROWDED_FOR: Final = timedelta(minutes=5)  # measured load keeps the room open for so long
CROWDED: Final = 2.0  # load a core (runnable processes) from which on fewer are let in
CALM: Final = 1.0  # load a core below which more are let in
FIRST_RATE: Final = 120.0
LEAST_RATE: Final = 30.0
MOST_RATE: Final = 600.0
_SETTLES: Final = (
    30.0  # seconds in which the rate is changed by one step; the load itself is a mean over a minute
)
_AT_ONCE: Final = 10.0  # seconds' worth of places that may be saved up
_NEAREST, _FARTHEST = 10, 120  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Room:
    """A town's waiting room. ``credit``: places free now; ``counts``: let in, in each of the last whole minutes."""

    at: datetime
    mode: Mode = "auto"
    rate: float = FIRST_RATE
    credit: float = FIRST_RATE * _AT_ONCE / 60
    crowded_at: datetime | None = None
    waiting: int = 0
    counts: tuple[int, ...] = ()


def is_open(room: Room, *, declared: bool, at: datetime) -> bool:
    """Whether people wait: the town asks for it, the load has been high just now, or somebody still stands in line."""
    if room.mode == "off":
        return False
    crowded = room.crowded_at is not None and at - room.crowded_at < CROWDED_FOR
    return room.mode == "on" or declared or crowded or room.waiting > 0


def later(room: Room, load: float, at: datetime) -> Room:
    """The room at ``at`` under ``load`` a core: the rate gives way to load and recovers slowly, places come free with
    time. Time that runs backwards (another machine's clock) changes nothing."""
    seconds = max(0.0, (at - room.at).total_seconds())
    step = 0.7 if load > CROWDED else 1.1 if load < CALM else 1.0
    rate = min(MOST_RATE, max(LEAST_RATE, room.rate * step ** min(1.0, seconds / _SETTLES)))
    most = max(1.0, rate * _AT_ONCE / 60)
    return replace(room, at=max(at, room.at), rate=rate, credit=min(most, room.credit + rate * seconds / 60))


def let_in(numbers: Sequence[int], room: Room) -> tuple[list[int], Room]:
    """Those of the waiting ``numbers`` who go in now, lowest first and nobody passed over; and the room after it."""
    chosen = sorted(numbers)[: math.floor(room.credit)]
    return chosen, replace(room, credit=room.credit - len(chosen))


def lapsed(seen_at: datetime, at: datetime) -> bool:
    """Whether somebody waiting has been away too long. A lapsed number never comes back, so nobody's position grows."""
    return at - seen_at > KEPT


def may_pass(admitted_at: datetime | None, used_at: datetime | None, at: datetime) -> bool:
    """Whether a number lets its holder through."""
    if admitted_at is None:
        return False
    return at - used_at <= LET_IN if used_at else at - admitted_at <= TO_BEGIN


def a_minute(counts: Sequence[int]) -> float | None:
    """How many were let in a minute, as counted; ``None``: not one whole minute has been counted yet, or nobody came in."""
    return sum(counts) / len(counts) if counts and sum(counts) else None


def estimate(position: int, counts: Sequence[int]) -> tuple[int, int] | None:
    """Minutes, from the fastest and the slowest of the counted minutes (the slowest no slower than half the mean: one
    empty minute is no forecast); ``None`` where nothing can be said."""
    mean = a_minute(counts)
    if mean is None:
        return None
    fast, slow = max(counts), max(min(counts), mean / 2)
    return math.floor(position / fast), max(1, math.ceil(position / slow))


def look_again(position: int, rate: float) -> int:
    """Seconds until the next look: a quarter of the way, so that those far behind do not ask all the time."""
    return int(min(_FARTHEST, max(_NEAREST, position / rate * 60 / 4)))
