"""The document that is shown, signed and sent. It is fixed when the review page shows it, so that what a resident
sees is byte for byte what the card signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.texts import Language
from yakuba.portal.languages import as_language
from yakuba.portal.models import Draft
from yakuba.portal.services import cosigning
from yakuba.portal.services.drafting import context_of, filled_slots, kept_files, role_of
from yakuba.portal.services.offers import Offer
from yakuba.procedures.application import Assistance, AttachedFile, application_document
from yakuba.procedures.summary import Section, summary
from yakuba.procedures.validation import Problem, validate_all


@dataclass(frozen=True, slots=True)
class Prepared:
    """The document, its bytes, and whether anything is still wrong with it."""

    document: Mapping[str, Any]
    problems: tuple[Problem, ...]

    @property
    def content(self) -> bytes:
        return canonical_bytes(self.document)

    @property
    def sha256(self) -> str:
        return sha256_hex(self.content)


def prepare(draft: Draft, chosen: Offer, at: datetime) -> Prepared:
    """The draft's document as of ``at``. An unchanged draft keeps the document it had (same bytes, same time), as long
    as the day is the same: age and deadline conditions look at the day. What a second person was asked to sign keeps
    its day and its language too, until it says something else; whether it is right is looked at as of today all the same."""
    fresh = _document(draft, chosen, at)
    kept = draft.prepared
    if kept and (_same(kept, fresh) or (_says_the_same(kept, fresh) and _waits(draft, chosen, kept, at))):
        fresh = kept
    elif kept != fresh:
        draft.prepared = fresh
        draft.save(update_fields=["prepared", "language"])
    problems = validate_all(chosen.procedure, draft.answers, context_of(draft, at), filled_slots(draft))
    return Prepared(fresh, tuple(problems))


def _same(kept: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    day_kept, day_fresh = (str(one["created_at"])[:10] for one in (kept, fresh))
    return {**kept, "created_at": ""} == {**fresh, "created_at": ""} and day_kept == day_fresh


def _says_the_same(kept: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    free = {"created_at": "", "language": ""}
    return {**kept, **free} == {**fresh, **free}


def _waits(draft: Draft, chosen: Offer, kept: Mapping[str, Any], at: datetime) -> bool:
    asked = chosen.procedure.cosigning is not None
    return asked and cosigning.holds_still(draft, sha256_hex(canonical_bytes(kept)), at)


def _document(draft: Draft, chosen: Offer, at: datetime) -> dict[str, Any]:
    return application_document(
        chosen.procedure, draft.answers, application_id=draft.id, municipality=draft.municipality,
        role=role_of(draft.role), applicant_for=draft.applicant_for, attachments=attachments(draft),
        language=as_language(draft.language), created_at=at, assisted=_assistance(draft), previous=draft.previous,
    )  # fmt: skip


def attachments(draft: Draft) -> list[AttachedFile]:
    """The files of the draft, and those of the application it corrects that still stand."""
    own = [
        AttachedFile(one.slot, one.filename, one.media_type, one.size, one.sha256)
        for one in kept_files(draft)
    ]
    replaced = {one.slot for one in own}
    return own + [AttachedFile(**one) for one in draft.carried if one["slot"] not in replaced]


def _assistance(draft: Draft) -> Assistance | None:
    if not draft.assisted:
        return None
    helper = f"{draft.assisted['helper']} ({draft.assisted['organisation']})"
    return Assistance(helper, datetime.fromisoformat(draft.assisted["consent_at"]))


def sections(
    draft: Draft, chosen: Offer, prepared: Prepared, language: Language, at: datetime
) -> tuple[Section, ...]:
    """The document in words, page by page."""
    document = prepared.document
    return summary(
        chosen.procedure, document["answers"], document["attachments"], language, context_of(draft, at)
    )
