"""Sign-in by card, sign-out, and the address the card agent brings its results to."""

import base64
import binascii
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.base.texts import Text
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome
from yakuba.portal import languages, visitors
from yakuba.portal.agent import agent_form, lets_agent_see_origin, origin
from yakuba.portal.models import CardTicket, Draft
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import RETURN, SIGN_IN
from yakuba.portal.services import drafting, signin, tickets
from yakuba.portal.texts import say, words
from yakuba.portal.towns import Town
from yakuba.portal.views.bundle_signing import finish_bundle, is_of_a_bundle
from yakuba.portal.views.cosigning import finish_cosigning
from yakuba.portal.views.mandates import finish_mandate
from yakuba.portal.views.signing import agent_problem, finish_signing

_NEXT = "next"


@require_safe
@page("visitor", limit=SIGN_IN, waits=True)
def sign_in(request: HttpRequest, town: Town) -> HttpResponse:
    """What the card is read for, and the form that opens the agent."""
    who = visitors.visitor(request, town)
    request.session[_NEXT] = _safe_next(request, town)
    if who.owner:
        return redirect(request.session[_NEXT])
    content = tickets.challenge(town.code, origin(request), now())
    _, secret = tickets.issue(town.code, who.browser, "authenticate", content, now())
    language = languages.chosen(request)
    title = words("sign_in.agent_title", language, town=town.name.in_language(language))
    form = agent_form(request, town, "authenticate", content, secret, title, language)
    shown = show(request, town, "portal/sign_in.html", form=form, ended="ended" in request.GET)
    return lets_agent_see_origin(shown)


def _safe_next(request: HttpRequest, town: Town) -> str:
    wanted = request.GET.get("next", "")
    inside = f"{reverse('portal:home', args=[town])}"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(inside)
    return wanted if safe else reverse("portal:mine", args=[town])


@require_POST
@page("visitor")
def sign_out(request: HttpRequest, town: Town) -> HttpResponse:
    """End the visit: everything this browser knows is forgotten. Drafts stay with their owner; those begun without
    sign-in, which nobody could open any more, are removed."""
    who = visitors.visitor(request, town)
    for draft in Draft.objects.filter(owner="", browser=who.browser):
        drafting.remove(draft)
    signin.end(who, town.code, now(), everywhere=False)
    visitors.sign_out(request)
    return show(request, town, "portal/signed_out.html")


@require_POST
@page("resident")
def sign_out_everywhere(request: HttpRequest, town: Town) -> HttpResponse:
    """End every sign-in of this card in this town: a device was lost, or left signed in at a library."""
    signin.end(visitors.visitor(request, town), town.code, now(), everywhere=True)
    visitors.sign_out(request)
    return show(request, town, "portal/signed_out.html", everywhere=True)


@csrf_exempt
@require_POST
@page("card_agent", limit=RETURN)
def card_return(request: HttpRequest, town: Town) -> HttpResponse:
    """Take the agent's result under its one-time ticket, then send the browser on to where its own cookie counts."""
    result, error = _brought(request)
    ticket = tickets.bring_back(request.POST.get("ticket", ""), result, error, now())
    if ticket is None:
        return show(request, town, "portal/card_problem.html", status=400, problem=say("card.problem.ticket"))
    return redirect("portal:card-done", town, ticket.id)


def _brought(request: HttpRequest) -> tuple[bytes | None, str]:
    error = request.POST.get("error", "")
    try:
        return base64.b64decode(request.POST.get("result", ""), validate=True) or None, error
    except (binascii.Error, ValueError):
        return None, error or "unreadable"


@require_safe
@page("visitor")
def card_done(request: HttpRequest, town: Town, ticket_id: UUID) -> HttpResponse:
    """Here the browser shows its own cookie: only the browser the ticket was given to goes on."""
    ticket = tickets.take(ticket_id, visitors.visitor(request, town).browser)
    if ticket is None:
        return _not_this_browser(request, town)
    if ticket.operation == "mandate":
        return finish_mandate(request, town, ticket)
    if ticket.operation == "cosign":
        return finish_cosigning(request, town, ticket)
    if ticket.operation == "sign":
        finish = finish_bundle if is_of_a_bundle(ticket) else finish_signing
        return finish(request, town, ticket)
    return _finish_sign_in(request, town, ticket)


def _not_this_browser(request: HttpRequest, town: Town) -> HttpResponse:
    """Some browsers hold the cookie back on the way from another site: one click on our own link brings it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        return show(
            request, town, "portal/card_problem.html", status=403, problem=say("card.problem.other_browser")
        )
    return show(request, town, "portal/card_go_on.html")


def _finish_sign_in(request: HttpRequest, town: Town, ticket: CardTicket) -> HttpResponse:
    onward = str(request.session.get(_NEXT) or reverse("portal:mine", args=[town]))
    if ticket.used_at is not None and visitors.visitor(request, town).owner:
        return redirect(onward)  # the back button, or a second click
    if ticket.error or not tickets.use(ticket, now()):
        code = ticket.error or "ticket"
        return _problem(request, town, agent_problem(code), code)
    try:
        verdict, answer = signin.judge(ticket, now())
    except signin.UnreadableAnswer:
        return _problem(request, town, agent_problem("unreadable"), "unreadable")
    if verdict.outcome is not Outcome.GOOD:
        refused = AuditEvent(
            "visitor", "portal.sign_in_refused", "sign_in", town.code, {"reason": str(verdict.reason)}
        )
        append(refused)
        return _problem(request, town, card_messages.for_verdict(verdict), str(verdict.reason))
    record = signin.complete(ticket, verdict, answer, now())
    visitors.sign_in(request, town, record.owner, str(record.id))
    return redirect(onward)


def _problem(request: HttpRequest, town: Town, problem: Text, code: str) -> HttpResponse:
    """Say what the card's trouble is and offer another try; whatever was typed is still there."""
    again = f"{reverse('portal:sign-in', args=[town])}?{urlencode({'next': request.session.get(_NEXT, '')})}"
    return show(
        request, town, "portal/card_problem.html", status=400, problem=problem, code=code, again=again
    )
