"""What the card said: who is there; and, from the resident's own screen, the act that makes it an application."""

import json
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.catalog import text
from yakuba.base.clock import now
from yakuba.base.texts import LANGUAGES, Language, Text, without_readings
from yakuba.card import messages as card_messages
from yakuba.card.login_answer import UnreadableAnswer
from yakuba.card.outcomes import Outcome, Reason
from yakuba.casework.counter import filling, preparing, readings, taking_in, visits
from yakuba.casework.counter.holder import TROUBLES, Trouble, holder
from yakuba.casework.counter.offers import Offer
from yakuba.casework.desk import desk
from yakuba.casework.models import CardReading, CounterVisit
from yakuba.casework.outward import ROOM
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.views.counter import own_visit
from yakuba.casework.views.counter_agent import agent_form, lets_agent_see_origin, origin
from yakuba.procedures.rendering import render_summary
from yakuba.procedures.summary import rows

_OVER = (Reason.EXPIRED, Reason.ISSUER_EXPIRED, Reason.REVOKED, Reason.ON_HOLD)
_NAMES: dict[Language, tuple[str, str]] = {
    "ja": ("日本語", "ja"),
    "en": ("English", "en"),
    "easy": ("やさしい日本語", "ja"),
}


@desk(Permission.TAKE_IN)
@require_GET
def card_done(request: StaffRequest, reading_id: UUID) -> HttpResponse:
    """Here the clerk's own session counts: only who ordered the reading goes on."""
    reading = readings.take(reading_id, request.staff)
    if reading is None:
        raise Http404
    if reading.visit_id:
        return _signed(request, reading)
    if reading.error == "cancelled":
        say(request, "カードの読み取りをやめました。")
        return HttpResponseRedirect(reverse("casework:counter"))
    if reading.error or not readings.use(reading, now()):
        return _card_trouble(request, "card_not_read", card_messages.for_agent_error(reading.error))
    return _read(request, reading)


def _read(request: StaffRequest, reading: CardReading) -> HttpResponse:
    """Whose card it is; a new visit, or why not and the way on."""
    try:
        verdict, _ = readings.judge(reading, now())
    except UnreadableAnswer:
        return _card_trouble(request, "card_not_read", card_messages.for_agent_error("unreadable"))
    if verdict.outcome is not Outcome.GOOD or verdict.signer is None:
        trouble: Trouble = "card_over" if verdict.reason in _OVER else "card_not_good"
        return _card_trouble(request, trouble, card_messages.for_verdict(verdict), str(verdict.reason))
    found = holder(verdict.signer.issuer_key_id, verdict.signer.serial)
    if found.person is None:
        return _card_trouble(request, found.trouble or "no_match")
    owner = f"{verdict.signer.issuer_key_id}/{verdict.signer.serial}"
    visit = visits.begin(request.staff, visits.Found(found.person.atena_number, "card", owner=owner), now())
    return HttpResponseRedirect(reverse("casework:counter_choose", args=[visit.id]))


def _card_trouble(
    request: StaffRequest, trouble: Trouble, said: Text | None = None, reason: str = ""
) -> HttpResponse:
    staff = request.staff
    facts = {"trouble": trouble, "reason": reason or "-"}
    append(AuditEvent(staff.actor, "counter.card_not_enough", "counter", staff.municipality, facts))
    context = {"section": "counter", "trouble": trouble, "told": TROUBLES[trouble], "said": said}
    return render(request, "casework/counter/card_trouble.html", context, status=422)


