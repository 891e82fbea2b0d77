"""What the resident sees and signs: the canonical application, fixed when the resident's page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.texts import LANGUAGES, Language
from yakuba.casework.counter import filling
from yakuba.casework.counter.offers import Offer
from yakuba.casework.counter.visits import context_of, role_of
from yakuba.casework.models import CounterVisit
from yakuba.procedures.application import Assistance, application_document
from yakuba.procedures.summary import Section, summary
from yakuba.procedures.validation import Problem


@dataclass(frozen=True, slots=True)
class Prepared:
    """The document, and what is still wrong with it (nothing, or it cannot be signed)."""

    document: dict[str, Any]
    problems: tuple[Problem, ...]

    @property
    def content(self) -> bytes:
        """The RFC 8785 bytes: what is signed."""
        return canonical_bytes(self.document)

    @property
    def sha256(self) -> str:
        """Of :attr:`content`, in lower-case hexadecimal digits."""
        return sha256_hex(self.content)


def language_of(visit: CounterVisit) -> Language:
    """The language the resident reads in."""
    return next((one for one in LANGUAGES if one == visit.language), "ja")


def prepare(visit: CounterVisit, chosen: Offer, at: datetime) -> Prepared:
    """The document as of ``at``. One that says the same keeps the bytes it had, as long as the day is the same."""
    fresh = _document(visit, chosen, at)
    kept = visit.prepared
    if kept and _same(kept, fresh):
        fresh = kept
    else:
        visit.prepared = fresh
        visit.save(update_fields=["prepared", "language"])
    return Prepared(fresh, tuple(filling.problems_of(visit, chosen, at)))


def _same(kept: dict[str, Any], fresh: dict[str, Any]) -> bool:
    """Whether nothing but the time of day differs."""

    def timeless(one: dict[str, Any]) -> dict[str, Any]:
        return {**one, "created_at": one["created_at"][:10], "assisted": one["assisted"]["helper"]}

    return timeless(kept) == timeless(fresh)


def _document(visit: CounterVisit, chosen: Offer, at: datetime) -> dict[str, Any]:
    """The clerk stands in the signed document as who helped: that the resident did not type it is part of the truth."""
    helper = f"{visit.clerk.display_name} (書かない窓口)"
    return application_document(
        chosen.procedure, visit.answers, application_id=visit.id, municipality=visit.municipality, role=role_of(visit),
        applicant_for=visit.applicant_for, attachments=(), language=language_of(visit), created_at=at,
        assisted=Assistance(helper, at),
    )  # fmt: skip


def sections(
    visit: CounterVisit, chosen: Offer, prepared: Prepared, language: Language, at: datetime
) -> tuple[Section, ...]:
    """The document in words, page by page; documents that were looked at are shown apart."""
    shown = filling.without_files(chosen.procedure)
    return summary(shown, prepared.document["answers"], (), language, context_of(visit, at))
