"""A second person signs the same application: asked by the applicant, opened with a code, read, signed or declined."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.base.texts import Text, without_readings
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome, Verdict
from yakuba.portal import languages
from yakuba.portal.agent import agent_form, lets_agent_see_origin
from yakuba.portal.forms import typed
from yakuba.portal.models import CardTicket, CoSigning
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START, SUBMIT
from yakuba.portal.services import cosigning, drafting, preparing, tickets, verdicts
from yakuba.portal.services.offers import Offer
from yakuba.portal.services.papers import as_number
from yakuba.portal.services.preparing import Prepared
from yakuba.portal.texts import say
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import locked_draft
from yakuba.portal.views.signing import agent_problem, card_trouble
from yakuba.portal.visitors import resident, visitor
from yakuba.procedures.cosigning import may_sign
from yakuba.procedures.rendering import render_summary
from yakuba.procedures.summary import rows


@require_POST
@page("resident", limit=START)
def ask(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The applicant asks: the code is shown on this one page."""
    draft = locked_draft(request, town, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    chosen = drafting.offer_of(draft, now())
    prepared = preparing.prepare(draft, chosen, now())
    if cosigning.wanted(draft, chosen) == "off" or prepared.problems or not chosen.opening.open:
        return redirect("portal:review", town, draft.id)
    code = cosigning.ask(draft, prepared.sha256, now())
    found = cosigning.request_of(draft)
    return show(request, town, "portal/cosign_code.html", draft=draft, offer=chosen, code=code, asked=found,
                section="mine")  # fmt: skip


@require_POST
@page("resident")
def drop(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The applicant takes the request back."""
    draft = locked_draft(request, town, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    cosigning.drop(draft)
    return redirect("portal:review", town, draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page("resident", limit=START)
def enter(request: HttpRequest, town: Town) -> HttpResponse:
    """The second person types the code."""
    if request.method != "POST":
        return _enter(request, town)
    code = typed(request.POST.dict(), "code")
    if not code:
        return _enter(request, town, say("cosign.wrong.no_code"))
    found = cosigning.claim(as_number(code), resident(request, town), now())
    if isinstance(found, str):
        return _enter(request, town, say(f"cosign.wrong.{found}"), code)
    return redirect("portal:cosign-look", town, found.id)


def _enter(
    request: HttpRequest, town: Town, problem: Text | None = None, code: str = "", status: int = 422
) -> HttpResponse:
    return show(request, town, "portal/cosign_enter.html", problem=problem, code=code, section="mine",
                status=status if problem else 200)  # fmt: skip


@require_safe
@page("resident", limit=SUBMIT)
def look(request: HttpRequest, town: Town, cosigning_id: UUID) -> HttpResponse:
    """Exactly what the second person signs, and the way to sign or to decline."""
    found = cosigning.of_cosigner(cosigning_id, resident(request, town))
    if found is None:  # sent meanwhile, taken back, or never this person's: nobody learns which
        return _enter(request, town, say("cosign.gone"), status=404)
    chosen, prepared = _prepared(found)
    standing, language = cosigning.standing(found, prepared.sha256, now()), languages.chosen(request)
    title = without_readings(chosen.procedure.title.in_language(language))
    shown: dict[str, Any] = {"form": None, "summary": ""}
    if standing in ("asked", "signed"):
        sections = preparing.sections(found.draft, chosen, prepared, language, now())
        shown["summary"] = render_summary(sections, language)
        if standing == "asked":
            browser = visitor(request, town).browser
            _, secret = tickets.issue(town.code, browser, "cosign", prepared.content, now())
            shown["form"] = agent_form(
                request, town, "sign", prepared.content, secret, title, language, rows(sections)
            )
    response = show(request, town, "portal/cosign_look.html", asked=found, standing=standing, title=title,
                    draft=found.draft, procedure=chosen.procedure, prepared=prepared, section="mine", **shown)  # fmt: skip
    return lets_agent_see_origin(response)


@require_POST
@page("resident")
def decline(request: HttpRequest, town: Town, cosigning_id: UUID) -> HttpResponse:
    """The second person does not sign, or takes the signature back before the application is sent."""
    found = cosigning.of_cosigner(cosigning_id, resident(request, town))
    if found is None:
        return _enter(request, town, say("cosign.gone"), status=404)
    cosigning.decline(found, typed(request.POST.dict(), "reason"), now())
    return redirect("portal:cosign-look", town, found.id)


def finish_cosigning(request: HttpRequest, town: Town, ticket: CardTicket) -> HttpResponse:
    """The second signature is back: judge it over the bytes the ticket was given for, and keep it."""
    content = bytes(ticket.content)
    draft = UUID(json.loads(content)["application_id"])
    if visitor(request, town).owner is None:
        return redirect(
            f"{reverse('portal:sign-in', args=[town])}?next={reverse('portal:cosign', args=[town])}&ended=1"
        )
    owner = resident(request, town)
    number = CoSigning.objects.filter(draft=draft, cosigner=owner).values_list("id", flat=True).first()
    found = cosigning.of_cosigner(number, owner) if number else None
    if found is None:
        return _enter(request, town, say("cosign.gone"), status=404)
    again = reverse("portal:cosign-look", args=[town, found.id])
    if found.state == "signed":  # the back button, or a second click
        return redirect(again)
    if ticket.error or not tickets.use(ticket, now()):
        code = ticket.error or "ticket"
        return card_trouble(request, town, agent_problem(code), again, code)
    cms = bytes(ticket.result or b"")
    verdict = verdicts.on_signature(content, cms, now())
    if wrong := _wrong(found, content, verdict):
        return card_trouble(request, town, wrong, again, str(verdict.reason or "cosign"))
    if verdict.signer is not None:
        cosigning.sign(found, cms, verdict.signer, now())
    return redirect(again)


def _wrong(found: CoSigning, content: bytes, verdict: Verdict) -> Text | None:
    """Why the signature is not taken."""
    if verdict.outcome is not Outcome.GOOD or verdict.signer is None:
        return card_messages.for_verdict(verdict)
    chosen, prepared = _prepared(found)
    standing = cosigning.standing(found, prepared.sha256, now())
    if sha256_hex(content) != prepared.sha256 or standing != "asked":
        return say("cosign.changed_meanwhile")
    holder = verdict.signer.attributes
    if not may_sign(chosen.procedure, found.draft.answers, holder.birth_date if holder else None):
        return say("cosign.not_named")
    return None


def _prepared(found: CoSigning) -> tuple[Offer, Prepared]:
    chosen = drafting.offer_of(found.draft, now())
    return chosen, preparing.prepare(found.draft, chosen, now())
