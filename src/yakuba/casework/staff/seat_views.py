"""The page of seats lent to other towns' staff (応援職員): who sits here until when, proposing, approving, stopping."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.base.clock import JAPAN, now, today
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.parameters_here import parameters_here
from yakuba.casework.permissions import check_may
from yakuba.casework.roles import Permission
from yakuba.casework.staff import seats as rules
from yakuba.casework.staff.administration import new_first_password
from yakuba.casework.staff.models import AidSeat
from yakuba.casework.staff.sessions import StaffRequest, say


def longest_days() -> int:
    """How many days a seat may last here today (``risai.aid_seat_days``)."""
    return int(parameters_here().value("risai.aid_seat_days", today()))


@desk(Permission.APPROVE_SEAT)
@require_http_methods(["GET", "POST"])
def seats(request: StaffRequest) -> HttpResponse:
    """Every seat with its state; posting proposes one."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        check_may(request.staff, Permission.MANAGE_STAFF)
        try:
            rules.propose(_wanted(request), request.staff, longest_days(), now())
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            say(request, "席を申し出ました。別の管理者か決裁者が承認すると使えます。")
            return HttpResponseRedirect(reverse("casework:staff:seats"))
    at = now()
    found = AidSeat.objects.select_related("proposed_by", "approved_by", "ended_by").order_by("-proposed_at")
    context = {
        "section": "seats", "problems": problems, "typed": request.POST if problems else {},
        "longest": longest_days(), "seats": [_shown(one, request, at) for one in found],
    }  # fmt: skip
    return render(request, "staff/seats.html", context, status=422 if problems else 200)


def _shown(seat: AidSeat, request: StaffRequest, at: datetime) -> dict[str, object]:
    state = seat.state(at)
    return {
        "seat": seat,
        "state": state,
        "words": rules.STATES[state],
        "can_approve": state == "proposed" and seat.proposed_by_id != request.staff.id,
        "can_end": state in ("proposed", "not_yet", "in_force"),
    }


def _wanted(request: StaffRequest) -> rules.Wanted:
    said = {name: request.POST.get(name, "").strip() for name in ("name", "login", "home", "home_name")}
    return rules.Wanted(
        said["name"][:60], said["login"].lower()[:64], said["home"], said["home_name"][:40],
        _moment(request.POST.get("begins_at", "")), _moment(request.POST.get("ends_at", "")),
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """The minute a form says, in Japan's time."""
    try:
        return datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=JAPAN)
    except ValueError:
        return None


def _locked(seat_id: str) -> AidSeat:
    return get_object_or_404(AidSeat.objects.select_for_update(of=("self",)), pk=seat_id)


@desk(Permission.APPROVE_SEAT)
@require_POST
def approve(request: StaffRequest, seat_id: str) -> HttpResponse:
    """The second person approves; the first password is shown once, to be handed over."""
    password = new_first_password()
    member = rules.approve(_locked(seat_id), request.staff, password, now())
    made = {"login": member.login, "password": password, "name": member.display_name}
    return render(request, "staff/reset.html", {"made": made, "section": "seats"})


@desk(Permission.APPROVE_SEAT)
@require_POST
def end(request: StaffRequest, seat_id: str) -> HttpResponse:
    """Stop a seat at once."""
    seat = _locked(seat_id)
    rules.end(seat, request.staff, now())
    say(request, f"{seat.name}さんの席を止めました。開いている画面も、次の操作から使えません。")
    return HttpResponseRedirect(reverse("casework:staff:seats"))
