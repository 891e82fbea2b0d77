"""Proving once more who sits here, before an account's own keys are changed (ASVS 5.0 7.5.1): an open desk left for a minute must not
be enough to add a passkey. A sign-in of the last minutes counts; after that both factors are asked for again, or a passkey."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.casework.desk import desk
from yakuba.casework.staff import attempts, passkeys
from yakuba.casework.staff.accounts import password_is_right, second_factor_is_right
from yakuba.casework.staff.sessions import StaffRequest, note_proof, proven, say

_WRONG = "パスワードか認証コードが違います。二つとも確かめて、もう一度入力してください。"
_PASSKEY_WRONG = "このパスキーでは確かめられませんでした。パスワードと認証コードで確かめてください。"


def newly_proven(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only soon after a sign-in or another proof; else to the page that asks for one, and back to the account."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if proven(request, now()):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(reverse("casework:staff:prove"))

    return guarded


@desk(None, aid=True)
@require_http_methods(["GET", "POST"])
def prove(request: StaffRequest) -> HttpResponse:
    """Password and code again, or a passkey of this account. Wrong tries are slowed down as at the sign-in."""
    if request.method == "GET":
        return _page(request)
    at, staff = now(), request.staff
    device = attempts.device_of(request.COOKIES.get(attempts.device_cookie_name()), staff.login)
    if wait := attempts.still_waiting(staff.login, device, at):
        words = f"続けて間違えたため、あと{int(wait.total_seconds()) + 1}秒は受け付けません。時間をおいて、もう一度入力してください。"
        return _page(request, words, 429)
    if "credential" in request.POST:
        return _proved(request, "passkey") if _by_passkey(request) else _page(request, _PASSKEY_WRONG, 403)
    right = password_is_right(staff, request.POST.get("password", ""))
    if not right or not second_factor_is_right(staff, request.POST.get("code", ""), at):
        attempts.failed(staff.login, device, at)
        return _page(request, _WRONG, 403)
    attempts.succeeded(staff.login, device)
    return _proved(request, "password+code")


def _by_passkey(request: StaffRequest) -> bool:
    try:
        found = passkeys.authenticate(request, request.POST.get("credential", ""), now())
    except (passkeys.PasskeyRefused, ValueError):
        return False
    return found.pk == request.staff.pk


def _proved(request: StaffRequest, how: str) -> HttpResponse:
    note_proof(request, now())
    staff = request.staff
    append(AuditEvent(staff.actor, "staff.proved_again", staff.actor, staff.municipality, {"how": how}))
    say(request, "確かめました。パスワード・パスキー・回復コードを変えられます(10分間)。")
    return HttpResponseRedirect(reverse("casework:staff:account"))


def _page(request: StaffRequest, error: str = "", status: int = 200) -> HttpResponse:
    context = {"section": "account", "error": error, "passkeys": request.staff.passkeys.exists()}
    return render(request, "staff/prove.html", context, status=status)
