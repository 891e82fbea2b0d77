"""Bundles: which procedures of a life event are for this household, and the drafts that are filled in together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import JAPAN
from yakuba.base.ids import uuid7
from yakuba.base.texts import Language
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.models import Bundle, Draft, SignIn
from yakuba.portal.services import drafting, prefilling
from yakuba.portal.services.offers import Offer, those
from yakuba.portal.visitors import Visitor
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Applicant
from yakuba.procedures.for_household import ForYou, for_you
from yakuba.procedures.known import TownKnows, known_answers, known_items
from yakuba.procedures.prefill import prefill_items
from yakuba.procedures.search import by_life_event
from yakuba.procedures.shared import Form


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure of the event: as the town offers it, where it stands for this household, whether it is ticked and
    whether it can be."""

    offer: Offer
    standing: ForYou
    ticked: bool
    can_be_chosen: bool

    @property
    def applicant(self) -> Applicant | None:
        """Who applies when it is sent in a bundle, in the words of its form; nobody if it cannot be for oneself."""
        return next((one for one in self.offer.procedure.applicants if one.role == "self"), None)

    @property
    def singly(self) -> tuple[Applicant, ...]:
        """Who else may apply, but only for this procedure by itself: a bundle is for oneself."""
        return tuple(one for one in self.offer.procedure.applicants if one.role != "self")

    @property
    def two_sign(self) -> bool:
        """Whether two people have to sign it: then it cannot go under one person's signature."""
        return self.offer.procedure.second_signature == "required"


@dataclass(frozen=True, slots=True)
class Member:
    """A draft of the bundle with its procedure as the town offers it."""

    draft: Draft
    offer: Offer

    def form(self, at: datetime) -> Form:
        return Form(self.draft.procedure, self.offer.procedure, drafting.context_of(self.draft, at))


def find(who: Visitor, bundle_id: UUID, *, lock: bool = False) -> Bundle | None:
    """The bundle if it is of the certificate signed in with; to anybody else it does not exist."""
    if not who.owner:
        return None
    bundles = Bundle.objects.filter(owner=who.owner, id=bundle_id)
    return (bundles.select_for_update() if lock else bundles).first()


def begun(who: Visitor, event: str) -> Bundle | None:
    """The one of this life event that was begun before, if there is one."""
    found = Bundle.objects.filter(owner=who.owner or "nobody", event=event)
    return found.order_by("-updated_at").first()


def offers_of(event: str, at: datetime) -> list[Offer]:
    """The town's procedures of a life event; what comes first in life stands first."""
    day = at.astimezone(JAPAN).date()
    found = those(by_life_event(event, day), day)
    return sorted(found, key=lambda one: (bool(one.procedure.follows), one.procedure.id))


def begin(municipality: str, record: SignIn, event: str, at: datetime) -> Bundle:
    """A new bundle, and the question to the town about all of the event's procedures at once."""
    bundle = Bundle.objects.create(
        municipality=municipality, owner=record.owner, event=event, created_at=at, updated_at=at,
        expires_at=at + drafting.KEPT_FOR,
    )  # fmt: skip
    _ask(bundle, record, at)
    return bundle


def _ask(bundle: Bundle, record: SignIn, at: datetime) -> None:
    procedures = [one.procedure for one in offers_of(bundle.event, at)]
    items = {item for one in procedures for item in (*prefill_items(one), *known_items(one))}
    if not items:
        return
    bundle.prefill_request, bundle.prefill_state, bundle.prefill_asked_at = uuid7(), "asked", at
    bundle.save(update_fields=["prefill_request", "prefill_state", "prefill_asked_at"])
    body = {
        "request_id": str(bundle.prefill_request),
        "procedures": [one.id for one in procedures],
        "items": sorted(items),
        "certificate": {"issuer_key_id": record.issuer_key_id, "serial": record.serial, "kind": "auth"},
        "draft_id": str(bundle.id),
    }
    envelope = Envelope(
        id=uuid7(), municipality=bundle.municipality, kind="prefill.requested", sender="internet",
        recipient="mynumber", created_at=at, body=body, attachments=(), in_reply_to=None,
    )  # fmt: skip
    actor, subject = f"resident:{bundle.owner}", f"bundle:{bundle.id}"
    outbox.post(envelope, AuditEvent(actor, "prefill.requested", subject, bundle.municipality))


