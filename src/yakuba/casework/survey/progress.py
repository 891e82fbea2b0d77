"""How far a disaster's survey is: houses waiting, surveyed, and with every certificate issued."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from yakuba.casework.models import Disaster, SurveyHouse, SurveyHouseCase, SurveyResult, SurveyVisit

_LEFT = ("withdrawn", "replaced")  # applications that need no certificate any more


@dataclass(frozen=True, slots=True)
class Line:
    """One district or day."""

    name: Any
    waiting: int
    surveyed: int
    issued: int
    planned: int = 0


def with_state(houses: QuerySet[SurveyHouse]) -> QuerySet[Any]:
    """The houses, each with ``has_result``, ``to_issue`` (an application without its notice), ``is_planned``, ``is_named``."""
    cases = SurveyHouseCase.objects.filter(house=OuterRef("pk")).exclude(case__status__in=_LEFT)
    results = SurveyResult.objects.filter(visit__house=OuterRef("pk"), state="accepted")
    return houses.annotate(
        has_result=Exists(results),
        to_issue=Exists(cases.exclude(case__status="notice_issued")),
        is_planned=Exists(SurveyVisit.objects.filter(house=OuterRef("pk"), done=False)),
        is_named=Exists(cases),
    )


def by_district(disaster: Disaster) -> list[Line]:
    """One line a district, houses that no live application names left out."""
    houses = with_state(SurveyHouse.objects.filter(disaster=disaster)).filter(is_named=True)
    rows = houses.values("district").annotate(
        waiting=Count("pk", filter=Q(has_result=False, to_issue=True)),
        surveyed=Count("pk", filter=Q(has_result=True, to_issue=True)),
        issued=Count("pk", filter=Q(to_issue=False)),
        planned=Count("pk", filter=Q(has_result=False, is_planned=True, to_issue=True)),
    )
    return [Line(row.pop("district"), **row) for row in rows.order_by("district")]


def by_day(disaster: Disaster) -> list[dict[str, Any]]:
    """One line a day and team: visits to make, made, and made with every certificate issued."""
    left = SurveyHouseCase.objects.filter(house=OuterRef("house")).exclude(
        case__status__in=(*_LEFT, "notice_issued")
    )
    visits = SurveyVisit.objects.filter(house__disaster=disaster).annotate(to_issue=Exists(left))
    rows = visits.values("day", "team_id", team_name=F("team__name")).annotate(
        waiting=Count("pk", filter=Q(done=False)),
        surveyed=Count("pk", filter=Q(done=True, to_issue=True)),
        issued=Count("pk", filter=Q(done=True, to_issue=False)),
    )
    return [dict(row) for row in rows.order_by("-day", "team_name")]
