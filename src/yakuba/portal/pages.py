"""How a portal page is declared and shown: its audience, its limits, its town's rows only, its language."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yakuba.base.tenancy import under
from yakuba.base.texts import LANGUAGES
from yakuba.base.web import audience
from yakuba.portal import languages
from yakuba.portal.ratelimits import Limit, over
from yakuba.portal.services.drafting import NoRoom
from yakuba.portal.services.signin import goes_on
from yakuba.portal.towns import Town
from yakuba.portal.visitors import idle_seconds, sign_out, visitor
from yakuba.portal.waiting import gate, tickets
from yakuba.portal.waiting.rule import KEPT

TownView = TypeVar("TownView", bound=Callable[..., HttpResponse])


def page(who: str, *, limit: Limit | None = None, waits: bool = False) -> Callable[[TownView], TownView]:
    """Declare a view of one town: ``who`` may see it; it runs in a transaction that sees that town's rows only.

    ``waits``: it costs so much that people wait in line for it while many come.
    """

    def declare(view: TownView) -> TownView:
        @audience(who)
        @wraps(view)
        def shown(request: HttpRequest, town: Town, *args: Any, **kwargs: Any) -> HttpResponse:
            def passed() -> HttpResponse:
                if limit and (wait := over(limit, request)):
                    return too_many(request, town, wait)
                try:
                    with under(town.code):
                        if not goes_on(visitor(request, town).sign_in):
                            return _ended_elsewhere(request, town)
                        return view(request, town, *args, **kwargs)
                except NoRoom:
                    return no_room(request, town)

            return _in_turn(request, town, passed) if waits else passed()

        return cast(TownView, shown)

    return declare


def _in_turn(request: HttpRequest, town: Town, passed: Callable[[], HttpResponse]) -> HttpResponse:
    """The page itself, or the line before it. Status 200: a proxy would take a server that says 503 out of service."""
    with under(town.code):
        answer = gate.at_the_door(request, town)
    if answer.waiting is None:
        response = passed()
    else:
        response = show(request, town, "portal/waiting.html", waiting=answer.waiting,
                        here_again=request.get_full_path(), kept_minutes=int(KEPT.total_seconds() // 60))  # fmt: skip
    if answer.number is not None:
        tickets.hand_out(response, town.code, answer.number)
    return response


def _ended_elsewhere(request: HttpRequest, town: Town) -> HttpResponse:
    """This sign-in was ended from another device of the same person."""
    sign_out(request)
    return redirect(f"{reverse('portal:sign-in', args=[town])}?ended=1")


def show(
    request: HttpRequest, town: Town | None, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render ``template`` with what every page needs."""
    language = languages.chosen(request)
    basics: dict[str, Any] = {
        "language": language,
        "html_lang": languages.HTML_LANG[language],
        "languages": [(key, languages.OWN_NAME[key], languages.HTML_LANG[key]) for key in LANGUAGES],
        "text_package": "yakuba.portal",
        "town": town,
        "town_name": town.name.in_language(language) if town else "",
        "visitor": visitor(request, town) if town else None,
        "idle_seconds": idle_seconds(),
        "demo": bool(getattr(settings, "PORTAL_DEMO", True)),
        "here": request.path,
    }
    response = render(request, template, {**basics, **context}, status=status)
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


def no_room(request: HttpRequest, town: Town) -> HttpResponse:
    """The disk is nearly full: nothing new is begun, and what was begun goes on. 507 (RFC 4918, 11.5), not 503: a proxy would
    take the server out of service, and with it those who are about to send."""
    return show(request, town, "portal/problem.html", problem="no_room", status=507)


def too_many(request: HttpRequest, town: Town, wait: int) -> HttpResponse:
    """Asked too often: say so, say when, lose nothing (the draft is on the server)."""
    response = show(request, town, "portal/too_many.html", status=429, minutes=max(1, (wait + 59) // 60))
    response.headers["Retry-After"] = str(wait)
    return response
