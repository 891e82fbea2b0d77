"""The surveyors' tablet: a page that works without a network, its service worker, and the three requests it makes."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from yakuba.base.clock import now, today
from yakuba.casework.desk import desk
from yakuba.casework.models import SurveyCheckout, SurveyTeam
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.survey import field, rounds

STYLES = ("yakuba/tokens.css", "yakuba/base.css", "yakuba/components.css", "casework/casework.css")
SCRIPTS = ("casework/survey_sealing.js", "casework/survey_field.js")


def _urls(names: Iterable[str]) -> list[str]:
    return [static(one) for one in names]


@desk(Permission.RECORD_STEP, aid=True)
@require_GET
def page(request: StaffRequest) -> HttpResponse:
    """The page itself: it holds nobody's data, so that the browser may keep it."""
    return render(request, "survey/field.html", {"styles": _urls(STYLES), "scripts": _urls(SCRIPTS)})


@desk(Permission.RECORD_STEP, aid=True)
@require_GET
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker; it serves the page's own folder only."""
    files = _urls((*STYLES, *SCRIPTS, "yakuba/logo.svg"))
    return render(
        request, "survey/worker.js", {"files": files}, content_type="text/javascript; charset=utf-8"
    )


@desk(Permission.RECORD_STEP, aid=True)
@require_GET
def ready(request: StaffRequest) -> HttpResponse:
    """What the page needs when there is a network: a token for its requests, and the teams to choose from."""
    teams = (
        SurveyTeam.objects.filter(disaster__until__gte=today()).select_related("disaster").order_by("name")
    )
    names = [{"id": str(one.id), "name": f"{one.name}({one.disaster.name})"} for one in teams]
    return JsonResponse({"token": get_token(request), "teams": names, "today": today().isoformat()})


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def checkout(request: StaffRequest) -> HttpResponse:
    """A team's list of today, for this tablet."""
    number = rounds.uuid_of(request.POST.get("team"))
    team = get_object_or_404(SurveyTeam, pk=number)
    return JsonResponse(field.take_out(team, today(), request.staff, now()))


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """Entries of a tablet; what became of each. Sent again (an answer was lost), nothing happens twice."""
    said = _said(request)
    number, entries = rounds.uuid_of(said.get("checkout")), said.get("entries")
    if not isinstance(entries, list) or len(entries) > field.MOST_ENTRIES:
        return JsonResponse({"words": "送られた内容を読めません。"}, status=422)
    taken = SurveyCheckout.objects.filter(pk=number).first() if number else None
    answers = []
    for one in entries:
        with transaction.atomic():
            answers.append(field.receive(taken, one if isinstance(one, dict) else {}, request.staff, now()))
    return JsonResponse({"answers": answers})


def _said(request: StaffRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def end(request: StaffRequest, checkout_id: str) -> HttpResponse:
    """Take nothing from this tablet any more."""
    taken = get_object_or_404(SurveyCheckout.objects.select_for_update(of=("self",)), pk=checkout_id)
    field.end(taken, request.staff, now())
    say(request, "この端末の持ち出しを止めました。この端末からは結果を受け取りません。")
    response = redirect("casework:survey:day_list", taken.team_id)
    response["Location"] += f"?day={taken.day.isoformat()}"
    return response