@desk(Permission.TAKE_IN)
@require_GET
def resident_page(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """The screen turned to the resident: exactly what will be signed, in large type and three languages."""
    visit = own_visit(request, visit_id)
    if not visit.procedure:
        raise Http404
    if wanted := next((one for one in LANGUAGES if one == request.GET.get("lang")), None):
        visit.language = wanted
    return _resident(request, visit)


def _resident(request: StaffRequest, visit: CounterVisit, problem: Text | None = None) -> HttpResponse:
    chosen, at, language = visits.offer_of(visit, now()), now(), preparing.language_of(visit)
    prepared = preparing.prepare(visit, chosen, at)
    if prepared.problems or not chosen.opening.open:
        return HttpResponseRedirect(reverse("casework:counter_visit", args=[visit.id]))
    sections, form = preparing.sections(visit, chosen, prepared, language, at), None
    title = without_readings(chosen.procedure.title.in_language(language))
    if readings.agent_here():
        operation, content = "sign", prepared.content
        if not chosen.needs_signature:
            operation = "authenticate"
            content = readings.challenge(visit.municipality, origin(request), "confirm", at, prepared.sha256)
        secret = readings.order(request.staff, operation, content, at, visit)
        form = agent_form(request, operation, content, secret, title, language, rows(sections))
    context = {
        "visit": visit, "procedure": chosen.procedure, "prepared": prepared, "form": form, "problem": problem,
        "summary": render_summary(sections, language), "needs_signature": chosen.needs_signature,
        "originals": _originals(visit, language, chosen), "language": language, "html_lang": _NAMES[language][1],
        "languages": [(key, *_NAMES[key]) for key in LANGUAGES], "text_package": ROOM, "title": title,
        "helper": visit.clerk.display_name, "exact": prepared.content.decode(),
    }  # fmt: skip
    shown = render(request, "casework/counter/resident.html", context, status=422 if problem else 200)
    return lets_agent_see_origin(shown)


def _originals(visit: CounterVisit, language: Language, chosen: Offer) -> list[str]:
    """The documents looked at, in the resident's language."""
    pages = visits.page_ids(visit, chosen, now())
    slots = [
        slot for one in pages for slot in filling.slots_of(visit, chosen, chosen.procedure.page(one), now())
    ]
    return [without_readings(one.label.in_language(language)) for one in slots if one.key in visit.originals]


def _signed(request: StaffRequest, reading: CardReading) -> HttpResponse:
    """The resident's act is back: judge it over the very bytes shown, and open the case."""
    visit = visits.find(reading.visit_id or UUID(int=0), lock=True)
    if visit is None:
        raise Http404
    if visit.state == "taken_in":  # the back button, or a second click
        return HttpResponseRedirect(reverse("casework:counter_slip", args=[visit.id]))
    visits.check_in_hand(visit, request.staff)
    if reading.error or not readings.use(reading, now()):
        words = card_messages.for_agent_error(reading.error) if reading.error else _say("ticket")
        return _resident(request, visit, words)
    try:
        _take_in(request, visit, reading)
    except taking_in.NotTakenIn as refused:
        append(visits.event(visit, "counter.not_taken_in", request.staff, reason=refused.code))
        return _resident(request, visit, refused.message)
    return HttpResponseRedirect(reverse("casework:counter_slip", args=[visit.id]))


def _take_in(request: StaffRequest, visit: CounterVisit, reading: CardReading) -> None:
    chosen, at, answer = visits.offer_of(visit, now()), now(), None
    prepared = preparing.prepare(visit, chosen, at)
    content, signed = bytes(reading.content), reading.operation == "sign"
    shown = content == prepared.content if signed else _confirmed(content) == prepared.sha256
    if not shown or prepared.problems or not chosen.opening.open or (chosen.needs_signature and not signed):
        raise taking_in.NotTakenIn("changed", _say("changed"))
    if not signed:
        try:
            _, answer = readings.judge(reading, at)
        except UnreadableAnswer:
            raise taking_in.NotTakenIn("unreadable", card_messages.for_agent_error("unreadable")) from None
    submission = taking_in.submission_of(visit, prepared, reading, answer, at)
    taking_in.take_in(visit, prepared, submission, request.staff, at)


def _confirmed(challenge: bytes) -> str:
    """Which application the challenge is about."""
    return str(json.loads(challenge).get("application_sha256", ""))


def _say(key: str) -> Text:
    return text(ROOM, f"counter.{key}")


__all__ = ["card_done", "resident_page"]
