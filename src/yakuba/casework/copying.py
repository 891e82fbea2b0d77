"""Answering what an earlier application said (``copy.requested``), to the very person who sent it.

The answers leave this zone for one draft, as they do with a correction request. Whoever asks must show a sign-in that
this zone itself finds good, and must be the one person to whom the certificate of the earlier application was issued.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.card.outcomes import Signer
from yakuba.casework import outward
from yakuba.casework.models import Case
from yakuba.casework.renewals import holder_of, login_in, signed_in
from yakuba.casework.verification import Sources, moment_of_receipt
from yakuba.registers import people


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, read from the message."""

    request_id: uuid.UUID
    draft_id: uuid.UUID
    application_id: uuid.UUID
    login: Mapping[str, Any]
    asked_at: datetime


def read_request(body: Mapping[str, Any], asked_at: datetime) -> Request:
    """The request in a message's body.

    Raises:
        ValueError: it is none.
    """
    login = login_in(body, "earlier answers")
    names = ("request_id", "draft_id", "application_id")
    request, draft, application = (uuid.UUID(str(body.get(name))) for name in names)
    return Request(request, draft, application, login, asked_at)


def answer(municipality: str, asked: Request, at: datetime, using: Sources | None = None) -> bool:
    """Answer with the earlier application's answers. Returns whether they were given."""
    signer = signed_in(municipality, asked.login, moment_of_receipt(asked.asked_at, at), using)
    case = Case.objects.filter(id=asked.application_id).select_related("document").first()
    allowed = case is not None and signer is not None and _sent_by(case, signer)
    body: dict[str, Any] = {
        "request_id": str(asked.request_id), "draft_id": str(asked.draft_id), "found": allowed,
    }  # fmt: skip
    if case is not None and allowed:
        body |= {"version": case.version, "answers": case.document.answers}
    actor = f"resident:{signer.issuer_key_id}/{signer.serial}" if signer else "resident:unproven"
    event = AuditEvent(
        actor, "copy.answered", f"application:{asked.application_id}", municipality, {"found": str(allowed)}
    )
    outward.post(municipality, "copy.answered", body, at, event)
    return allowed


def _sent_by(case: Case, signer: Signer) -> bool:
    """Whether the certificate that sent ``case`` was issued to the holder of this one."""
    holder = holder_of(signer)
    senders = people.by_certificate(case.issuer_key_id, case.serial)
    return bool(holder) and [one.person.atena_number for one in senders] == [holder]
