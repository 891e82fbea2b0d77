"""Pages of the survey's plan: progress by district and day, teams, and a team's list of a day."""

from datetime import date

from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now, today
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.models import Disaster, SurveyHouse, SurveyTeam, SurveyVisit
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.survey import houses, progress, rounds

_MOST_HOUSES = 200


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def disasters(request: StaffRequest) -> HttpResponse:
    """The disasters to choose from."""
    context = {"section": "survey", "disasters": Disaster.objects.order_by("-declared_on")}
    return render(request, "survey/disasters.html", context)


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def progress_page(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """How far the survey is, by district and by day."""
    return _progress(request, get_object_or_404(Disaster, pk=disaster_id), {})


def _progress(request: StaffRequest, disaster: Disaster, problems: dict[str, str]) -> HttpResponse:
    context = {
        "section": "survey", "disaster": disaster, "districts": progress.by_district(disaster),
        "days": progress.by_day(disaster), "new": houses.ungathered(disaster).count(),
        "untold": rounds.untold(disaster).count(),
        "teams": SurveyTeam.objects.filter(disaster=disaster).order_by("name"), "problems": problems,
        "typed": request.POST if problems else {},
    }  # fmt: skip
    return render(request, "survey/progress.html", context, status=422 if problems else 200)


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def gather(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """Take new applications onto the list of houses, and tell those that could not be told before."""
    disaster = get_object_or_404(Disaster, pk=disaster_id)
    new = houses.gather(disaster)
    told = rounds.tell_all(disaster, request.staff, now())
    staff, facts = request.staff, {"new": str(new), "told": str(told)}
    append(AuditEvent(staff.actor, "survey.gathered", f"disaster:{disaster.id}", staff.municipality, facts))
    say(
        request,
        f"新しい申請{new}件を家屋の一覧に加えました。調査済みの家屋の結果を{told}件の申請に入れました。",
    )
    return redirect("casework:survey:progress", disaster_id)


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def team_add(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """A new team."""
    disaster = get_object_or_404(Disaster, pk=disaster_id)
    name = request.POST.get("name", "").strip()[:40]
    if not name:
        return _progress(request, disaster, {"name": "班の名前を書いてください。例: 堀内1班"})
    members = request.POST.get("members", "").strip()[:200]
    try:
        with transaction.atomic():
            team = SurveyTeam.objects.create(
                municipality=disaster.municipality, disaster=disaster, name=name, members=members
            )
    except IntegrityError:
        return _progress(request, disaster, {"name": f"「{name}」はもうあります。例: {name}の2"})
    staff = request.staff
    append(AuditEvent(staff.actor, "survey.team_made", f"survey-team:{team.id}", staff.municipality))
    say(request, f"{name}を加えました。")
    return redirect("casework:survey:progress", disaster_id)


@desk(Permission.RECORD_STEP, aid=True)
@require_http_methods(["GET", "POST"])
def plan(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """Give houses of a district to a team for a day (first survey)."""
    disaster = get_object_or_404(Disaster, pk=disaster_id)
    district = request.GET.get("district", "")
    free = progress.with_state(SurveyHouse.objects.filter(disaster=disaster, district=district)).filter(
        is_named=True, has_result=False, is_planned=False, to_issue=True
    )
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _planned(request, disaster, list(free))
        except Incomplete as incomplete:
            problems = incomplete.problems
    context = {
        "section": "survey", "disaster": disaster, "district": district, "problems": problems,
        "houses": free.order_by("key")[:_MOST_HOUSES], "today": today(), "typed": request.POST,
        "chosen": request.POST.getlist("house"),
        "teams": SurveyTeam.objects.filter(disaster=disaster).order_by("name"),
    }  # fmt: skip
    return render(request, "survey/plan.html", context, status=422 if problems else 200)


def _planned(request: StaffRequest, disaster: Disaster, free: list[SurveyHouse]) -> HttpResponseRedirect:
    wanted = set(request.POST.getlist("house"))
    chosen = [one for one in free if str(one.id) in wanted]
    team, day = team_and_day(request, disaster)
    if not chosen:
        raise Incomplete({"house": "家屋を一つ以上選んでください。"})
    number = rounds.plan_first(chosen, team, day, request.staff, now())
    say(request, f"{number}軒を{team.name}の{day.month}月{day.day}日の一覧に入れました。")
    return redirect("casework:survey:progress", disaster.id)


def team_and_day(request: StaffRequest, disaster: Disaster) -> tuple[SurveyTeam, date]:
    """The team and the day a form says.

    Raises:
        Incomplete: one of them is missing, or the day is past.
    """
    said = request.POST.get("team", "")
    team = next((one for one in SurveyTeam.objects.filter(disaster=disaster) if str(one.id) == said), None)
    day, problems = _day(request.POST.get("day", "")), {}
    if team is None:
        problems["team"] = "班を選んでください。班がなければ、進みぐあいの画面で加えてください。"
    if day is None or day < today():
        problems["day"] = f"調査に行く日を書いてください。今日からあとの日です。例: {today().isoformat()}"
    if team is None or day is None or problems:
        raise Incomplete(problems)
    return team, day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def day_list(request: StaffRequest, team_id: str) -> HttpResponse:
    """What a team has to do on a day."""
    team = get_object_or_404(SurveyTeam.objects.select_related("disaster"), pk=team_id)
    day = _day(request.GET.get("day", "")) or today()
    context = {"section": "survey", "team": team, "day": day, "visits": visits_of(team, day)}
    checkouts = team.checkouts.filter(day=day).select_related("staff", "ended_by").order_by("-taken_at")
    context |= {"checkouts": checkouts, "now": now()}
    staff, facts = request.staff, {"day": day.isoformat()}
    append(AuditEvent(staff.actor, "survey.list_viewed", f"survey-team:{team.id}", staff.municipality, facts))
    return render(request, "survey/day_list.html", context)


def visits_of(team: SurveyTeam, day: date) -> list[SurveyVisit]:
    """The team's visits of the day, each with ``families``: the family names to ask for at the door."""
    found = SurveyVisit.objects.filter(team=team, day=day).select_related("house")
    visits = list(found.prefetch_related("house__cases__case").order_by("house__key"))
    for one in visits:
        names = {houses.family_name(link.case.claimant_name) for link in one.house.cases.all()}
        one.families = sorted(names)  # type: ignore[attr-defined]
    return visits
