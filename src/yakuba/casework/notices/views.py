"""Pages of the notices for staff: the list, the file, and what a person must do by hand."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.casework.desk import desk
from yakuba.casework.errors import NotNow
from yakuba.casework.notices.models import Notice, State
from yakuba.casework.notices.service import WrongState, issued_on_paper, try_again
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.gateway import blobs

_SHOWN = 100


@desk(Permission.SEE_CASES)
@require_GET
def listing(request: StaffRequest) -> HttpResponse:
    """The newest notices of one state; those a person must see to come first."""
    manual = Notice.objects.filter(state=State.MANUAL).count()
    state = request.GET.get("state", State.MANUAL if manual else State.ISSUED)
    context = {
        "section": "notices",
        "state": state,
        "states": State.choices,
        "manual": manual,
        "notices": Notice.objects.filter(state=state).order_by("-made_at")[:_SHOWN],
    }
    return render(request, "notices/listing.html", context)


@desk(Permission.SEE_CASES)
@require_GET
def download(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """The signed PDF; that it was opened is written down."""
    notice, staff = get_object_or_404(Notice, pk=notice_id), request.staff
    if notice.state != State.ISSUED:
        raise Http404
    data = blobs.read(notice.municipality, notice.sha256)
    append(AuditEvent(staff.actor, "notice.opened", f"notice:{notice.id}", staff.municipality))
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{notice.filename}"'
    return response


@desk(Permission.APPROVE)
@require_POST
def on_paper(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """A person has written and sent the notice by hand."""
    notice, staff = get_object_or_404(Notice, pk=notice_id), request.staff
    event = AuditEvent(staff.actor, "notice.issued_on_paper", f"notice:{notice.id}", staff.municipality)
    return _done(request, lambda: issued_on_paper(notice, event), "紙で発行済みにしました。")


@desk(Permission.APPROVE)
@require_POST
def again(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """Try to print it again."""
    notice, staff = get_object_or_404(Notice, pk=notice_id), request.staff
    event = AuditEvent(staff.actor, "notice.tried_again", f"notice:{notice.id}", staff.municipality)
    return _done(request, lambda: try_again(notice, event), "もう一度作成します。")


def _done(request: StaffRequest, work: Callable[[], None], words: str) -> HttpResponse:
    try:
        work()
    except WrongState as problem:
        raise NotNow(str(problem)) from problem
    say(request, words)
    return HttpResponseRedirect(reverse("casework:notices:listing"))
