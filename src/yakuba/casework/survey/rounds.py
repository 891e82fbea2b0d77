"""Rounds of a survey: planning visits, entering what was found, and telling the cases of the house."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import japan_day
from yakuba.casework import steps
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import (
    Disaster,
    SurveyHouse,
    SurveyHouseCase,
    SurveyResult,
    SurveyTeam,
    SurveyVisit,
)
from yakuba.casework.moves import lock_case
from yakuba.casework.roles import AID_PROCEDURE
from yakuba.casework.staff.models import Staff

METHODS = {"first": "第1次調査(外観)", "second": "第2次調査(内部立入)"}
_STEP = "survey"
_OPEN_FOR_STEPS = ("received", "in_review", "correction")
_MOST_PHOTOS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """What a surveyor writes down. ``id`` is made where it is written, once."""

    id: UUID
    percent: int
    surveyed_on: date
    photos: tuple[tuple[str, str], ...] = ()
    note: str = ""


def entry_from(said: Mapping[str, Any], today: date) -> Entry:
    """The entry a form or a tablet says. A function of values.

    Raises:
        Incomplete: with what is wrong, field by field.
    """
    problems = {}
    percent, day, identifier = (
        _percent(said.get("percent")),
        _day(said.get("surveyed_on")),
        uuid_of(said.get("id")),
    )
    if percent is None:
        problems["percent"] = "損害割合を0から100までの整数で書いてください。例: 35"
    if day is None or day > today:
        problems["surveyed_on"] = f"調査した日を書いてください。今日までの日です。例: {today.isoformat()}"
    if identifier is None:
        problems["id"] = "この結果には番号がありません。画面を開きなおしてください。"
    photos = photos_from(said.get("photos"))
    if len(photos) > _MOST_PHOTOS:
        problems["photos"] = f"写真は{_MOST_PHOTOS}枚までです。"
    if problems or percent is None or day is None or identifier is None:
        raise Incomplete(problems)
    return Entry(identifier, percent, day, photos, str(said.get("note", "")).strip()[:500])


def photos_from(text: object) -> tuple[tuple[str, str], ...]:
    """One photo a line: its file's name, a space, what it shows."""
    lines = (line.replace("　", " ").strip() for line in str(text or "").splitlines())
    parts = (line.partition(" ") for line in lines if line)
    return tuple((name[:100], note.strip()[:200]) for name, _, note in parts)


