"""Pages of one's own account: setting up the second factor, passkeys, recovery codes, password."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete
from yakuba.casework.staff import passkeys
from yakuba.casework.staff.accounts import end_sessions, password_is_right, set_password
from yakuba.casework.staff.models import Passkey, Staff
from yakuba.casework.staff.proving import newly_proven
from yakuba.casework.staff.second_factor import (
    accept_totp,
    enrolment_qr,
    new_recovery_codes,
    new_totp_secret,
    totp_secret,
)
from yakuba.casework.staff.sessions import StaffRequest, open_session, proven, say
from yakuba.casework.towns import town_name


def _event(staff: Staff, action: str, **facts: str) -> AuditEvent:
    return AuditEvent(staff.actor, action, staff.actor, staff.municipality, facts)


@audience("staff_enrolling")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """First sign-in: an own password, then the authenticator app. Whoever has both already is sent to work."""
    staff = cast(StaffRequest, request).staff
    with under(staff.municipality):
        if staff.must_change_password:
            return _new_password(request, staff)
        if staff.totp_confirmed:
            open_session(request, staff, now(), enrolled=True)
            return HttpResponseRedirect(reverse("casework:home"))
        return _new_authenticator(request, staff)


def _new_password(request: HttpRequest, staff: Staff) -> HttpResponse:
    problems: dict[str, str] = {}
    if request.method == "POST" and "password" in request.POST:
        try:
            _check_repeated(request)
            set_password(staff, request.POST["password"], audit=_event(staff, "staff.password_changed"))
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            open_session(request, staff, now(), enrolled=False)
            return HttpResponseRedirect(reverse("casework:staff:enrol"))
    status = 422 if problems else 200
    return render(request, "staff/new_password.html", {"problems": problems, "staff": staff}, status=status)


def _check_repeated(request: HttpRequest) -> None:
    if request.POST.get("password") != request.POST.get("password_again"):
        raise Incomplete({"password_again": "二つのパスワードが違います。同じものを二回入力してください。"})


def _new_authenticator(request: HttpRequest, staff: Staff) -> HttpResponse:
    error = ""
    if totp_secret(staff) is None:
        new_totp_secret(staff)
    if request.method == "POST" and "code" in request.POST:
        if accept_totp(staff, request.POST["code"].strip().replace(" ", ""), now()):
            return _authenticator_confirmed(request, staff)
        error = "コードが違います。アプリにいま表示されている6桁を入力してください。例: 123456"
    context = {"staff": staff, "secret": totp_secret(staff), "error": error}
    return render(request, "staff/enrol.html", context, status=422 if error else 200)


def _authenticator_confirmed(request: HttpRequest, staff: Staff) -> HttpResponse:
    Staff.objects.filter(pk=staff.pk).update(totp_confirmed=True)
    codes = new_recovery_codes(staff)
    open_session(request, staff, now(), enrolled=True)
    append(_event(staff, "staff.second_factor_set"))
    return render(request, "staff/recovery_codes.html", {"codes": codes, "staff": staff})


@audience("staff_enrolling")
@require_GET
def qr(request: HttpRequest) -> HttpResponse:
    """The enrolment QR code, as long as it has not been confirmed."""
    staff = cast(StaffRequest, request).staff
    if staff.totp_confirmed or not staff.sealed_totp:
        return HttpResponse(status=404)
    return HttpResponse(enrolment_qr(staff, town_name(staff.municipality)), content_type="image/svg+xml")


@desk(None, aid=True)
@require_GET
def account(request: StaffRequest) -> HttpResponse:
    """One's own account."""
    left = request.staff.recovery_codes.filter(used_at=None).count()
    context = {
        "section": "account",
        "staff": request.staff,
        "passkeys": request.staff.passkeys.order_by("id"),
        "left": left,
        "may_change": proven(request, now()),
    }
    return render(request, "staff/account.html", context)


@desk(None, aid=True)
@require_POST
def other_sessions(request: StaffRequest) -> HttpResponse:
    """End one's sessions in all other browsers; this one goes on under a new number."""
    end_sessions(request.staff, audit=_event(request.staff, "staff.sessions_ended"))
    open_session(request, request.staff, now(), enrolled=True)
    say(request, "ほかの端末のサインインをすべて終えました。")
    return HttpResponseRedirect(reverse("casework:staff:account"))


@desk(None, aid=True)
@require_POST
@newly_proven
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """New recovery codes; the old ones stop working."""
    codes = new_recovery_codes(request.staff)
    append(_event(request.staff, "staff.recovery_codes_renewed"))
    return render(request, "staff/recovery_codes.html", {"codes": codes, "staff": request.staff})


@desk(None, aid=True)
@require_http_methods(["GET", "POST"])
@newly_proven
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password: the present one is asked for as well."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            if not password_is_right(request.staff, request.POST.get("present", "")):
                raise Incomplete({"present": "いまのパスワードが違います。"})
            _check_repeated(request)
            event = _event(request.staff, "staff.password_changed")
            set_password(request.staff, request.POST.get("password", ""), audit=event)
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            open_session(request, request.staff, now(), enrolled=True)
            return HttpResponseRedirect(reverse("casework:staff:account"))
    context = {"problems": problems, "staff": request.staff, "own": True}
    return render(request, "staff/new_password.html", context, status=422 if problems else 200)


@desk(None, aid=True)
@require_POST
@newly_proven
def passkey_options(request: StaffRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    options = passkeys.registration_options(request, request.staff)
    return HttpResponse(options, content_type="application/json")


@desk(None, aid=True)
@require_POST
@newly_proven
def passkey_add(request: StaffRequest) -> HttpResponse:
    """Keep the passkey the browser has made."""
    name = request.POST.get("name", "").strip() or "パスキー"
    try:
        passkeys.register(request, request.staff, request.POST.get("credential", ""), name)
    except passkeys.PasskeyRefused:
        words = "パスキーを登録できませんでした。もう一度やりなおすか、別の機器で試してください。"
        return JsonResponse({"words": words}, status=422)
    append(_event(request.staff, "staff.passkey_added"))
    return HttpResponseRedirect(reverse("casework:staff:account"))


@desk(None, aid=True)
@require_POST
@newly_proven
def passkey_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget one of one's own passkeys."""
    removed, _ = Passkey.objects.filter(staff=request.staff, pk=pk).delete()
    if removed:
        append(_event(request.staff, "staff.passkey_removed"))
    return HttpResponseRedirect(reverse("casework:staff:account"))
