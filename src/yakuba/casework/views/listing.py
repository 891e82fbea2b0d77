"""The list of cases, and what could not be read."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now, today
from yakuba.base.municipality import body_of
from yakuba.base.tenancy import current_municipality
from yakuba.casework import queue
from yakuba.casework.desk import desk
from yakuba.casework.matching import REASONS
from yakuba.casework.models import Case, UnreadableMessage
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.procedures import registry


@desk(None, aid=True)
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Where each role begins its day."""
    permissions = request.staff.permissions
    if Permission.SEE_CASES in permissions:
        return HttpResponseRedirect(reverse("casework:queue"))
    target = "casework:staff:people" if Permission.MANAGE_STAFF in permissions else "casework:staff:account"
    return HttpResponseRedirect(reverse(target))


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def listing(request: StaffRequest) -> HttpResponse:
    """The queue: filtered, searched, page by page."""
    wanted = queue.Wanted.of(request.GET.dict())
    only = request.staff.only_procedure
    if only:
        wanted = replace(wanted, procedure=only)
    found = queue.page(wanted, request.staff.municipality, request.staff.id)
    titles = procedure_titles()
    context = {
        "section": "queue",
        "wanted": wanted,
        "rows": [_row(case, titles) for case in found.cases],
        "next_link": _link(wanted, found.next) if found.next else "",
        "views": queue.VIEWS.items(),
        "counts": queue.counts(request.staff.municipality, request.staff.id, only),
        "procedures": [one for one in titles.items() if only in ("", one[0])],
        "flags": queue.FLAGS.items(),
        "newest": found.order == "newest",
    }
    return render(request, "casework/queue.html", context)


def procedure_titles() -> dict[str, str]:
    """The names of the procedures that this body receives, by id."""
    body = body_of(current_municipality())
    return {one.id: one.title.ja for one in registry.all_procedures(today()) if one.receiver == body}


def _row(case: Case, titles: dict[str, str]) -> dict[str, object]:
    return {
        "case": case,
        "procedure": titles.get(case.procedure, case.procedure),
        "days_left": (case.due - today()).days if case.due and case.is_open else None,
        "manual": REASONS.get(case.manual_reason, "") if case.manual_reason else "",  # type: ignore[call-overload]
        "flags": [queue.FLAGS[flag] for flag in case.flags if flag in queue.FLAGS],
    }


def _link(wanted: queue.Wanted, after: str) -> str:
    facts = {
        "view": wanted.view,
        "procedure": wanted.procedure,
        "flag": wanted.flag,
        "q": wanted.text,
        "after": after,
    }
    return f"{reverse('casework:queue')}?{urlencode({key: value for key, value in facts.items() if value})}"


@desk(Permission.SEE_CASES)
@require_GET
def unreadable(request: StaffRequest) -> HttpResponse:
    """Messages that could not become a case: kept whole, until somebody has seen to them."""
    messages = UnreadableMessage.objects.order_by("closed_at", "-received_at")[:200]
    context = {"section": "unreadable", "messages": messages}
    return render(request, "casework/unreadable.html", context)


@desk(Permission.IDENTIFY)
@require_POST
def unreadable_close(request: StaffRequest, message_id: str) -> HttpResponse:
    """Somebody has seen to it. The message stays kept."""
    message = get_object_or_404(UnreadableMessage, pk=message_id)
    if message.closed_at is None:
        message.closed_at = now()
        message.save(update_fields=["closed_at"])
        staff = request.staff
        append(AuditEvent(staff.actor, "message.closed", f"message:{message.id}", staff.municipality))
        say(request, "対応済みにしました。")
    return HttpResponseRedirect(reverse("casework:unreadable"))
