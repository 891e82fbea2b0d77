"""The queue in PostgreSQL, so that several processes agree. Everything here runs under the town."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from yakuba.portal.models import WaitingNumber, WaitingRoom
from yakuba.portal.waiting import rule
from yakuba.portal.waiting.rule import Mode, Room

_AT_ONCE: Final = 1_000
_MINUTES: Final = 5
_TOUCH: Final = timedelta(seconds=60)  # who is here is written down no oftener
_BROWSERS: Final = 5  # a number outlives the end of a visit, but is not for a crowd


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: let in, or waiting at ``position`` (1: next)."""

    number: int
    passes: bool
    position: int


def look(at: datetime) -> Room:
    """The room as it was last left."""
    row = WaitingRoom.objects.first()
    return _room(row, at) if row else Room(at)


def set_mode(town: str, mode: Mode, at: datetime) -> None:
    """An operator's word: ``on``, ``off`` or ``auto``."""
    _make(town, at)
    WaitingRoom.objects.update(mode=mode)


def note_crowded(town: str, at: datetime) -> None:
    """The load is high; written down no oftener than every ten seconds."""
    _make(town, at)
    old = Q(crowded_at=None) | Q(crowded_at__lt=at - timedelta(seconds=10))
    WaitingRoom.objects.filter(old).update(crowded_at=at)


def join(town: str, at: datetime) -> int:
    """The next number."""
    _make(town, at)
    return int(WaitingNumber.objects.create(municipality=town, seen_at=at).pk)


def move_on(load: float, at: datetime) -> None:
    """Let in whoever's turn it is. Whichever request comes first does it, at most once a second while people wait; the
    others pass by the locked row."""
    due = Q(at__lte=at - timedelta(seconds=1)) | Q(waiting=0)
    row = WaitingRoom.objects.select_for_update(skip_locked=True).filter(due).first()
    if row is None:
        return
    _forget(at)
    in_line = WaitingNumber.objects.filter(admitted_at=None).order_by("id")
    chosen, after = rule.let_in(
        list(in_line.values_list("id", flat=True)[:_AT_ONCE]), rule.later(_room(row, at), load, at)
    )
    WaitingNumber.objects.filter(id__in=chosen).update(admitted_at=at)
    row.rate, row.credit, row.at, row.waiting = after.rate, after.credit, after.at, in_line.count()
    row.minutes = _counted(row.minutes, len(chosen), at)
    row.save(update_fields=["rate", "credit", "at", "waiting", "minutes"])


def place_of(number: int, at: datetime) -> Place | None:
    """Where ``number`` stands, its holder seen; ``None``: its time is over, or it has been used up."""
    row = WaitingNumber.objects.filter(id=number).first()
    if row is None:
        return None
    if row.admitted_at is not None:
        return Place(number, True, 0) if rule.may_pass(row.admitted_at, row.used_at, at) else None
    if rule.lapsed(row.seen_at, at):
        return None
    if at - row.seen_at >= _TOUCH:
        WaitingNumber.objects.filter(id=number).update(seen_at=at)
    before = WaitingNumber.objects.filter(admitted_at=None, id__lte=number, seen_at__gte=at - rule.KEPT)
    return Place(number, False, before.count())


def use(number: int, browser: str, at: datetime) -> bool:
    """Go in with ``number``; ``False`` if too many browsers already have."""
    row = WaitingNumber.objects.select_for_update().get(id=number)
    if row.browser != browser:
        if row.browsers >= _BROWSERS:
            return False
        row.browser, row.browsers = browser, row.browsers + 1
    elif row.used_at is not None and at - row.used_at < _TOUCH:
        return True
    row.used_at = at
    row.save(update_fields=["browser", "browsers", "used_at"])
    return True


def _make(town: str, at: datetime) -> None:
    if not WaitingRoom.objects.exists():
        new = Room(at)
        row = WaitingRoom(municipality=town, rate=new.rate, credit=new.credit, at=at)
        WaitingRoom.objects.bulk_create([row], ignore_conflicts=True)


def _forget(at: datetime) -> None:
    """Numbers whose time is over, by :mod:`rule`'s limits."""
    waiting = Q(admitted_at=None, seen_at__lt=at - rule.KEPT)
    not_begun = Q(used_at=None, admitted_at__lt=at - rule.TO_BEGIN)
    WaitingNumber.objects.filter(waiting | not_begun | Q(used_at__lt=at - rule.LET_IN)).delete()


def _counted(minutes: Sequence[Sequence[int]], more: int, at: datetime) -> list[list[int]]:
    this = int(at.timestamp()) // 60
    counts = {minute: count for minute, count in minutes if minute >= this - _MINUTES}
    counts[this] = counts.get(this, 0) + more
    return [[minute, count] for minute, count in sorted(counts.items())]


def _room(row: WaitingRoom, at: datetime) -> Room:
    mode: Mode = "on" if row.mode == "on" else "off" if row.mode == "off" else "auto"
    return Room(row.at, mode, row.rate, row.credit, row.crowded_at, row.waiting, _whole(row.minutes, at))


def _whole(minutes: Sequence[Sequence[int]], at: datetime) -> tuple[int, ...]:
    """The counts of the last whole minutes, from the first one in which somebody was counted; this one is not over yet."""
    this = int(at.timestamp()) // 60
    counts = {pair[0]: pair[1] for pair in minutes}
    first = min((minute for minute in counts if minute >= this - _MINUTES), default=this)
    return tuple(counts.get(minute, 0) for minute in range(first, this))
