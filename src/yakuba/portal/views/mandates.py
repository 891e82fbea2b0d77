"""Mandates (委任): my code, making and signing one, accepting, declining, revoking, applying with one."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.clock import now, today
from yakuba.base.texts import without_readings
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome
from yakuba.portal import languages
from yakuba.portal.agent import agent_form, lets_agent_see_origin
from yakuba.portal.forms import Missing, typed
from yakuba.portal.models import CardTicket, Mandate
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START, SUBMIT
from yakuba.portal.services import clients, drafting, mandates, tickets, verdicts
from yakuba.portal.services.offers import Offer
from yakuba.portal.services.papers import as_number
from yakuba.portal.texts import say, words
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import ask_for_prefill
from yakuba.portal.views.signing import agent_problem
from yakuba.portal.visitors import resident, visitor
from yakuba.procedures.mandates import LONGEST, USUAL, covers, in_period


def _own(mandate_id: UUID, **whose: str) -> Mandate:
    found = Mandate.objects.select_for_update().filter(id=mandate_id, **whose).first()
    if found is None:
        raise Http404
    return found


@require_safe
@page("resident")
def overview(request: HttpRequest, town: Town) -> HttpResponse:
    """Mandates given and received, and the code to show to somebody who wants to give one."""
    return _overview(request, town)


def _overview(request: HttpRequest, town: Town, **more: Any) -> HttpResponse:
    owner, possible = resident(request, town), mandates.possible(today())
    given = Mandate.objects.filter(principal=owner).exclude(state="written").order_by("-created_at")
    received = Mandate.objects.filter(mandatary=owner).exclude(state="written").order_by("-created_at")
    return show(
        request, town, "portal/mandates.html", code=mandates.code_of(town.code, owner, now()), section="mine",
        given=[_line(one, possible) for one in given], received=[_line(one, possible) for one in received], **more,
    )  # fmt: skip


def _line(mandate: Mandate, possible: Sequence[Offer]) -> dict[str, Any]:
    over = not in_period(mandate.document, today())
    state = "over" if over and mandate.state in mandates.OPEN else mandate.state
    covered = [one for one in possible if covers(mandate.document, one.procedure.id)]
    return {
        "mandate": mandate, "state": state, "words": say(f"mandate.state.{state}"),
        "procedures": [one.procedure for one in covered],
        "ways": [way for one in covered if one.opening.open for way in _ways(one)],
    }  # fmt: skip


def _ways(offered: Offer) -> list[dict[str, Any]]:
    """A procedure once for each role it can be begun in; the role is only said where there are several."""
    roles = mandates.roles_of(offered.procedure)
    return [
        {"value": f"{offered.procedure.id}:{who.role}", "title": offered.procedure.title,
         "role": who.label if len(roles) > 1 else None}
        for who in roles
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@page("resident", limit=START)
def make(request: HttpRequest, town: Town) -> HttpResponse:
    """Whom, for what, until when; then the page to sign it on."""
    data = request.POST.dict() if request.method == "POST" else {}
    chosen = request.POST.getlist("procedure")
    if not data:
        return _make(request, town, {"until": (today() + USUAL).isoformat(), "scope": "some"}, (), ())
    mandatary, until = mandates.behind(as_number(typed(data, "code")), now()), _day(typed(data, "until"))
    known = {one.procedure.id for one in mandates.possible(today())}
    named = [] if data.get("scope") == "all" else [one for one in chosen if one in known]
    problems = _problems(data, mandatary, until, named, resident(request, town))
    if problems or mandatary is None or until is None:
        return _make(request, town, data, chosen, problems)
    made = mandates.write(
        town.code, resident(request, town), mandatary, named, until, typed(data, "note"), now()
    )
    return redirect("portal:mandate-sign", town, made.id)


def _problems(
    data: Mapping[str, str], mandatary: str | None, until: date | None, named: Sequence[str], owner: str
) -> list[Missing]:
    wrong = []
    if mandatary is None:
        wrong.append("code" if typed(data, "code") else "no_code")
    elif mandatary == owner:
        wrong.append("own_code")
    if data.get("scope") != "all" and not named:
        wrong.append("procedure")
    if until is None or not today() <= until <= today() + LONGEST:
        wrong.append("until")
    latest = (today() + LONGEST).isoformat()
    fields = {"no_code": "code", "own_code": "code"}
    return [Missing(fields.get(one, one), say(f"mandate.wrong.{one}", latest=latest)) for one in wrong]


def _make(
    request: HttpRequest, town: Town, data: Mapping[str, str], chosen: Sequence[str], problems: Sequence[Missing]
) -> HttpResponse:  # fmt: skip
    return show(request, town, "portal/mandate_make.html", data=data, chosen=chosen, problems=problems,
                offers=mandates.possible(today()), earliest=today().isoformat(),
                latest=(today() + LONGEST).isoformat(), section="mine", status=422 if problems else 200)  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@page("resident", limit=SUBMIT)
def sign(request: HttpRequest, town: Town, mandate_id: UUID) -> HttpResponse:
    """Exactly what will be signed."""
    mandate, language = _own(mandate_id, principal=resident(request, town)), languages.chosen(request)
    if mandate.state != "written":
        return redirect("portal:mandates", town)
    line, content = _line(mandate, mandates.possible(today())), mandates.content(mandate)
    _, secret = tickets.issue(town.code, visitor(request, town).browser, "mandate", content, now())
    titles = [without_readings(one.title.in_language(language)) for one in line["procedures"]]
    told = [(words("mandate.for_what", language), ", ".join(titles)),
            (words("mandate.until", language), mandate.until.isoformat())]  # fmt: skip
    title = words("mandate.sign_title", language)
    form = agent_form(request, town, "sign", content, secret, title, language, told)
    shown = show(request, town, "portal/mandate_sign.html", line=line, form=form, section="mine",
                 content=content.decode())  # fmt: skip
    return lets_agent_see_origin(shown)


def finish_mandate(request: HttpRequest, town: Town, ticket: CardTicket) -> HttpResponse:
    """The signature over a mandate is back: judge it, and give the mandate."""
    number = UUID(json.loads(bytes(ticket.content))["mandate_id"])
    again = reverse("portal:mandate-sign", args=[town, number])
    if visitor(request, town).owner is None:
        return redirect(f"{reverse('portal:sign-in', args=[town])}?next={again}&ended=1")
    mandate = _own(number, principal=resident(request, town))
    if mandate.state != "written":
        return redirect("portal:mandates", town)
    if ticket.error or not tickets.use(ticket, now()):
        code = ticket.error or "ticket"
        return show(request, town, "portal/card_problem.html", problem=agent_problem(code), again=again, code=code,
                    status=400)  # fmt: skip
    cms = bytes(ticket.result or b"")
    verdict = verdicts.on_signature(mandates.content(mandate), cms, now())
    if verdict.outcome is not Outcome.GOOD:
        return show(request, town, "portal/card_problem.html", problem=card_messages.for_verdict(verdict),
                    again=again, code=str(verdict.reason), status=400)  # fmt: skip
    mandates.give(mandate, cms, verdict, now())
    return redirect("portal:mandates", town)


@require_POST
@page("resident")
def answer(request: HttpRequest, town: Town, mandate_id: UUID) -> HttpResponse:
    """The mandatary accepts or declines."""
    mandate = _own(mandate_id, mandatary=resident(request, town))
    mandates.answer(mandate, request.POST.get("answer") == "accept", now())
    return redirect("portal:mandates", town)


@require_POST
@page("resident")
def revoke(request: HttpRequest, town: Town, mandate_id: UUID) -> HttpResponse:
    """The principal ends the mandate, at once."""
    mandates.revoke(_own(mandate_id, principal=resident(request, town)), now())
    return redirect("portal:mandates", town)


@require_POST
@page("resident", limit=START)
def begin(request: HttpRequest, town: Town, mandate_id: UUID) -> HttpResponse:
    """Start an application for the principal."""
    mandate, who = _own(mandate_id, mandatary=resident(request, town)), visitor(request, town)
    wanted, _, said = request.POST.get("procedure", "").partition(":")
    chosen = next((one for one in mandates.possible(today()) if one.procedure.id == wanted), None)
    roles = [one.role for one in mandates.roles_of(chosen.procedure)] if chosen else []
    role = next((one for one in roles if one == (said or roles[0])), None)
    if chosen is None or role is None or not chosen.opening.open:
        return _overview(request, town, problem=say("mandate.not_open"), status=409)
    fits = covers(mandate.document, wanted) and in_period(mandate.document, today())
    about = mandates.about(mandate, now()) if mandate.state == "accepted" and fits else None
    if about is None:
        return _overview(request, town, problem=say("mandate.ended"), status=409)
    draft = drafting.begin(town.code, who, chosen, role, about, languages.chosen(request), now())
    draft.mandate = mandate.id
    draft.save(update_fields=["mandate"])
    ask_for_prefill(draft, chosen, who)
    return redirect("portal:draft", town, draft.id)


@require_safe
@page("resident")
def client_list(request: HttpRequest, town: Town) -> HttpResponse:
    """Everybody one may apply for now, with what is under way for each."""
    asked, possible = request.GET.dict(), mandates.possible(today())
    name, order = typed(asked, "name"), typed(asked, "order")
    found, here = clients.clients(resident(request, town), today(), name, order, typed(asked, "page"))
    lines = [(one, _line(one.mandate, possible)["ways"]) for one in here]
    return show(request, town, "portal/clients.html", list=found, lines=lines, name=name, order=order,
                section="mine")  # fmt: skip