def _percent(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100 else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def uuid_of(value: object) -> UUID | None:
    """The number a text says, if it is one."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def accepted(house: SurveyHouse) -> SurveyResult | None:
    """The result that counts for the house: of the newest visit with one."""
    found = SurveyResult.objects.filter(visit__house=house, state="accepted").select_related("visit", "by")
    return found.order_by("-visit__planned_at", "-visit__id").first()


def plan_first(houses: Iterable[SurveyHouse], team: SurveyTeam, day: date, by: Staff, at: datetime) -> int:
    """Put houses on the team's list of the day for the first survey; those planned or surveyed already stay as they are."""
    visits = [
        SurveyVisit(
            municipality=by.municipality, house=one, team=team, day=day, method="first", planned_by=by, planned_at=at
        )
        for one in houses
    ]  # fmt: skip
    # a colleague may have planned one of them a moment ago: theirs stands
    SurveyVisit.objects.bulk_create(visits, ignore_conflicts=True)
    made = SurveyVisit.objects.filter(pk__in=[one.pk for one in visits]).count()
    facts = {"team": team.name, "day": day.isoformat(), "houses": str(made)}
    append(AuditEvent(by.actor, "survey.planned", f"survey-team:{team.id}", by.municipality, facts))
    return made


def plan_again(
    house: SurveyHouse, team: SurveyTeam, day: date, method: str, objection: str, by: Staff, at: datetime
) -> SurveyVisit:
    """A second survey, or one made again, because the resident objects to the result.

    Raises:
        NotNow: there is no result yet, or a visit is planned. Incomplete: method or objection missing.
    """
    if house.visits.filter(done=False).exists():
        raise NotNow("この家屋には、まだ終わっていない調査の予定があります。先にその結果を入れてください。")
    if accepted(house) is None:
        raise NotNow("第1次調査の結果がまだありません。先に第1次調査を計画してください。")
    problems = {}
    if method not in METHODS:
        problems["method"] = "調査の種類を選んでください。"
    if not objection.strip():
        problems["objection"] = "申出の内容を書いてください。例: 柱の傾きを内部から見てほしい"
    if problems:
        raise Incomplete(problems)
    visit = SurveyVisit.objects.create(
        municipality=by.municipality, house=house, team=team, day=day, method=method,
        objection=objection.strip()[:300], planned_by=by, planned_at=at,
    )  # fmt: skip
    facts = {"team": team.name, "day": day.isoformat(), "method": method}
    append(AuditEvent(by.actor, "survey.planned_again", f"survey-house:{house.id}", by.municipality, facts))
    return visit


def enter(visit: SurveyVisit, entry: Entry, by: Staff, at: datetime) -> SurveyResult:
    """Keep what was found at the locked ``visit``; the same entry sent again changes nothing.

    A second, different result of the visit overwrites nothing: it waits for a person.

    Raises:
        NotNow: the number of the entry stands for something else already.
    """
    before = SurveyResult.objects.filter(pk=entry.id).first()
    if before is not None:
        if before.visit_id != visit.id or before.percent != entry.percent:
            raise NotNow(
                "この番号の結果は、別の内容ですでに届いています。画面を開きなおして入れなおしてください。"
            )
        return before
    standing = visit.results.filter(state="accepted").first()
    state = "accepted" if standing is None else "waiting"
    if standing is not None and standing.percent == entry.percent:
        state = "set_aside"  # says the same: nothing for a person to judge
    made = SurveyResult.objects.create(
        municipality=by.municipality, id=entry.id, visit=visit, percent=entry.percent, surveyed_on=entry.surveyed_on,
        photos=[{"name": name, "note": note} for name, note in entry.photos], note=entry.note, by=by, at=at, state=state,
    )  # fmt: skip
    if state == "accepted":
        visit.done = True
        visit.save(update_fields=["done"])
    facts = {"visit": str(visit.id), "percent": str(entry.percent), "state": state}
    append(AuditEvent(by.actor, "survey.entered", f"survey-house:{visit.house_id}", by.municipality, facts))
    tell_cases(visit.house, by, at)
    return made


def judge(result: SurveyResult, take: bool, by: Staff, at: datetime) -> None:
    """A person decides between the result that stands and the one that ``waiting`` came after it (visit locked).

    Raises:
        NotNow: it does not wait any more.
    """
    if result.state != "waiting":
        raise NotNow("この結果は、もう判断が済んでいます。画面を開きなおしてください。")
    if take:
        result.visit.results.filter(state="accepted").update(state="set_aside", judged_by=by, judged_at=at)
    result.state, result.judged_by, result.judged_at = ("accepted" if take else "set_aside"), by, at
    result.save(update_fields=["state", "judged_by", "judged_at"])
    facts = {"result": str(result.id), "state": result.state}
    append(
        AuditEvent(by.actor, "survey.judged", f"survey-house:{result.visit.house_id}", by.municipality, facts)
    )
    tell_cases(result.visit.house, by, at)


def tell_cases(house: SurveyHouse, by: Staff, at: datetime) -> int:
    """Record the house's result as the step ``survey`` of each of its applications that can take one now; how many.

    An application that waits for identification or a decision is told later: whenever houses are gathered again.
    """
    result = accepted(house)
    if result is None:
        return 0
    waiting = SurveyHouseCase.objects.filter(house=house, case__status__in=_OPEN_FOR_STEPS)
    told = 0
    for link in waiting.order_by("case_id"):
        told += _tell(link, result, by, at)
    return told


def _tell(link: SurveyHouseCase, result: SurveyResult, by: Staff, at: datetime) -> int:
    case = lock_case(link.case_id)
    if link.told == result.id or case.status not in _OPEN_FOR_STEPS:
        return 0
    kind = next(one for one in steps.kinds_for(AID_PROCEDURE, case.role) if one.kind == _STEP)
    posted = {
        "done_on": result.surveyed_on.isoformat(),
        "percent": str(result.percent),
        "method": result.visit.method,
        "note": f"{result.visit.team.name} 調査番号 {str(result.id)[-12:]} 写真{len(result.photos)}枚",
    }
    steps.record_step(case, kind, posted, by, at, japan_day(at))
    link.told = result.id
    link.save(update_fields=["told"])
    return 1


def untold(disaster: Disaster) -> QuerySet[SurveyHouseCase]:
    """Applications that can take a step now and do not have their house's newest result."""
    newest = SurveyResult.objects.filter(visit__house=OuterRef("house"), state="accepted")
    newest = newest.order_by("-visit__planned_at", "-visit__id")
    links = SurveyHouseCase.objects.filter(house__disaster=disaster, case__status__in=_OPEN_FOR_STEPS)
    links = links.annotate(newest=Subquery(newest.values("id")[:1])).filter(newest__isnull=False)
    return links.filter(Q(told__isnull=True) | ~Q(told=F("newest")))


def tell_all(disaster: Disaster, by: Staff, at: datetime) -> int:
    """As :func:`tell_cases` for every house of the disaster with an application that waits for it."""
    waiting = set(untold(disaster).values_list("house_id", flat=True))
    return sum(tell_cases(one, by, at) for one in SurveyHouse.objects.filter(pk__in=waiting).order_by("pk"))
