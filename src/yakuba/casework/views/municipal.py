"""How the town runs its procedures: open or closed, how signed, what is added; declared disasters."""

import json
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now, today
from yakuba.base.municipality import body_of
from yakuba.casework import municipal
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.models import Disaster
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure


def _event(request: StaffRequest, action: str, subject: str, **facts: str) -> AuditEvent:
    return AuditEvent(request.staff.actor, action, subject, request.staff.municipality, dict(facts))


@desk(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def settings_page(request: StaffRequest) -> HttpResponse:
    """Every procedure and disaster; posting declares a disaster."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _declare(request)
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            return HttpResponseRedirect(reverse("casework:settings"))
    body = body_of(request.staff.municipality)
    received = [one for one in registry.all_procedures(today()) if one.receiver == body]
    procedures = [(one, municipal.setting(one)) for one in received]
    context = {
        "section": "settings", "procedures": procedures, "disasters": Disaster.objects.order_by("-declared_on"),
        "problems": problems, "typed": request.POST if problems else {}, "today": today(),
    }  # fmt: skip
    return render(request, "casework/settings.html", context, status=422 if problems else 200)


def _declare(request: StaffRequest) -> None:
    begins, ends = _date(request.POST.get("declared_on", "")), _date(request.POST.get("until", ""))
    if begins is None or ends is None:
        raise Incomplete({"declared_on": f"始まりと終わりの日を書いてください。例: {today().isoformat()}"})
    name = request.POST.get("name", "")
    event = _event(request, "disaster.declared", "settings", begins=str(begins), until=str(ends))
    municipal.declare(request.staff.municipality, name, begins, ends, now(), event)
    say(request, "災害を登録し、窓口に知らせました。罹災証明の受付が開きます。")


@desk(Permission.MANAGE_SETTINGS)
@require_POST
def disaster_end(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """Change the last day of a disaster's intake."""
    disaster = get_object_or_404(Disaster, pk=disaster_id)
    until = _date(request.POST.get("until", ""))
    if until is None:
        raise Incomplete({"until": "終わりの日を書いてください。"})
    event = _event(request, "disaster.changed", f"disaster:{disaster.id}", until=str(until))
    municipal.end_disaster(request.staff.municipality, disaster, until, now(), event)
    say(request, "受付の終わりの日を変え、窓口に知らせました。")
    return HttpResponseRedirect(reverse("casework:settings"))


@desk(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def procedure_page(request: StaffRequest, procedure_id: str) -> HttpResponse:
    """One procedure's settings."""
    procedure = _procedure(procedure_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _save(request, procedure)
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            say(request, f"「{procedure.title.ja}」の設定を変え、窓口に知らせました。")
            return HttpResponseRedirect(reverse("casework:settings"))
    kept = municipal.setting(procedure)
    typed = request.POST if problems else None
    context = {
        "section": "settings", "procedure": procedure, "kept": kept, "problems": problems, "typed": typed,
        "overrides": typed["overrides"] if typed else json.dumps(kept.overrides, ensure_ascii=False, indent=2),
        "may_choose": procedure.signature_rule != "required",
    }  # fmt: skip
    return render(request, "casework/procedure_setting.html", context, status=422 if problems else 200)


def _save(request: StaffRequest, procedure: Procedure) -> None:
    overrides = _overrides(request.POST.get("overrides", ""))
    signature = request.POST.get("signature", procedure.signature)
    version = request.POST.get("version", "")
    wanted = municipal.Wanted(
        procedure.id, request.POST.get("open") == "yes", signature if signature in ("required", "login") else "required",
        overrides, int(version) if version.isascii() and version.isdigit() else -1,
    )  # fmt: skip
    facts = {"open": str(wanted.open), "signature": wanted.signature}
    event = _event(request, "settings.changed", f"procedure:{procedure.id}", **facts)
    municipal.save_setting(request.staff.municipality, wanted, now(), event)


def _overrides(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Incomplete({"overrides": 'JSONの形で書いてください。例: {"processing_days": 20}'})
    return found


def _procedure(procedure_id: str) -> Procedure:
    try:
        return registry.procedure(procedure_id, as_of=today())
    except UnknownProcedure:
        raise Http404 from None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
