"""Submission: one transaction writes the application, the message to the My Number zone, and the audit record.

The receipt number (受付番号) follows from the application's id, so it is there at once and always the same. A draft
becomes an application of the same id: sending twice, going back and sending again, or two tabs at once end at the one
application.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.base.ids import receipt_number, uuid7
from yakuba.card.outcomes import Verdict
from yakuba.gateway import blobs, outbox
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.portal.models import Application, Draft, SignIn, StatusChange
from yakuba.portal.services.drafting import kept_files


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows whose application it is: a signature over the document, or the sign-in where that is enough."""

    mode: str  # signature, login
    signature: bytes | None
    login: SignIn | None
    verdict: Verdict


def submit(draft: Draft, document: Mapping[str, Any], proof: Proof, owner: str, at: datetime) -> Application:
    """Send ``document`` (the draft's, already judged). Call with the draft locked, under its municipality.

    The draft is gone afterwards; its files are held by the outbox until the end-to-end receipt.
    """
    with transaction.atomic():
        envelope = _envelope(draft, document, proof, at)
        application = _application(draft, document, proof, owner, at, envelope)
        StatusChange.objects.create(
            municipality=draft.municipality, application=application, status="received", at=at
        )
        if draft.previous:
            Application.objects.filter(id=draft.previous, owner=owner).update(replaced_by=application.id)
        facts = {"procedure": draft.procedure, "mode": proof.mode, "sha256": application.document_sha256}
        holder, municipality = f"draft:{draft.id}", draft.municipality
        draft.delete()
        # before the audit record, whose chain everybody waits for
        files = sorted({ref.sha256 for ref in envelope.attachments})
        blobs.hand_over(municipality, holder, outbox.holder(envelope.id), files)
        blobs.release(municipality, holder)
        outbox.post(
            envelope,
            AuditEvent(
                f"resident:{owner}",
                "application.submitted",
                f"application:{application.id}",
                municipality,
                facts,
            ),
        )
    return application


def _application(
    draft: Draft, document: Mapping[str, Any], proof: Proof, owner: str, at: datetime, envelope: Envelope
) -> Application:
    return Application.objects.create(
        id=draft.id, municipality=draft.municipality, receipt_number=receipt_number(draft.id), owner=owner,
        procedure=draft.procedure, version=draft.version, role=draft.role, mode=proof.mode,
        document_sha256=sha256_hex(canonical_bytes(document)), submitted_at=at, status_at=at,
        previous=draft.previous, message=envelope.id, answers=document["answers"],
        attachments=document["attachments"], applicant_for=draft.applicant_for, language=draft.language,
    )  # fmt: skip


def _envelope(draft: Draft, document: Mapping[str, Any], proof: Proof, at: datetime) -> Envelope:
    body = {
        "receipt_number": receipt_number(draft.id),
        "application": dict(document),
        "mode": proof.mode,
        "signature": base64.b64encode(proof.signature).decode("ascii") if proof.signature else None,
        "login": _login(proof.login) if proof.login else None,
        "submitted_at": utc_text(at),
        "verdict": proof.verdict.as_dict(),
    }
    sent = {(one["slot"], one["sha256"]) for one in document["attachments"]}
    refs = tuple(
        AttachmentRef(one.slot, one.filename, one.media_type, one.size, one.sha256)
        for one in kept_files(draft)
        if (one.slot, one.sha256) in sent
    )
    return Envelope(
        id=uuid7(), municipality=draft.municipality, kind="application.submitted", sender="internet",
        recipient="mynumber", created_at=at, body=body, attachments=refs, in_reply_to=None,
    )  # fmt: skip


def _login(record: SignIn) -> dict[str, str]:
    return {"certificate": record.certificate, "challenge": record.challenge, "signature": record.signature}
