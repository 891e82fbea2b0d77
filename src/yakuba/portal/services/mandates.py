"""Giving a mandate, taking it, ending it, and applying with it."""

import base64
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import japan_day, utc_text
from yakuba.base.ids import receipt_number, uuid7
from yakuba.base.texts import Text
from yakuba.card.outcomes import Verdict
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.models import Draft, MandataryCode, Mandate
from yakuba.portal.services import verdicts
from yakuba.portal.services.offers import Offer, offers
from yakuba.portal.texts import say
from yakuba.procedures.definition import Applicant, Procedure
from yakuba.procedures.mandates import ROLES, covers, in_period, mandate_document

CODE_LIFE = timedelta(days=7)
OPEN = ("given", "accepted")


def code_of(municipality: str, owner: str, at: datetime) -> MandataryCode:
    """The code ``owner`` shows; a new one where the last has run out."""
    found, _ = MandataryCode.objects.select_for_update().get_or_create(
        municipality=municipality, owner=owner, defaults={"code": receipt_number(uuid7()), "expires_at": at + CODE_LIFE}
    )  # fmt: skip
    if found.expires_at < at:
        found.code, found.expires_at = receipt_number(uuid7()), at + CODE_LIFE
        found.save(update_fields=["code", "expires_at"])
    return found


def behind(code: str, at: datetime) -> str | None:
    """Whose code it is; None for a code that is nobody's, or has run out."""
    found = MandataryCode.objects.filter(code=code, expires_at__gte=at).first()
    return found.owner if found else None


def possible(today: date) -> list[Offer]:
    """The procedures for which somebody with a mandate may apply."""
    return [one for one in offers(today) if roles_of(one.procedure)]


def roles_of(procedure: Procedure) -> list[Applicant]:
    """In which roles somebody with a mandate may apply, the plain representative first."""
    return [who for role in ROLES for who in procedure.applicants if who.role == role]


def write(
    municipality: str, principal: str, mandatary: str, procedures: Sequence[str], until: date, note: str,
    at: datetime,
) -> Mandate:  # fmt: skip
    """A mandate that waits for its signature."""
    number = uuid7()
    document = mandate_document(
        mandate_id=number, municipality=municipality, mandatary=mandatary, procedures=procedures,
        first=japan_day(at), until=until, created_at=at,
    )  # fmt: skip
    return Mandate.objects.create(
        id=number, municipality=municipality, principal=principal, mandatary=mandatary, note=note,
        document=document, until=until, created_at=at, state_at=at,
    )  # fmt: skip


def content(mandate: Mandate) -> bytes:
    """What is signed."""
    return canonical_bytes(mandate.document)


def give(mandate: Mandate, cms: bytes, verdict: Verdict, at: datetime) -> None:
    """Keep the good signature: the mandatary sees the mandate from now on."""
    attributes = verdict.signer.attributes if verdict.signer else None
    mandate.signature, mandate.principal_name = cms, attributes.name[:200] if attributes else ""
    _become(mandate, "given", mandate.principal, at)


def answer(mandate: Mandate, accepted: bool, at: datetime) -> None:
    """The mandatary takes the mandate or declines it; a second answer changes nothing."""
    if mandate.state == "given":
        _become(mandate, "accepted" if accepted else "declined", mandate.mandatary, at)


def revoke(mandate: Mandate, at: datetime) -> None:
    """End it at once (民法651条1項: at any time). The inner zone is told; a second time changes nothing."""
    if mandate.state not in OPEN:
        return
    mandate.state, mandate.state_at = "revoked", at
    mandate.save(update_fields=["state", "state_at"])
    body = {"mandate_id": str(mandate.id), "revoked_at": utc_text(at)}
    envelope = Envelope(
        id=uuid7(), municipality=mandate.municipality, kind="mandate.revoked", sender="internet",
        recipient="mynumber", created_at=at, body=body, attachments=(), in_reply_to=None,
    )  # fmt: skip
    outbox.post(envelope, _event(mandate, "mandate.revoked", mandate.principal))


def _become(mandate: Mandate, state: str, who: str, at: datetime) -> None:
    mandate.state, mandate.state_at = state, at
    mandate.save()
    append(_event(mandate, f"mandate.{state}", who))


def _event(mandate: Mandate, action: str, who: str) -> AuditEvent:
    return AuditEvent(f"resident:{who}", action, f"mandate:{mandate.id}", mandate.municipality)


def about(mandate: Mandate, at: datetime) -> dict[str, str] | None:
    """The principal as an application names them, read from the signature's certificate; None where the signature is
    not good any more (the card was renewed or has lapsed)."""
    verdict = verdicts.on_signature(content(mandate), bytes(mandate.signature or b""), at)
    holder = verdict.signer.attributes if verdict.signer and verdict.outcome == "good" else None
    if holder is None:
        return None
    birth = holder.birth_date.isoformat() if holder.birth_date else ""
    found = {"name": holder.name, "birth_date": birth, "address": holder.address}
    return {key: value for key, value in found.items() if value}


def of_draft(draft: Draft) -> Mandate | None:
    """The mandate the draft was begun with, locked: a revocation waits for the sending, or the sending for it."""
    return Mandate.objects.select_for_update().filter(id=draft.mandate).first() if draft.mandate else None


def trouble(draft: Draft, at: datetime) -> Text | None:
    """Why the draft cannot be sent with its mandate now; None where it can, or was begun without."""
    if draft.mandate is None:
        return None
    found = of_draft(draft)
    if found is None or found.state != "accepted" or found.mandatary != draft.owner:
        return say("mandate.ended")
    day = japan_day(at)
    fits = in_period(found.document, day) and covers(found.document, draft.procedure)
    return None if fits else say("mandate.over")


def attached(mandate_id: UUID | None) -> dict[str, Any] | None:
    """The mandate as it goes with an application."""
    found = Mandate.objects.filter(id=mandate_id).first() if mandate_id else None
    if found is None:
        return None
    return {
        "document": found.document,
        "signature": base64.b64encode(bytes(found.signature or b"")).decode("ascii"),
    }
