"""Who may pass to which page: ``visitor`` (anybody, with the session's time limits), ``resident`` (signed in),
``card_agent`` (the one address that takes a POST from the resident's own machine, by one-time ticket)."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from yakuba.base.web import keep_gate
from yakuba.portal.towns import Town
from yakuba.portal.visitors import ended_by_time, visitor


def _town(request: HttpRequest) -> Town | None:
    found = request.resolver_match.kwargs.get("town") if request.resolver_match else None
    return found if isinstance(found, Town) else None


def let_visitor(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """Anybody; a sign-in that has run out is ended first. Who was just sending something signs in again and goes on;
    a page only looked at is shown as to anybody."""
    town = _town(request)
    if ended_by_time(request) and request.method == "POST" and town:
        return redirect(f"{reverse('portal:sign-in', args=[town])}?next={quote(request.path)}&ended=1")
    return None


def let_resident(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """Only who has signed in at this town; others are led to sign in and then back to where they wanted to go."""
    ended, town = ended_by_time(request), _town(request)
    if town is None or (not ended and visitor(request, town).owner):
        return None
    back = request.path if request.method in ("GET", "HEAD") else reverse("portal:mine", args=[town])
    why = "&ended=1" if ended else ""
    return redirect(f"{reverse('portal:sign-in', args=[town])}?next={quote(back)}{why}")


def let_card_agent(_request: HttpRequest, _audience: str) -> HttpResponse | None:
    """The agent's form comes without our cookie (SameSite): its one-time ticket is what lets it in."""
    return None


def keep_gates() -> None:
    """Called once when the room is loaded."""
    keep_gate("visitor", let_visitor)
    keep_gate("resident", let_resident)
    keep_gate("card_agent", let_card_agent)
