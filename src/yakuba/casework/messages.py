"""What arrives at the desk from the internet zone: one handler per kind of message."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from yakuba.audit.events import AuditEvent
from yakuba.base.catalog import text
from yakuba.base.clock import now, today
from yakuba.casework import copying, intake, mandates, mandates_ended, outward, prefilling, renewals, wards
from yakuba.casework.models import Case, Correction, Proposal
from yakuba.casework.moves import ZONE_ACTOR, lock_case, make_move
from yakuba.casework.policies import Situation, can_move
from yakuba.casework.workflow import Status
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import Passing
from yakuba.gateway.inbox import handler

Asked = TypeVar("Asked")

# What the resident is shown for a case's status when a withdrawal comes too late.
_SHOWN = {
    Status.DECIDED: "decided",
    Status.REJECTED: "rejected",
    Status.NOTICE_ISSUED: "notice_issued",
    Status.WITHDRAWN: "withdrawn",
    Status.REPLACED: "correction_requested",
}


class NotArrivedYet(Passing):
    """A message about an application that is still on its way; it is tried again later."""


@handler("application.submitted")
def application_submitted(envelope: Envelope) -> None:
    """Keep the application, whatever it is (:mod:`~yakuba.casework.intake`)."""
    intake.receive(envelope)


@handler("application.withdrawn")
def application_withdrawn(envelope: Envelope) -> None:
    """The resident takes the application back; too late once it is decided, which the resident is told."""
    at = now()
    try:
        case = lock_case(uuid.UUID(str(envelope.body.get("application_id"))))
    except ValueError:
        intake.keep_unreadable(envelope, "申請の番号が正しい形ではありません。", at)
        return
    except Case.DoesNotExist:
        raise NotArrivedYet("the application this withdraws has not arrived yet") from None
    reason = str(envelope.body.get("reason") or "")[:2000]
    if can_move("withdraw", Situation(case)):
        _withdraw(case, reason, at)
    elif case.status != Status.WITHDRAWN:
        _too_late(case, at)


@handler("mandate.revoked")
def mandate_revoked(envelope: Envelope) -> None:
    """A mandate was revoked in the portal: it counts from then on, and the desk sees when."""
    body = envelope.body
    found = _readable(
        envelope,
        lambda: mandates.revoke(envelope.municipality, body.get("mandate_id"), body.get("revoked_at")),
    )
    if found:
        mandates_ended.reconsider(found, now())


@handler("prefill.requested")
def prefill_requested(envelope: Envelope) -> None:
    """The resident's form asks what the town knows."""
    if asked := _readable(envelope, lambda: prefilling.read_request(envelope.body)):
        prefilling.answer(envelope.municipality, asked, now(), today())


@handler("certificates.requested")
def certificates_requested(envelope: Envelope) -> None:
    """Somebody has signed in with a certificate the portal does not know yet."""
    if asked := _readable(envelope, lambda: renewals.read_request(envelope.body, envelope.created_at)):
        renewals.answer(envelope.municipality, asked, now())


@handler("wards.requested")
def wards_requested(envelope: Envelope) -> None:
    """Somebody asks whom the town knows them to act for by law."""
    at = envelope.created_at
    if asked := _readable(envelope, lambda: renewals.read_request(envelope.body, at, "a holder's wards")):
        wards.answer(envelope.municipality, asked, now(), today())


@handler("copy.requested")
def copy_requested(envelope: Envelope) -> None:
    """Somebody wants to apply again with the answers of an earlier application."""
    if asked := _readable(envelope, lambda: copying.read_request(envelope.body, envelope.created_at)):
        copying.answer(envelope.municipality, asked, now())


def _readable(envelope: Envelope, read: Callable[[], Asked]) -> Asked | None:
    """What was asked; a question that is none is kept for people to look at."""
    try:
        return read()
    except ValueError as problem:
        intake.keep_unreadable(envelope, str(problem), now())
        return None


def _withdraw(case: Case, reason: str, at: datetime) -> None:
    Proposal.objects.filter(case=case, state="open").update(state="withdrawn", decided_at=at)
    Correction.objects.filter(case=case, state="open").update(state="closed")
    case.manual_reason = ""
    make_move(case, "withdraw", None, at, note=reason)


def _too_late(case: Case, at: datetime) -> None:
    event = AuditEvent(ZONE_ACTOR, "case.withdrawal_too_late", case.subject, case.municipality, {})
    shown = _SHOWN[Status(case.status)]
    outward.tell_status(case, shown, at, event, text(outward.ROOM, "residents.too_late_to_withdraw"))
