"""The review of a bundle: every application exactly as it is signed, one signature over all, and sending them together."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.base.clock import now
from yakuba.base.texts import Language, Text, without_readings
from yakuba.card import messages as card_messages
from yakuba.card.bundle import FORMAT
from yakuba.card.outcomes import Outcome
from yakuba.portal import languages
from yakuba.portal.agent import AgentForm, agent_form, lets_agent_see_origin
from yakuba.portal.models import Bundle, CardTicket
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import SUBMIT
from yakuba.portal.services import bundle_sending, bundling, preparing, tickets, verdicts
from yakuba.portal.services import together as joining
from yakuba.portal.services.bundle_sending import PreparedBundle, Ready
from yakuba.portal.services.together import Together
from yakuba.portal.texts import say, words
from yakuba.portal.towns import Town
from yakuba.portal.views.bundles import event_of, own_bundle
from yakuba.portal.views.signing import agent_problem, card_trouble
from yakuba.portal.visitors import visitor
from yakuba.procedures.rendering import render_summary
from yakuba.procedures.summary import Section, rows
from yakuba.procedures.validation import Problem


@require_safe
@page("resident", limit=SUBMIT)
def review(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """Every application word for word, its digest, and the list of digests that the card signs."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    it, language = joining.together(bundle, now(), lock=True), languages.chosen(request)
    if not it.members:
        return redirect("portal:bundle-choose", town, bundle.id)
    joining.refresh(it)
    for one in it.members:
        one.draft.language = language
    found = bundle_sending.prepare(bundle, it.members, now())
    shown = [(one, _sections(one, language)) for one in found.ready]
    event = event_of(bundle.event)
    form = _agent_form(request, town, bundle, found, shown, language) if found.can_go else None
    parts = [(one, render_summary(each, language, 3), _problems(town, it, one)) for one, each in shown]
    page_shown = show(
        request, town, "portal/bundle_review.html", bundle=bundle, event=event, parts=parts, found=found, form=form,
        mistakes=sum(len(one.prepared.problems) for one in found.ready),
        title=without_readings(event.title.in_language(language)), section="mine",
    )  # fmt: skip
    return lets_agent_see_origin(page_shown)


def _sections(one: Ready, language: Language) -> tuple[Section, ...]:
    return preparing.sections(one.member.draft, one.member.offer, one.prepared, language, now())


def _problems(town: Town, it: Together, one: Ready) -> list[tuple[str, Text]]:
    """What is wrong with an application, each with where it is corrected: on the shared page or on its own."""
    draft, left_out = one.member.draft, it.left_out(one.member.draft)
    shared = reverse("portal:bundle-shared", args=[town, it.bundle.id])
    return [
        (shared if _field(problem) in left_out else _own(town, draft.id, problem), problem.message)
        for problem in one.prepared.problems
    ]


def _field(problem: Problem) -> str:
    return problem.path.split("-")[0]


def _own(town: Town, draft: UUID, problem: Problem) -> str:
    return f"{reverse('portal:draft-page', args=[town, draft, problem.page])}#{problem.path}"


def _agent_form(
    request: HttpRequest, town: Town, bundle: Bundle, found: PreparedBundle,
    shown: list[tuple[Ready, tuple[Section, ...]]], language: Language,
) -> AgentForm:  # fmt: skip
    _, secret = tickets.issue(
        town.code, visitor(request, town).browser, "sign", found.content, now(), bundle.id
    )
    summary: list[tuple[str, str]] = []
    for one, sections in shown:
        title = without_readings(one.member.offer.procedure.title.in_language(language))
        summary += [(title, f"SHA-256 {one.prepared.sha256}"), *rows(sections)]
    title = words("bundle.agent_title", language, count=len(found.ready))
    return agent_form(request, town, "sign", found.content, secret, title, language, summary)


@require_safe
@page("resident")
def document(request: HttpRequest, town: Town, bundle_id: UUID) -> HttpResponse:
    """The bytes that will be signed, as a file; each application's own are on its draft's address."""
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    found = bundle_sending.prepare(bundle, bundling.members(bundle, now(), lock=True), now())
    response = HttpResponse(found.content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{bundle.id}.json"'
    return response


def is_of_a_bundle(ticket: CardTicket) -> bool:
    """Whether what was to be signed is a bundle's manifest."""
    return bool(json.loads(bytes(ticket.content)).get("yakuba") == FORMAT)


def finish_bundle(request: HttpRequest, town: Town, ticket: CardTicket) -> HttpResponse:
    """The signature is back: judge it over the manifest the ticket was given for, and send every application."""
    owner = visitor(request, town).owner
    bundle_id = UUID(json.loads(bytes(ticket.content))["bundle_id"])
    again = reverse("portal:bundle-review", args=[town, bundle_id])
    if owner is None:
        return redirect(f"{reverse('portal:sign-in', args=[town])}?next={again}&ended=1")
    bundle = own_bundle(request, town, bundle_id)
    if isinstance(bundle, HttpResponse):
        return bundle
    if ticket.error or not tickets.use(ticket, now()):
        code = ticket.error or "ticket"
        return card_trouble(request, town, agent_problem(code), again, code)
    return _judge(request, town, bundle, ticket, owner)


def _judge(request: HttpRequest, town: Town, bundle: Bundle, ticket: CardTicket, owner: str) -> HttpResponse:
    content, cms, bundle_id = bytes(ticket.content), bytes(ticket.result or b""), bundle.id
    again = reverse("portal:bundle-review", args=[town, bundle.id])
    verdict = verdicts.on_signature(content, cms, now())
    if verdict.outcome is not Outcome.GOOD or verdict.signer is None:
        return card_trouble(request, town, card_messages.for_verdict(verdict), again, str(verdict.reason))
    found = bundle_sending.prepare(bundle, bundling.members(bundle, now(), lock=True), now())
    if found.content != content or not found.can_go:
        return card_trouble(request, town, say("bundle.changed"), again, "content_changed")
    if bundle_sending.is_somebody_else(found, verdict, owner):
        return card_trouble(request, town, say("card.problem.other_person"), again, "other_person")
    bundle_sending.send(bundle, found, cms, verdict, owner, now())
    return redirect("portal:bundle-sent", town, bundle_id)
