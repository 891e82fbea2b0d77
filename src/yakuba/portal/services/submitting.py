"""Submission: one transaction writes the application, the message to the My Number zone, and the audit record.

The receipt number (受付番号) follows from the application's id, so it is there at once and always the same. A draft
becomes an application of the same id: sending twice, going back and sending again, or two tabs at once end at the one
application.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.base.ids import receipt_number, uuid7
from yakuba.card.outcomes import Verdict
from yakuba.gateway import blobs, outbox
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.portal.models import Application, Draft, SignIn
from yakuba.portal.services.drafting import kept_files
from yakuba.portal.services.mandates import attached

# The application and the first step of its history, in one round trip.
_RECORD = """
WITH application AS (
    INSERT INTO portal_application (municipality, id, receipt_number, owner, procedure, version, role, mode,
        document_sha256, submitted_at, status, status_at, bundle, previous, asked, message, answers, attachments,
        applicant_for, language)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'received', %s, %s, %s, '[]', %s, %s::jsonb, %s::jsonb, %s::jsonb, %s)
    ON CONFLICT (id) DO NOTHING RETURNING id
)
INSERT INTO portal_status_change (municipality, id, application_id, status, at)
SELECT %s, %s, id, 'received', %s FROM application RETURNING true
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows whose application it is: a signature over the document, or the sign-in where that is enough."""

    mode: str  # signature, login
    signature: bytes | None
    login: SignIn | None
    verdict: Verdict
    bundle: Mapping[str, Any] | None = None  # the manifest, where the signature covers several applications
    cosignature: bytes | None = None  # a second person's signature over the same document


@dataclass(frozen=True, slots=True)
class Sending:
    """An application about to be sent: the document, judged already, its canonical bytes, and whose it is.

    ``message`` is the gateway's number of the envelope it goes out in.
    """

    document: Mapping[str, Any]
    content: bytes
    proof: Proof
    owner: str
    at: datetime
    mandate: UUID | None = None
    message: UUID = field(default_factory=uuid7)

    @property
    def id(self) -> UUID:
        return UUID(self.document["application_id"])

    @property
    def municipality(self) -> str:
        return str(self.document["municipality"])

    @property
    def bundle_id(self) -> UUID | None:
        return UUID(self.proof.bundle["bundle_id"]) if self.proof.bundle else None

    @property
    def sha256(self) -> str:
        return sha256_hex(self.content)


def submit(draft: Draft, document: Mapping[str, Any], proof: Proof, owner: str, at: datetime) -> UUID:
    """Send ``document`` (the draft's, already judged). Call with the draft locked, under its municipality.

    The draft is gone afterwards; its files are held by the outbox until the end-to-end receipt. Returns the
    application's id.
    """
    sending = Sending(document, canonical_bytes(document), proof, owner, at, draft.mandate)
    with transaction.atomic():
        if not record(sending):
            raise IntegrityError(
                f"application {sending.id} has been sent already, and its draft is still here"
            )
        if draft.mandate:
            Application.objects.filter(id=sending.id).update(mandate=draft.mandate)
        if draft.previous:
            Application.objects.filter(id=draft.previous, owner=owner).update(replaced_by=sending.id)
        files, holder = _files_of(draft, document), f"draft:{draft.id}"
        draft.delete()
        # before the audit record, whose chain everybody waits for
        blobs.hand_over(
            sending.municipality,
            holder,
            outbox.holder(sending.message),
            sorted({ref.sha256 for ref in files}),
        )
        blobs.release(sending.municipality, holder)
        dispatch(sending, files)
    return sending.id


def record(sending: Sending) -> bool:
    """Write the application as its owner follows it, inside ``under(municipality)``; ``False`` if there is one of
    this id already (which stays as it is)."""
    document, municipality = sending.document, sending.municipality
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                municipality, sending.id, receipt_number(sending.id), sending.owner, document["procedure"],
                document["version"], document["applicant"]["role"], sending.proof.mode, sending.sha256, sending.at,
                sending.at, sending.bundle_id, document["previous"], sending.message, _json(document["answers"]),
                _json(document["attachments"]), _json(document["applicant"]["for"]), document["language"],
                municipality, uuid7(), sending.at,
            ],
        )  # fmt: skip
        return cursor.fetchone() is not None


def dispatch(sending: Sending, files: tuple[AttachmentRef, ...]) -> None:
    """Send it on its way; ``files`` are held by its message already. Writes the audit record: call it last."""
    facts = {
        "procedure": sending.document["procedure"],
        "mode": sending.proof.mode,
        "sha256": sending.sha256,
    }
    if sending.bundle_id:
        facts["bundle"] = str(sending.bundle_id)
    subject = f"application:{sending.id}"
    event = AuditEvent(
        f"resident:{sending.owner}", "application.submitted", subject, sending.municipality, facts
    )
    outbox.post(_envelope(sending, files), event)


def _files_of(draft: Draft, document: Mapping[str, Any]) -> tuple[AttachmentRef, ...]:
    sent = {(one["slot"], one["sha256"]) for one in document["attachments"]}
    return tuple(
        AttachmentRef(one.slot, one.filename, one.media_type, one.size, one.sha256)
        for one in kept_files(draft)
        if (one.slot, one.sha256) in sent
    )


def _envelope(sending: Sending, files: tuple[AttachmentRef, ...]) -> Envelope:
    proof = sending.proof
    body = {
        "receipt_number": receipt_number(sending.id),
        "application": dict(sending.document),
        "mode": proof.mode,
        "signature": base64.b64encode(proof.signature).decode("ascii") if proof.signature else None,
        "login": _login(proof.login) if proof.login else None,
        "bundle": dict(proof.bundle) if proof.bundle else None,
        "submitted_at": utc_text(sending.at),
        "verdict": proof.verdict.as_dict(),
    }
    if proof.cosignature:
        body["cosignature"] = base64.b64encode(proof.cosignature).decode("ascii")
    if mandate := attached(sending.mandate):
        body["mandate"] = mandate
    return Envelope(
        id=sending.message, municipality=sending.municipality, kind="application.submitted", sender="internet",
        recipient="mynumber", created_at=sending.at, body=body, attachments=files, in_reply_to=None,
    )  # fmt: skip


def _login(record: SignIn) -> dict[str, str]:
    return {"certificate": record.certificate, "challenge": record.challenge, "signature": record.signature}


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
