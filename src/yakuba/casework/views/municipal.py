"""How the town runs its procedures: open or closed, how signed, what is added; declared disasters."""

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
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
    waiting = "waiting" in request.POST
    municipal.declare(request.staff.municipality, name, begins, ends, now(), event, waiting=waiting)
    say(request, "災害を登録し、窓口に知らせました。罹災証明の受付が開きます。")


@desk(Permission.MANAGE_SETTINGS)
@require_POST
def disaster_end(request: StaffRequest, disaster_id: str) -> HttpResponse:
    """Change the last day of a disaster's intake, and whether people wait by turns."""
    disaster = get_object_or_404(Disaster, pk=disaster_id)
    until = _date(request.POST.get("until", ""))
    if until is None:
        raise Incomplete({"until": "終わりの日を書いてください。"})
    waiting = "waiting" in request.POST
    event = _event(
        request, "disaster.changed", f"disaster:{disaster.id}", until=str(until), waiting=str(waiting)
    )
    municipal.change_disaster(request.staff.municipality, disaster, until, now(), event, waiting=waiting)
    say(request, "災害の受付を変え、窓口に知らせました。")
    return HttpResponseRedirect(reverse("casework:settings"))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
