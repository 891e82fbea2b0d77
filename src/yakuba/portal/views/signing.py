"""The review page, the signature over exactly what it showed, and sending."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.base.texts import Text, without_readings
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome
from yakuba.portal import languages
from yakuba.portal.agent import agent_form, lets_agent_see_origin
from yakuba.portal.models import Application, CardTicket, Draft, SignIn
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import SUBMIT
from yakuba.portal.services import cosigning, drafting, mandates, preparing, tickets, verdicts
from yakuba.portal.services.identity import contradicts
from yakuba.portal.services.offers import Offer
from yakuba.portal.services.preparing import Prepared
from yakuba.portal.services.submitting import Proof, submit
from yakuba.portal.texts import say
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import locked_draft, own_draft
from yakuba.portal.visitors import visitor
from yakuba.procedures.rendering import render_summary
from yakuba.procedures.summary import rows


@require_safe
@page("visitor", limit=SUBMIT)
def review(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """Exactly what will be signed and sent: every answer, every file with its digest, the digest of the whole."""
    draft, language = locked_draft(request, town, draft_id), languages.chosen(request)
    if isinstance(draft, HttpResponse):
        return draft
    if draft.bundle_id:
        return redirect("portal:bundle-review", town, draft.bundle_id)
    draft.language = language
    chosen = drafting.offer_of(draft, now())
    prepared = preparing.prepare(draft, chosen, now())
    cosign = _second_signature(draft, chosen, prepared)
    sections = preparing.sections(draft, chosen, prepared, language, now())
    title = without_readings(chosen.procedure.title.in_language(language))
    form, ended = None, mandates.trouble(draft, now())
    if (
        visitor(request, town).owner
        and ended is None
        and not (cosign and cosign["missing"])
        and chosen.needs_signature
        and not prepared.problems
        and chosen.opening.open
    ):
        content, who = prepared.content, visitor(request, town)
        _, secret = tickets.issue(town.code, who.browser, "sign", content, now(), draft.id)
        form = agent_form(request, town, "sign", content, secret, title, language, rows(sections))
    shown = show(request, town, "portal/review.html", draft=draft, offer=chosen, procedure=chosen.procedure,
                 prepared=prepared, summary=render_summary(sections, language), form=form, ended=ended, title=title, cosign=cosign,
                 section="mine")  # fmt: skip
    return lets_agent_see_origin(shown)


def _second_signature(draft: Draft, chosen: Offer, prepared: Prepared) -> dict[str, Any] | None:
    """What the review page says of a second signature; None where none is asked for."""
    mode = cosigning.wanted(draft, chosen)
    if mode == "off":
        return None
    found = cosigning.request_of(draft)
    standing = cosigning.standing(found, prepared.sha256, now())
    return {
        "mode": mode,
        "asked": found,
        "standing": standing,
        "missing": mode == "required" and standing != "signed",
    }


@require_safe
@page("visitor")
def document(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The bytes that will be signed, as a file."""
    draft = own_draft(request, town, draft_id, lock=True)
    prepared = preparing.prepare(draft, drafting.offer_of(draft, now()), now())
    response = HttpResponse(prepared.content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{draft.id}.json"'
    return response


@require_POST
@page("resident", limit=SUBMIT)
def send(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """Send without a signature, where the town says that the sign-in is enough."""
    draft, who = locked_draft(request, town, draft_id), visitor(request, town)
    if isinstance(draft, HttpResponse):
        return draft
    chosen = drafting.offer_of(draft, now())
    prepared = preparing.prepare(draft, chosen, now())
    login = SignIn.objects.filter(id=who.sign_in or UUID(int=0), owner=who.owner or "").first()
    if login is None or chosen.needs_signature or draft.bundle_id:
        return redirect("portal:review", town, draft.id)
    if prepared.sha256 != request.POST.get("sha256"):
        return card_problem(request, town, say("card.problem.changed"), draft.id)
    if prepared.problems or not chosen.opening.open:
        return redirect("portal:review", town, draft.id)
    if ended := mandates.trouble(draft, now()) or cosigning.trouble(
        draft, chosen, prepared.sha256, None, now()
    ):
        return card_problem(request, town, ended, draft.id, "not_now")
    verdict = verdicts.on_sign_in(login)
    if verdict.outcome is not Outcome.GOOD:
        return card_problem(request, town, card_messages.for_verdict(verdict), draft.id, str(verdict.reason))
    second = cosigning.attached(draft, chosen, prepared.sha256, now())
    proof = Proof("login", None, login, verdict, cosignature=second)
    sent = submit(draft, prepared.document, proof, login.owner, now())
    return redirect("portal:received", town, sent)


def finish_signing(request: HttpRequest, town: Town, ticket: CardTicket) -> HttpResponse:
    """The signature is back: judge it over the bytes the ticket was given for, and send."""
    owner = visitor(request, town).owner
    document = json.loads(bytes(ticket.content))
    application = UUID(document["application_id"])
    if owner and Application.objects.filter(id=application, owner=owner).exists():
        return redirect("portal:received", town, application)
    if owner is None:
        back = reverse("portal:review", args=[town, application])
        return redirect(f"{reverse('portal:sign-in', args=[town])}?next={back}&ended=1")
    draft = locked_draft(request, town, application)
    if isinstance(draft, HttpResponse):
        return draft
    if draft.bundle_id:  # the page was opened before the draft joined others
        return redirect("portal:bundle-review", town, draft.bundle_id)
    if ticket.error or not tickets.use(ticket, now()):
        code = ticket.error or "ticket"
        return card_problem(request, town, agent_problem(code), draft.id, code)
    return _judge(request, town, draft, document, ticket, owner)


def _judge(
    request: HttpRequest,
    town: Town,
    draft: Draft,
    document: Mapping[str, Any],
    ticket: CardTicket,
    owner: str,
) -> HttpResponse:
    chosen, content, cms = drafting.offer_of(draft, now()), bytes(ticket.content), bytes(ticket.result or b"")
    verdict = verdicts.on_signature(content, cms, now())
    if verdict.outcome is not Outcome.GOOD or verdict.signer is None:
        return card_problem(request, town, card_messages.for_verdict(verdict), draft.id, str(verdict.reason))
    if sha256_hex(content) != preparing.prepare(draft, chosen, now()).sha256 or not chosen.opening.open:
        return card_problem(request, town, say("card.problem.changed"), draft.id, "content_changed")
    if _is_somebody_else(draft, document, chosen, verdict.signer.attributes, owner):
        return card_problem(request, town, say("card.problem.other_person"), draft.id, "other_person")
    digest = sha256_hex(content)
    if ended := mandates.trouble(draft, now()) or cosigning.trouble(draft, chosen, digest, verdict, now()):
        return card_problem(request, town, ended, draft.id, "not_now")
    second = cosigning.attached(draft, chosen, digest, now())
    proof = Proof("signature", cms, None, verdict, cosignature=second)
    return redirect("portal:received", town, submit(draft, document, proof, owner, now()))


def _is_somebody_else(
    draft: Draft, document: Mapping[str, Any], chosen: Offer, holder: Any, owner: str
) -> bool:
    """Only one's own application can be compared: a proxy signs with their own card."""
    known = draft.prefill if draft.owner == owner else {}
    own = draft.role == "self"
    return own and contradicts(chosen.procedure, document["answers"], known, holder)


def agent_problem(code: str) -> Text:
    """What to say when the agent brought no result."""
    return say("card.problem.ticket") if code in ("ticket", "") else card_messages.for_agent_error(code)


def card_problem(
    request: HttpRequest, town: Town, problem: Text, draft: UUID, code: str = ""
) -> HttpResponse:
    """Say what the trouble is; the draft is untouched and the way back leads to the review page."""
    return card_trouble(request, town, problem, reverse("portal:review", args=[town, draft]), code)


def card_trouble(request: HttpRequest, town: Town, problem: Text, again: str, code: str = "") -> HttpResponse:
    """The same for whatever was to be signed: nothing is lost, and the way back is ``again``."""
    return show(
        request, town, "portal/card_problem.html", problem=problem, again=again, code=code, status=400
    )


__all__ = ["agent_problem", "card_problem", "card_trouble", "document", "finish_signing", "review", "send"]