def is_waiting(bundle: Bundle, at: datetime) -> bool:
    """Whether the page should say that the town's answer is on its way."""
    asked = bundle.prefill_asked_at
    return bundle.prefill_state == "asked" and asked is not None and at - asked < prefilling.PATIENCE


def forms_of(offers: Iterable[Offer], at: datetime) -> list[Form]:
    """Their forms as the person who signs in fills them in."""
    context = Context(at.astimezone(JAPAN).date(), "self")
    return [Form(one.procedure.id, one.procedure, context) for one in offers]


def answers_before(bundle: Bundle, forms: Sequence[Form]) -> dict[str, dict[str, Any]]:
    """What is answered of the questions before typing, by procedure: what the town knows, and over it what was said."""
    found = bundle.prefill_state in ("answered", "applied")
    town = TownKnows(found, bundle.prefill, bundle.household)
    known = {one.key: known_answers(one.procedure, town, one.context) for one in forms}
    return {key: {**values, **bundle.asked.get(key, {})} for key, values in known.items()}


def candidates(bundle: Bundle, at: datetime) -> list[Candidate]:
    """Every procedure of the event with where it stands; before anything is ticked, those that apply are."""
    offers = offers_of(bundle.event, at)
    forms = forms_of(offers, at)
    answers = answers_before(bundle, forms)
    return [_candidate(bundle, one, form, answers[form.key]) for one, form in zip(offers, forms, strict=True)]


def _candidate(bundle: Bundle, offered: Offer, form: Form, answers: Mapping[str, Any]) -> Candidate:
    standing = for_you(form.procedure, answers, form.context)
    alone = offered.procedure.second_signature == "required"  # two people sign that one by itself
    possible = offered.opening.open and form.procedure.allows(form.context.role) and not alone
    applies = standing.standing == "applies" if bundle.chosen is None else form.key in bundle.chosen
    return Candidate(offered, standing, possible and applies, possible)


def drafts_of(bundle: Bundle) -> QuerySet[Draft]:
    """Its drafts in the order they were begun."""
    return bundle.drafts.order_by("created_at", "id")


def members(bundle: Bundle, at: datetime, *, lock: bool = False) -> list[Member]:
    """Its drafts with their procedures; lock the bundle first (:func:`find`)."""
    drafts = drafts_of(bundle)
    return [
        Member(one, drafting.offer_of(one, at))
        for one in (drafts.select_for_update(of=("self",)) if lock else drafts)
    ]


def choose(bundle: Bundle, who: Visitor, wanted: Sequence[str], language: Language, at: datetime) -> None:
    """Begin a draft for each procedure newly wanted; one no longer wanted leaves the bundle and stays a draft."""
    present = {one.procedure: one for one in drafts_of(bundle)}
    for key, draft in present.items():
        if key not in wanted:
            leave(draft)
    for one in candidates(bundle, at):
        key = one.offer.procedure.id
        if key in wanted and key not in present and one.can_be_chosen:
            draft = drafting.begin(bundle.municipality, who, one.offer, "self", None, language, at)
            draft.bundle = bundle
            draft.save(update_fields=["bundle"])
    keep(bundle, at)


def leave(draft: Draft) -> None:
    """Take a draft out of its bundle: it goes on by itself, with everything that is in it."""
    draft.bundle = None
    draft.save(update_fields=["bundle"])


def keep(bundle: Bundle, at: datetime) -> None:
    """Write what changed; the drafts are kept as long as the bundle."""
    bundle.updated_at, bundle.expires_at = at, at + drafting.KEPT_FOR
    bundle.save()
    drafts_of(bundle).update(expires_at=bundle.expires_at)


def remember_helper(bundle: Bundle, who: Visitor) -> None:
    """What a helper wrote for all of them at once is recorded in each, as it is in a draft filled in by itself."""
    if who.assisted:
        drafts_of(bundle).update(assisted=who.assisted)


def known_of(bundle: Bundle, offered: Offer) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the town said, as far as this procedure's own form may be filled with it."""
    items = set(prefill_items(offered.procedure))
    grouped = [one for _, one in offered.procedure.fields() if one.is_group and one.household]
    inner = {item for one in grouped for column in one.fields for item in column.register.values()}
    values = {key: value for key, value in bundle.prefill.items() if key in items}
    people = [{key: value for key, value in one.items() if key in inner} for one in bundle.household]
    return values, people if inner else []
