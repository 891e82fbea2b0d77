"""The staff page: who works here, in which roles. For the role 管理者."""

import secrets

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.roles import GRANTS, PERMISSION_NAMES, ROLE_NAMES, Permission, Role
from yakuba.casework.staff.accounts import (
    change_account,
    make_account,
    reset_second_factor,
    set_password,
)
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest


@desk(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def people(request: StaffRequest) -> HttpResponse:
    """The list, the table of roles, and the form for a new member."""
    problems: dict[str, str] = {}
    made: dict[str, str] | None = None
    if request.method == "POST":
        try:
            made = _make(request)
        except Incomplete as incomplete:
            problems = incomplete.problems
    context = {
        "section": "staff",
        "people": Staff.objects.order_by("-active", "display_name"),
        "roles": ROLE_NAMES.items(),
        "matrix": _matrix(),
        "problems": problems,
        "made": made,
        "typed": request.POST if problems else {},
        "typed_roles": request.POST.getlist("roles") if problems else [],
    }
    return render(request, "staff/people.html", context, status=422 if problems else 200)


def _make(request: StaffRequest) -> dict[str, str]:
    login = request.POST.get("login", "").strip().lower()
    first_password = new_first_password()
    roles = [Role(role) for role in request.POST.getlist("roles") if role in ROLE_NAMES]
    event = _event(request.staff, "staff.made", login, roles=" ".join(roles))
    name = request.POST.get("display_name", "").strip()
    make_account(request.staff.municipality, login, name, roles, first_password, audit=event)
    return {"login": login, "password": first_password, "name": name}


@desk(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, staff_id: str) -> HttpResponse:
    """One member: name, roles, open or closed."""
    member = get_object_or_404(Staff, pk=staff_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _change(request, member)
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            return HttpResponseRedirect(reverse("casework:staff:people"))
    context = {"member": member, "roles": ROLE_NAMES.items(), "problems": problems}
    return render(request, "staff/person.html", context, status=422 if problems else 200)


def _change(request: StaffRequest, member: Staff) -> None:
    roles = [Role(role) for role in request.POST.getlist("roles") if role in ROLE_NAMES]
    active = "active" in request.POST
    if member.home:
        raise NotNow("応援職員に役割は付けられません。期間や取消しは「応援職員」の画面で扱ってください。")
    if member.id == request.staff.id and (Role.ADMIN not in roles or not active):
        raise NotNow("自分自身の管理者の役割や利用を止めることはできません。別の管理者に頼んでください。")
    facts = {"roles": " ".join(roles), "active": str(active)}
    event = _event(request.staff, "staff.changed", member.login, **facts)
    change_account(member, request.POST.get("display_name", "").strip(), roles, active=active, audit=event)


@desk(Permission.MANAGE_STAFF)
@require_POST
def reset(request: StaffRequest, staff_id: str) -> HttpResponse:
    """A lost telephone or a forgotten password: a new first password, shown once, and a new second factor."""
    member = get_object_or_404(Staff, pk=staff_id)
    if member.id == request.staff.id:
        raise NotNow("自分の認証は「自分のアカウント」の画面で変えてください。")
    first_password = new_first_password()
    event = _event(request.staff, "staff.reset", member.login)
    set_password(member, first_password, audit=event, must_change=True)
    reset_second_factor(member, audit=event)
    made = {"login": member.login, "password": first_password, "name": member.display_name}
    return render(request, "staff/reset.html", {"made": made})


def _event(staff: Staff, action: str, login: str, **facts: str) -> AuditEvent:
    return AuditEvent(staff.actor, action, f"staff-login:{login}", staff.municipality, dict(facts))


def new_first_password() -> str:
    """A password for the first sign-in only, to be handed over and changed there."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _matrix() -> list[tuple[str, list[bool]]]:
    return [
        (PERMISSION_NAMES[permission], [permission in GRANTS[role] for role in Role])
        for permission in Permission
    ]
