"""Who is at this browser: sessions of the desk and the gate that every page of it is behind.

Idle for 30 minutes or signed in for 12 hours, and the session is over (NIST SP 800-63B section 4.2.3, AAL2).
"""

from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yakuba.base.clock import now
from yakuba.base.municipality import body_of
from yakuba.base.tenancy import under
from yakuba.casework.staff.models import Staff
from yakuba.casework.towns import town_name

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PROVEN = timedelta(minutes=10)
_TOUCH = timedelta(minutes=1)  # a session row is written at most once a minute
_KEY = "staff"
_SAID = "said"
_BACKGROUND = "X-Background"  # a request an open page makes by itself: nobody need be sitting there


class StaffRequest(HttpRequest):
    """A request behind the gate."""

    staff: Staff
    said: list[str]
    town: str
    has_residents: bool  # a municipality keeps a resident register, a prefecture does not


def say(request: HttpRequest, words: str) -> None:
    """Words for the next page this browser opens (after a redirect)."""
    request.session[_SAID] = [*request.session.get(_SAID, []), words]


def open_session(request: HttpRequest, staff: Staff, at: datetime, *, enrolled: bool) -> None:
    """Sign ``staff`` in here. ``enrolled`` is False while a second factor is still to be set up: such a session
    opens the enrolment pages only."""
    request.session.flush()
    request.session[_KEY] = {
        "id": str(staff.id),
        "municipality": staff.municipality,
        "epoch": staff.session_epoch,
        "since": at.isoformat(),
        "seen": at.isoformat(),
        "enrolled": enrolled,
    }
    request.session.set_expiry(int(ABSOLUTE.total_seconds()))


def note_proof(request: HttpRequest, at: datetime) -> None:
    """Whoever sits here has just proven again who they are."""
    request.session[_KEY] = {**request.session[_KEY], "proved": at.isoformat()}


def proven(request: HttpRequest, at: datetime) -> bool:
    """Whether the last proof (at the sign-in, or since) is recent enough to change an account's keys."""
    kept = request.session[_KEY]
    return at - datetime.fromisoformat(str(kept.get("proved", kept["since"]))) < PROVEN


def close_session(request: HttpRequest) -> None:
    """Sign out."""
    request.session.flush()


def municipality_of(request: HttpRequest) -> str | None:
    """The municipality of whoever is signed in."""
    kept = request.session.get(_KEY)
    return kept["municipality"] if kept else None


def why_over(kept: dict[str, Any] | None, at: datetime) -> str | None:
    """Why a session is no longer good (``signed_out``, ``idle``, ``too_long``), or None. A function of values."""
    if not kept:
        return "signed_out"
    if at - datetime.fromisoformat(str(kept["since"])) >= ABSOLUTE:
        return "too_long"
    return "idle" if at - datetime.fromisoformat(str(kept["seen"])) >= IDLE else None


def gate(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """Lets in who is signed in with both factors; sends everyone else to sign in and back here."""
    return _keep(request, enrolled=True)


def half_open_gate(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """As :func:`gate`, but also lets in who still has to set up the second factor."""
    return _keep(request, enrolled=False)


def counter_agent_gate(_request: HttpRequest, _audience: str) -> HttpResponse | None:
    """The card agent's form may come without our cookie (SameSite): its one-time ticket is what lets it in."""
    return None


def _keep(request: HttpRequest, *, enrolled: bool) -> HttpResponse | None:
    at = now()
    kept: dict[str, Any] = request.session.get(_KEY) or {}
    reason = why_over(kept, at)
    staff = None if reason else _account(kept)
    if staff is not None and not staff.seated(
        at
    ):  # a seat ends at its minute, in the middle of whatever is open
        staff, reason = None, "seat_over"
    if staff is None:
        request.session.flush()
        return _to_sign_in(request, reason or "signed_out")
    if enrolled and not kept["enrolled"]:
        return HttpResponseRedirect(reverse("casework:staff:enrol"))
    background = _BACKGROUND in request.headers
    if not background and at - datetime.fromisoformat(kept["seen"]) >= _TOUCH:
        request.session[_KEY] = {**kept, "seen": at.isoformat()}
    staffed = cast(StaffRequest, request)
    staffed.staff, staffed.town = staff, town_name(staff.municipality)
    staffed.has_residents = body_of(staff.municipality) == "municipality"
    shown = request.method == "GET" and not background and _SAID in request.session
    staffed.said = request.session.pop(_SAID) if shown else []
    return None


def _account(kept: dict[str, Any]) -> Staff | None:
    with under(str(kept["municipality"])):
        found = Staff.objects.filter(pk=str(kept["id"]), active=True, session_epoch=kept["epoch"]).first()
        if found is not None and found.home:
            _ = found.seat  # read while the municipality is open; kept with the account
    return found


def _to_sign_in(request: HttpRequest, reason: str) -> HttpResponse:
    facts = {"why": reason}
    if request.method == "GET":
        facts["next"] = request.get_full_path()
    target = f"{reverse('casework:staff:sign_in')}?{urlencode(facts)}"
    if _BACKGROUND in request.headers:  # the sign-in page is no answer to a page that asks by itself
        return HttpResponse(status=401)
    return HttpResponseRedirect(target)
