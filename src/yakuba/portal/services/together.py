"""What the drafts of a bundle are asked together: the shared page, its answers copied into each draft, and back.

Call with the bundle locked (:func:`yakuba.portal.services.bundling.find`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yakuba.portal.models import Bundle, Draft
from yakuba.portal.services import bundling, drafting, prefilling
from yakuba.portal.services.bundling import Member
from yakuba.portal.texts import say
from yakuba.procedures import shared as engine
from yakuba.procedures.answers import visible_pages
from yakuba.procedures.conditions import View
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Page, Procedure
from yakuba.procedures.mandates import SLOT
from yakuba.procedures.prefill import apply_prefill, known_to_town
from yakuba.procedures.registry import shared_words
from yakuba.procedures.shared import PAGE, Shared
from yakuba.procedures.validation import Problem, validate_page


@dataclass(frozen=True, slots=True)
class Together:
    """A bundle with its drafts and the questions they share."""

    bundle: Bundle
    members: Sequence[Member]
    shared: tuple[Shared, ...]
    at: datetime

    @property
    def context(self) -> Context:
        return drafting.context_of(self.members[0].draft, self.at)

    @property
    def asking(self) -> Procedure:
        """The shared page as a form of its own, for the engine."""
        page = engine.page_of(self.shared, say("bundle.shared_title"))
        return replace(self.members[0].offer.procedure, pages=(page,), computed=(), hints=())

    def left_out(self, draft: Draft) -> frozenset[str]:
        """The fields of a draft that the shared page asks."""
        return engine.asked_elsewhere(self.shared, draft.procedure)

    def known(self) -> frozenset[str]:
        """The shared fields whose answer is what the town has on record."""
        bundle = self.bundle
        return known_to_town(self.asking, bundle.answers, bundle.prefill, bundle.household)


def together(bundle: Bundle, at: datetime, *, lock: bool = False) -> Together:
    """The bundle as it stands."""
    found = bundling.members(bundle, at, lock=lock)
    shared = engine.shared_questions([one.form(at) for one in found], shared_words())
    return Together(bundle, found, shared, at)


def refresh(it: Together) -> None:
    """Bring in what the town has answered meanwhile and what a draft that joined already says, then copy."""
    bundle, before = it.bundle, dict(it.bundle.answers)
    if not it.members:
        return
    for one in it.shared:
        if one.id not in bundle.answers and (value := _said(one, it.members)) is not None:
            bundle.answers[one.id] = value
    if bundle.prefill_state in ("answered", "applied"):
        bundle.answers = apply_prefill(
            it.asking, bundle.answers, bundle.prefill, bundle.household, it.context
        )
        bundle.prefill_state = "applied"
    bundle.save(update_fields=["answers", "prefill_state"])
    copy(it, before)
    for member in it.members:
        _fill(bundle, member, it.at)


def _said(one: Shared, members: Sequence[Member]) -> object:
    """What a draft has for a question that has come to be shared."""
    columns = [column.id for column in one.field.fields]
    for member in members:
        place = one.places.get(member.draft.procedure)
        value = member.draft.answers.get(place.id) if place else None
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list) and one.field.is_group:
            return [{key: row[key] for key in ("id", *columns) if key in row} for row in value]
        return value
    return None


def _fill(bundle: Bundle, member: Member, at: datetime) -> None:
    """The rest of a draft's own form, from the same answer of the town."""
    draft = member.draft
    if draft.prefill_state != "none" or bundle.prefill_state not in ("applied", "not_found"):
        return
    if bundle.prefill_state == "not_found":
        draft.prefill_state = "not_found"
    else:
        draft.prefill, draft.household = bundling.known_of(bundle, member.offer)
        draft.prefill_state = "answered"
    draft.save(update_fields=["prefill_state", "prefill", "household"])
    prefilling.apply(draft, member.offer, at)


def copy(it: Together, before: Mapping[str, Any], but: Draft | None = None) -> None:
    """Write the shared answers into every draft (``but`` one)."""
    for member in it.members:
        draft = member.draft
        if but is not None and draft.id == but.id:
            continue
        context = drafting.context_of(draft, it.at)
        answers = engine.copied(it.shared, draft.procedure, it.bundle.answers, draft.answers, context, before)
        if answers != draft.answers:
            draft.answers, draft.updated_at = answers, it.at
            draft.save(update_fields=["answers", "updated_at"])


def took(draft: Draft, at: datetime) -> None:
    """A page of ``draft`` was saved: what it says of shared rows, and what another form may be asked as well, goes on
    to the other drafts."""
    if draft.bundle is None:
        return
    it = together(draft.bundle, at, lock=True)
    before = dict(it.bundle.answers)
    it.bundle.answers = engine.changed_rows(it.shared, draft.procedure, draft.answers, before)
    copy(it, before, but=draft)
    _offer(it, draft)
    bundling.keep(it.bundle, at)


def _offer(it: Together, draft: Draft) -> None:
    own = next(one for one in it.members if one.draft.id == draft.id)
    for member in it.members:
        if member is own:
            continue
        target, alone = member.draft, it.left_out(member.draft)
        answers = engine.offered(
            own.offer.procedure, draft.answers, member.offer.procedure, target.answers, alone
        )
        if answers != target.answers:
            target.answers = answers
            target.save(update_fields=["answers"])


def left_out_of(draft: Draft, at: datetime) -> frozenset[str]:
    """The fields of ``draft`` that are asked elsewhere, or answered by the signed mandate in place of its letter (委任状)."""
    if draft.bundle is None:
        return frozenset({SLOT}) if draft.mandate else frozenset()
    return together(draft.bundle, at).left_out(draft)


def pages_of(draft: Draft, procedure: Procedure, left_out: frozenset[str], at: datetime) -> tuple[Page, ...]:
    """The pages that still ask something of this form itself."""
    context = drafting.context_of(draft, at)
    view = View(draft.answers, context)
    return tuple(
        page
        for page in visible_pages(procedure, draft.answers, context)
        if not left_out
        or any(
            field.id not in left_out and field.type != "static" and field.when.holds(view)
            for field in page.fields
        )
    )


def problems(it: Together) -> list[Problem]:
    """What is wrong on the shared page, by its own rules and by those of every form."""
    if not it.shared:
        return []
    found = list(validate_page(it.asking, PAGE, it.bundle.answers, it.context))
    seen = {one.path.split("-")[0] for one in found}
    for member in it.members:
        names = {
            place.id: one.id
            for one in it.shared
            for key, place in one.places.items()
            if key == member.draft.procedure
        }
        for problem in _own_problems(member, it.left_out(member.draft), it.at):
            field, dash, rest = problem.path.partition("-")
            if names[field] not in seen:
                seen.add(names[field])
                found.append(Problem(f"{names[field]}{dash}{rest}", problem.message, PAGE))
    return found


def _own_problems(member: Member, left_out: frozenset[str], at: datetime) -> list[Problem]:
    procedure, draft = member.offer.procedure, member.draft
    context = drafting.context_of(draft, at)
    return [
        problem
        for page in visible_pages(procedure, draft.answers, context)
        for problem in validate_page(procedure, page.id, draft.answers, context)
        if problem.path.split("-")[0] in left_out
    ]
