"""The canonical application: the one document that is signed, sent, decided on and kept."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import japan_day, utc_text
from yakuba.base.texts import Language
from yakuba.procedures.answers import clean
from yakuba.procedures.context import Answers, Context, Role
from yakuba.procedures.definition import Procedure
from yakuba.procedures.slots import visible_slots

FORMAT = "application/1"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file as the signature covers it; ``sha256`` in lower-case hexadecimal digits, ``size`` in bytes."""

    slot: str
    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Assistance:
    """Assisted mode: who helped, and when the resident agreed to it (UTC)."""

    helper: str
    consent_at: datetime


def context_of(application: Mapping[str, Any]) -> Context:
    """The context an application was made in: its role, and the day in Japan on which it was made."""
    made = datetime.fromisoformat(application["created_at"])
    return Context(japan_day(made), application["applicant"]["role"])


def application_document(
    procedure: Procedure,
    answers: Answers,
    *,
    application_id: uuid.UUID,
    municipality: str,
    role: Role,
    applicant_for: Mapping[str, str] | None,
    attachments: Sequence[AttachedFile],
    language: Language,
    created_at: datetime,
    assisted: Assistance | None = None,
    previous: uuid.UUID | None = None,
) -> dict[str, Any]:
    """The application as plain values for :func:`~yakuba.base.canonical.canonical_bytes`.

    Hidden answers and files in slots that are not visible are left out; times are UTC to the second.

    Raises:
        ValueError: ``created_at`` (or the consent) without a time zone.
    """
    context = Context(japan_day(created_at), role)
    cleaned = clean(procedure, answers, context)
    visible = {slot.key for slot in visible_slots(procedure, cleaned, context)}
    kept = sorted((one for one in attachments if one.slot in visible), key=lambda one: (one.slot, one.sha256))
    return {
        "yakuba": FORMAT,
        "application_id": str(application_id),
        "municipality": municipality,
        "procedure": procedure.id,
        "version": procedure.version,
        "answers": cleaned,
        "attachments": [asdict(one) for one in kept],
        "applicant": {"role": role, "for": None if applicant_for is None else dict(applicant_for)},
        "assisted": None
        if assisted is None
        else {"helper": assisted.helper, "consent_at": utc_text(assisted.consent_at)},
        "previous": None if previous is None else str(previous),
        "language": language,
        "created_at": utc_text(created_at),
    }


def application_bytes(document: Mapping[str, Any]) -> bytes:
    """What is signed: the RFC 8785 bytes of the document."""
    return canonical_bytes(document)
