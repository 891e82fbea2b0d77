"""Drafts: begun, found again by their owner only, kept thirty days from the last change."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.base.clock import japan_day
from yakuba.base.texts import Language
from yakuba.gateway import blobs, disk
from yakuba.portal.languages import as_language
from yakuba.portal.models import Bundle, Draft, Upload
from yakuba.portal.services.offers import Offer, UnknownProcedure, offer
from yakuba.portal.texts import say
from yakuba.portal.visitors import Visitor
from yakuba.procedures.context import ROLES, Context, Role
from yakuba.procedures.mandates import SLOT
from yakuba.procedures.moving import Moved, moved
from yakuba.procedures.overrides import Opening

KEPT_FOR = timedelta(days=30)


class NoRoom(Exception):
    """The disk is so full that what was begun needs the rest of it."""


def belonging_to(who: Visitor) -> QuerySet[Draft]:
    """The drafts ``who`` may see: those of the certificate signed in with, and those this browser began before."""
    own = Q(owner="", browser=who.browser)
    return Draft.objects.filter(own | Q(owner=who.owner) if who.owner else own)


def find(who: Visitor, draft_id: UUID, *, lock: bool = False) -> Draft | None:
    """The draft if it is ``who``'s; to anybody else it does not exist."""
    drafts = belonging_to(who)
    if lock and (bundle := drafts.filter(id=draft_id).values_list("bundle", flat=True).first()):
        # always before its drafts: a page of one draft may write into the others
        Bundle.objects.select_for_update().filter(id=bundle).first()
    return (drafts.select_for_update() if lock else drafts).filter(id=draft_id).first()


def begin(
    municipality: str, who: Visitor, chosen: Offer, role: Role, applicant_for: Mapping[str, str] | None,
    language: Language, at: datetime, answers: Mapping[str, Any] | None = None, *, asked_for: bool = False,
) -> Draft:  # fmt: skip
    """A new draft. ``asked_for``: the town waits for it (a correction), so it is begun on a nearly full disk too.

    Raises:
        NoRoom: the disk is nearly full.
    """
    if not asked_for and not disk.has_room():
        raise NoRoom
    return Draft.objects.create(
        municipality=municipality, owner=who.owner or "", browser=who.browser, procedure=chosen.procedure.id,
        version=chosen.procedure.version, role=role, applicant_for=dict(applicant_for) if applicant_for else None,
        answers=dict(answers or {}), assisted=who.assisted, language=language, created_at=at, updated_at=at,
        expires_at=at + KEPT_FOR,
    )  # fmt: skip


def keep(draft: Draft, who: Visitor, at: datetime) -> None:
    """Write what was typed; every change renews the thirty days. A helper at the device is recorded."""
    draft.updated_at, draft.expires_at = at, at + KEPT_FOR
    if who.assisted:
        draft.assisted = who.assisted
    draft.save()


def context_of(draft: Draft, at: datetime) -> Context:
    """The day (in Japan) and the role the form's conditions look at."""
    return Context(japan_day(at), role_of(draft.role))


def role_of(text: str) -> Role:
    """``text`` as a role.

    Raises:
        ValueError: there is no such role.
    """
    for role in ROLES:
        if text == role:
            return role
    raise ValueError(f"{text!r} is no role; there are {', '.join(ROLES)}")


def offer_of(draft: Draft, at: datetime) -> Offer:
    """The procedure as the town offers it, in the version in force: a draft begun before a change of the law moves on
    with its answers, and keeps what to tell of that. A correction stays with the version of the application it corrects.
    A procedure that has ended is shown as it was, closed.

    Raises:
        UnknownProcedure: neither is known here any more.
    """
    today = japan_day(at)
    if draft.previous:
        return offer(draft.procedure, today, draft.version)
    try:
        current = offer(draft.procedure, today)
    except UnknownProcedure:
        return replace(
            offer(draft.procedure, today, draft.version), opening=Opening(False, say("draft.ended"))
        )
    if draft.version != current.procedure.version:
        _move_on(draft, current, at)
    return current


def _move_on(draft: Draft, current: Offer, at: datetime) -> None:
    """Bring the answers into the version in force."""
    if (before := _offered(draft, at)) is not None:
        found = moved(
            before.procedure,
            current.procedure,
            draft.answers,
            context_of(draft, at),
            as_language(draft.language),
        )
        draft.answers = dict(found.answers)
        draft.seen_pages = [page for page in draft.seen_pages if page not in found.pages]
        draft.moved = told(found) or draft.moved
    draft.version = current.procedure.version
    draft.save(update_fields=["version", "answers", "seen_pages", "moved"])


def _offered(draft: Draft, at: datetime) -> Offer | None:
    try:
        return offer(draft.procedure, japan_day(at), draft.version)
    except UnknownProcedure:
        return None


def told(found: Moved) -> dict[str, Any] | None:
    """What the resident is told of a move, as the draft keeps it."""
    if found.silent:
        return None
    lost = [{"label": asdict(one.label), "value": one.value} for one in found.lost]
    return {"lost": lost, "fresh": [asdict(one) for one in found.fresh]}


def kept_files(draft: Draft) -> QuerySet[Upload]:
    """The files that have arrived whole, in the order of their slots."""
    return draft.uploads.filter(state="kept").order_by("slot", "created_at")


def filled_slots(draft: Draft) -> set[str]:
    """Slots that have a file: uploaded now, or standing from the application that is being corrected. A mandate made here
    takes the place of the letter."""
    carried = {str(one["slot"]) for one in draft.carried}
    by_mandate = {SLOT} if draft.mandate else set()
    return carried | by_mandate | set(kept_files(draft).values_list("slot", flat=True))


def remove(draft: Draft) -> None:
    """Delete a draft and let go of its files."""
    blobs.release(draft.municipality, f"draft:{draft.id}")
    draft.delete()
