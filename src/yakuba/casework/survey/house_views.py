"""The page of one house: its applications, visits and results, and what a person decides between two results."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now, today
from yakuba.base.ids import uuid7
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.models import SurveyHouse, SurveyResult, SurveyTeam, SurveyVisit
from yakuba.casework.parameters_here import parameters_here
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.survey import rounds
from yakuba.casework.survey.views import team_and_day
from yakuba.procedures.rules.parameters import ParameterError
from yakuba.procedures.rules.risai.classes import DamageClass, class_of, classes


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def house(request: StaffRequest, house_id: str) -> HttpResponse:
    """Everything about one house."""
    found, staff = _house(house_id), request.staff
    append(AuditEvent(staff.actor, "survey.house_viewed", f"survey-house:{found.id}", staff.municipality))
    return _page(request, found, {})


def _house(house_id: str) -> SurveyHouse:
    return get_object_or_404(SurveyHouse.objects.select_related("disaster"), pk=house_id)


def _page(request: StaffRequest, found: SurveyHouse, problems: dict[str, str]) -> HttpResponse:
    links = list(found.cases.select_related("case", "case__document").order_by("case__submitted_at"))
    day = _damaged_on(links, found)
    visits = found.visits.select_related("team").order_by("planned_at")
    context = {
        "section": "survey", "house": found, "links": links, "problems": problems, "today": today(),
        "visits": [(one, _results(one, day)) for one in visits], "open": visits.filter(done=False).first(),
        "accepted": rounds.accepted(found), "classes": _classes(day), "entry_id": uuid7(), "methods": rounds.METHODS.items(),
        "teams": SurveyTeam.objects.filter(disaster=found.disaster).order_by("name"),
        "typed": request.POST if problems else {},
    }  # fmt: skip
    return render(request, "survey/house.html", context, status=422 if problems else 200)


def _damaged_on(links: list[Any], found: SurveyHouse) -> date:
    """The day whose classes count: of the damage as the first application says it, or the declaration's."""
    said = links[0].case.document.answers.get("damaged_on", "") if links else ""
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        return found.disaster.declared_on


def _classes(day: date) -> tuple[DamageClass, ...]:
    try:
        return classes(day, parameters_here())
    except ParameterError:
        return ()


def _results(visit: SurveyVisit, day: date) -> list[dict[str, Any]]:
    found = visit.results.select_related("by", "judged_by").order_by("at")
    known = bool(_classes(day))
    return [
        {"result": one, "class": class_of(one.percent, day, parameters_here()).name.ja if known else ""}
        for one in found
    ]


def locked_visit(visit_id: str) -> SurveyVisit:
    """The visit, locked: two results of one visit take turns here."""
    visits = SurveyVisit.objects.select_related("house", "house__disaster", "team")
    return get_object_or_404(visits.select_for_update(of=("self",)), pk=visit_id)


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def result(request: StaffRequest, survey_visit_id: str) -> HttpResponse:
    """Enter what was found."""
    visit = locked_visit(survey_visit_id)
    try:
        entry = rounds.entry_from(request.POST.dict(), today())
    except Incomplete as incomplete:
        return _page(request, _house(str(visit.house_id)), incomplete.problems)
    made = rounds.enter(visit, entry, request.staff, now())
    words = {
        "accepted": "結果を入れ、この家屋の申請に反映しました。",
        "waiting": "この調査には別の結果がすでにあります。どちらを採るか、下で判断してください。",
        "set_aside": "同じ結果がすでに入っています。",
    }
    say(request, words[made.state])
    return redirect("casework:survey:house", visit.house_id)


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def again(request: StaffRequest, house_id: str) -> HttpResponse:
    """Plan a second survey, or one made again."""
    found = _house(house_id)
    try:
        team, day = team_and_day(request, found.disaster)
        said = request.POST.get("method", ""), request.POST.get("objection", "")
        rounds.plan_again(found, team, day, *said, request.staff, now())
    except Incomplete as incomplete:
        return _page(request, found, incomplete.problems)
    say(request, f"{team.name}の{day.month}月{day.day}日の一覧に入れました。")
    return redirect("casework:survey:house", house_id)


@desk(Permission.REVIEW, aid=True)
@require_POST
def judge(request: StaffRequest, result_id: str) -> HttpResponse:
    """Decide between two results of one visit."""
    waiting = get_object_or_404(SurveyResult, pk=result_id)
    visit = locked_visit(str(waiting.visit_id))
    waiting.refresh_from_db()
    rounds.judge(waiting, request.POST.get("take") == "new", request.staff, now())
    say(request, "どちらの結果を採るかを記録しました。")
    return redirect("casework:survey:house", visit.house_id)
