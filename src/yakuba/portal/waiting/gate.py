"""At the door of an expensive page: in, or in line. Who has an application in work is never made to wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from yakuba.base.clock import japan_day, now
from yakuba.portal.models import Draft
from yakuba.portal.ratelimits import Limit, over
from yakuba.portal.services.settings import in_force, published
from yakuba.portal.towns import Town
from yakuba.portal.visitors import Visitor, visitor
from yakuba.portal.waiting import load, room, rule, tickets

JOIN: Final = Limit("waiting", per_visit=10, per_address=1_500)
"""Numbers in ten minutes: a shelter behind one address passes, a program does not fill the line."""

_SHOWN, _TO_TYPE = "let_in", 1_800  # seconds


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody in line is told. ``position`` 0: no number yet, too many came from the same address at once."""

    position: int
    a_minute: int | None
    estimate: tuple[int, int] | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``waiting``: stay outside. ``number``: newly given, to be put into the cookie."""

    waiting: Waiting | None
    number: int | None = None


IN: Final = Answer(None)


def at_the_door(request: HttpRequest, town: Town) -> Answer:
    """In or in line, under the town."""
    at, who = now(), visitor(request, town)
    if load.crowded_on_arrival():
        room.note_crowded(town.code, at)
    if not _is_open(at) or who.owner or _in_work(request, who) or _is_sending_in(request, at):
        answer = IN
    else:
        answer = _in_line(request, town, who, at)
    if answer.waiting is None:
        _remember(request, at)
    return answer


def _is_sending_in(request: HttpRequest, at: datetime) -> bool:
    """A page shown before the line began is taken when it is sent: what was typed on it would be lost."""
    return request.method == "POST" and at.timestamp() - float(request.session.get(_SHOWN, 0)) < _TO_TYPE


def _remember(request: HttpRequest, at: datetime) -> None:
    if at.timestamp() - float(request.session.get(_SHOWN, 0)) > _TO_TYPE / 2:
        request.session[_SHOWN] = int(at.timestamp())


def _is_open(at: datetime) -> bool:
    declared = any(one.waiting for one in in_force(published().disasters, japan_day(at)))
    return rule.is_open(room.look(at), declared=declared, at=at)


def _in_work(request: HttpRequest, who: Visitor) -> bool:
    """An application begun in this browser, or the way back to one after the sign-in ran out (its number is a secret of
    whoever began it)."""
    named = _named_draft(request.GET.get("next", ""))
    if named and Draft.objects.filter(id=named).exists():
        return True
    return Draft.objects.filter(owner="", browser=who.browser).exists()


def _named_draft(path: str) -> UUID | None:
    try:
        found = resolve(urlsplit(path).path).kwargs.get("draft_id") if path else None
    except (Resolver404, ValueError):
        return None
    return found if isinstance(found, UUID) else None


def _in_line(request: HttpRequest, town: Town, who: Visitor, at: datetime) -> Answer:
    held = tickets.number_of(request, town.code)
    place = room.place_of(held, at) if held is not None else None
    if place and place.passes and room.use(place.number, who.browser, at):
        return IN
    given = None
    if place is None or place.passes:
        if over(JOIN, request):
            return Answer(_told(0, at))
        given = room.join(town.code, at)
    room.move_on(load.per_core(), at)
    place = room.place_of(given or held or 0, at)
    if place and place.passes and room.use(place.number, who.browser, at):
        return Answer(None, given)
    return Answer(_told(place.position if place else 0, at), given)


def _told(position: int, at: datetime) -> Waiting:
    present = room.look(at)
    measured = rule.a_minute(present.counts)
    return Waiting(
        position, round(measured) if measured else None, rule.estimate(position, present.counts) if position else None,
        rule.look_again(position or present.waiting, present.rate),
    )  # fmt: skip


def in_line(request: HttpRequest, town: Town) -> Waiting | None:
    """Where the browser's number stands, for the page that asks by itself; ``None``: go to the door again."""
    at, number = now(), tickets.number_of(request, town.code)
    if number is None or not _is_open(at):
        return None
    room.move_on(load.per_core(), at)
    place = room.place_of(number, at)
    return _told(place.position, at) if place and not place.passes else None
