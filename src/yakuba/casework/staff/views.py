"""Signing in and out."""

import logging
import uuid
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.casework.staff import attempts, passkeys
from yakuba.casework.staff.accounts import find_by_login, password_is_right, second_factor_is_right
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import close_session, municipality_of, open_session

_log = logging.getLogger(__name__)
WHY = {
    "idle": "30分間操作がなかったため、サインアウトしました。もう一度サインインしてください。",
    "too_long": "サインインから12時間たったため、終了しました。もう一度サインインしてください。",
    "seat_over": "応援の席の期間外です(期間が終わったか、止められました)。必要なときは、応援先の町の管理者に連絡してください。",
    "bye": "サインアウトしました。",
}
WRONG = "職員ID、パスワード、認証コードのどれかが違います。三つとも確かめて、もう一度入力してください。"


@audience("public")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password and code in one form: a wrong answer does not tell which of them was wrong."""
    if request.method == "GET":
        return _page(request, words=WHY.get(request.GET.get("why", ""), ""))
    at, login = now(), request.POST.get("login", "").strip().lower()[:64]
    device = attempts.device_of(request.COOKIES.get(attempts.device_cookie_name()), login)
    wait = attempts.still_waiting(login, device, at)
    if wait:
        seconds = int(wait.total_seconds()) + 1
        words = (
            f"続けて間違えたため、あと{seconds}秒は受け付けません。時間をおいて、もう一度入力してください。"
        )
        return _page(request, error=words, status=429)
    staff = find_by_login(login)
    if not password_is_right(staff, request.POST.get("password", "")) or staff is None:
        return _failed(request, login, device, at)
    with under(staff.municipality):
        if staff.totp_confirmed and not second_factor_is_right(staff, request.POST.get("code", ""), at):
            return _failed(request, login, device, at)
        attempts.succeeded(login, device)
        enrolled = staff.totp_confirmed and not staff.must_change_password
        return _signed_in(request, staff, at, enrolled=enrolled, how="password+code")


def _failed(request: HttpRequest, login: str, device: str, at: datetime) -> HttpResponse:
    attempts.failed(login, device, at)
    # no login name: a password typed into the wrong field must not be in a log
    known = device != attempts.UNKNOWN_DEVICE
    _log.warning("sign-in refused: from %s, known browser: %s", request.META.get("REMOTE_ADDR", ""), known)
    return _page(request, error=WRONG, status=403)


def _signed_in(request: HttpRequest, staff: Staff, at: datetime, *, enrolled: bool, how: str) -> HttpResponse:
    if not staff.seated(at):
        return _page(request, error=WHY["seat_over"], status=403)
    open_session(request, staff, at, enrolled=enrolled)
    Staff.objects.filter(pk=staff.pk).update(last_signed_in_at=at)
    append(AuditEvent(staff.actor, "staff.signed_in", staff.actor, staff.municipality, {"how": how}))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("casework:home")
    response = HttpResponseRedirect(target if enrolled else reverse("casework:staff:enrol"))
    response.set_cookie(
        attempts.device_cookie_name(),
        attempts.device_cookie(staff.login, uuid.uuid4().hex),
        max_age=attempts.DEVICE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@audience("public")
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """A challenge for the browser's authenticator."""
    return HttpResponse(passkeys.authentication_options(request), content_type="application/json")


@audience("public")
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """The authenticator's answer. It proves two factors by itself; guessing is hopeless, so nothing is delayed."""
    at = now()
    try:
        staff = passkeys.authenticate(request, request.POST.get("credential", ""), at)
    except (passkeys.PasskeyRefused, ValueError):
        words = "このパスキーではサインインできませんでした。パスワードと認証コードでサインインしてください。"
        return _page(request, error=words, status=403)
    with under(staff.municipality):
        return _signed_in(request, staff, at, enrolled=not staff.must_change_password, how="passkey")


@audience("public")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, audited if there was one."""
    municipality, kept = municipality_of(request), request.session.get("staff")
    if municipality and kept:
        with under(municipality):
            member = Staff.objects.filter(pk=kept["id"]).first()
            actor = member.actor if member else f"staff:{kept['id']}"
            append(AuditEvent(actor, "staff.signed_out", actor, municipality))
    close_session(request)
    return HttpResponseRedirect(f"{reverse('casework:staff:sign_in')}?why=bye")


def _page(request: HttpRequest, *, words: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "words": words,
        "error": error,
        "login": request.POST.get("login", ""),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "staff/sign_in.html", context, status=status)
