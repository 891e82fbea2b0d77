"""Signing in to the office: password and one-time code, slowed down after failures; everything else is shut."""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.office.models import SignIn
from yakuba.office.operators import operator, password_holds, step_of

_NAME, _SEEN, _SINCE = "operator", "operator_seen", "operator_since"
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
FREE_TRIES = 5
_NOBODY = "?"


def sign_in(request: HttpRequest, name: str, password: str, code: str) -> bool:
    """Check both factors; on success the session is the operator's. Every attempt is recorded."""
    at = now()
    known = (
        name if operator(name) else _NOBODY
    )  # names nobody has share one row: guesses do not fill the table
    with transaction.atomic():
        row, _ = SignIn.objects.select_for_update().get_or_create(name=known)
        good = not _waiting(row, at) and _good(row, name, password, code, at)
        row.failures = 0 if good else row.failures + 1
        row.wait_until = None if good else at + wait_after(row.failures)
        row.save()
        log.append(
            AuditEvent(
                f"operator:{known}", "office.signed_in" if good else "office.sign_in_refused", "office", ""
            )
        )
    if good:
        request.session.flush()
        request.session[_NAME] = name
        request.session[_SEEN] = request.session[_SINCE] = at.timestamp()
    return good


def _good(row: SignIn, name: str, password: str, code: str, at: datetime) -> bool:
    known = operator(name)
    if not password_holds(known, password) or known is None:
        return False
    step = step_of(known, code, at.timestamp())
    if step is None or step <= row.last_step:  # a code counts once (RFC 6238 section 5.2)
        return False
    row.last_step = step
    return True


def _waiting(row: SignIn, at: datetime) -> bool:
    return row.wait_until is not None and at < row.wait_until


def wait_after(failures: int) -> timedelta:
    """How long after this many failures in a row the next attempt is refused unseen."""
    if failures < FREE_TRIES:
        return timedelta()
    return timedelta(seconds=min(2 ** (failures - FREE_TRIES + 1), 900))


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    request.session.flush()


def signed_in(request: HttpRequest) -> str:
    """The operator's name, or empty."""
    name, at = str(request.session.get(_NAME, "")), now().timestamp()
    fresh = at - request.session.get(_SEEN, 0) < IDLE.total_seconds()
    young = at - request.session.get(_SINCE, 0) < LONGEST.total_seconds()
    return name if name and fresh and young and operator(name) else ""


def operators_only(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """The gatekeeper: in with a live session, to the sign-in page otherwise."""
    if signed_in(request):
        request.session[_SEEN] = now().timestamp()
        return None
    return HttpResponseRedirect(reverse("office:sign-in"))
