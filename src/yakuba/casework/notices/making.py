"""Making a notice that has its number: lay out, sign, keep, send; all in one transaction, so once or not at all."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now, utc_text
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.casework.notices.data import from_json
from yakuba.casework.notices.models import Notice, State
from yakuba.casework.notices.render import CannotPrint, renderer, view_of
from yakuba.casework.notices.sign import sign_pdf, signer_name
from yakuba.casework.notices.signals import notice_issued, notice_needs_a_person
from yakuba.casework.notices.signer import signers
from yakuba.casework.stamping import can_stamp, stamp
from yakuba.gateway import blobs, outbox
from yakuba.gateway.envelope import AttachmentRef, Envelope

WORKER = "zone:mynumber"


def make(municipality: str, notice_id: UUID, *, at: datetime | None = None) -> State:
    """Make the notice if it still waits; made already, it is left as it is.

    Returns:
        The state it is in afterwards.

    Raises:
        Notice.DoesNotExist: no such notice.
        NoNoticeKey, SigningError: the key could not be used; nothing is changed and it may be tried again.
    """
    moment = (at or now()).replace(microsecond=0)
    with under(municipality):
        notice = Notice.objects.select_for_update().get(id=notice_id)
        if notice.state == State.WAITING:
            _make(notice, moment)
        return State(notice.state)


def _make(notice: Notice, at: datetime) -> None:
    try:
        pdf = _signed_pdf(notice, at)
    except CannotPrint as problem:
        _hand_to_a_person(notice, problem)
        return
    reference = blobs.put(
        notice.municipality, pdf, slot="notice", filename=notice.filename, media_type="application/pdf",
        holder=f"notice:{notice.id}",
    )  # fmt: skip
    notice.sha256, notice.size = reference.sha256, reference.size
    notice.state, notice.issued_at, notice.problem = State.ISSUED, at, []
    notice.save(update_fields=["sha256", "size", "state", "issued_at", "problem", "signer"])
    notice_issued.send(sender=Notice, notice=notice)
    _send(notice, reference, at)


def _signed_pdf(notice: Notice, at: datetime) -> bytes:
    view = view_of(
        notice.municipality, notice.kind, from_json(notice.data), notice.full_number, verify_url(notice)
    )
    plain = renderer().pdf(view, at)
    signer = signers().of(notice.municipality)
    notice.signer = signer_name(signer)
    try:
        reason = f"{notice.title} {notice.full_number}"
        return sign_pdf(plain, signer, at, reason, stamp if can_stamp() else None)
    except Exception:
        signers().forget()  # an HSM's dead session must not be kept; the worker tries again
        raise


def _hand_to_a_person(notice: Notice, problem: CannotPrint) -> None:
    notice.state = State.MANUAL
    notice.problem = [{"character": one.character, "code_points": one.code_points} for one in problem.missing]
    notice.save(update_fields=["state", "problem"])
    notice_needs_a_person.send(sender=Notice, notice=notice)
    listed = ", ".join(one.code_points for one in problem.missing)
    append(_event(notice, "notice.needs_a_person", code_points=listed))


def _send(notice: Notice, reference: AttachmentRef, at: datetime) -> None:
    body = {
        "application_id": str(notice.application_id),
        "notice_id": str(notice.id),
        "title": notice.title,
        "sha256": notice.sha256,
        "issued_at": utc_text(at),
    }
    envelope = Envelope(
        uuid7(), notice.municipality, "notice.issued", "mynumber", "internet", at, body, (reference,)
    )
    outbox.post(envelope, _event(notice, "notice.issued", sha256=notice.sha256, signer=notice.signer))


def _event(notice: Notice, action: str, **facts: str) -> AuditEvent:
    facts = {"number": notice.full_number, "case": str(notice.case_id), **facts}
    return AuditEvent(WORKER, action, f"notice:{notice.id}", notice.municipality, facts)


def verify_url(notice: Notice) -> str:
    """The portal's page that checks the file (and that a phone opens from the printed code)."""
    origin = str(getattr(settings, "PORTAL_ORIGIN", "")).rstrip("/")
    return f"{origin}/{notice.municipality}/verify/?{urlencode({'n': str(notice.id)})}"
