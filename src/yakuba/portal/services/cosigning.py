"""Asking a second person to sign the same application, and their answer.

The second signs first and the applicant last, with the sending: so there is no signed application lying about that one of
the two could send without the other. What is signed twice is the same canonical document, byte for byte; while a request
stands, the document keeps its time and language (see :mod:`~yakuba.portal.services.preparing`).
"""

import hashlib
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.ids import receipt_number, uuid7
from yakuba.base.texts import Text
from yakuba.card.outcomes import Signer, Verdict
from yakuba.portal.models import CoSigning, Draft
from yakuba.portal.services.drafting import role_of
from yakuba.portal.services.offers import Offer
from yakuba.portal.services.signin import owner_of
from yakuba.portal.texts import say
from yakuba.procedures import cosigning as rule
from yakuba.procedures.definition import SecondSignature

LIFE = timedelta(days=7)
Standing = Literal["none", "asked", "signed", "declined", "changed", "expired"]


def wanted(draft: Draft, chosen: Offer) -> SecondSignature:
    """Whether a second signature is asked for the draft as it is; never in a bundle, which is signed as a list."""
    if draft.bundle_id:
        return "off"
    return rule.asked(chosen.procedure, draft.answers, role_of(draft.role))


def request_of(draft: Draft) -> CoSigning | None:
    """The draft's request, if there is one."""
    return CoSigning.objects.filter(draft=draft).first()


def standing(found: CoSigning | None, sha256: str, at: datetime) -> Standing:
    """How a request stands for the document with this digest."""
    if found is None:
        return "none"
    if found.state == "declined":
        return "declined"
    if found.sha256 != sha256:
        return "changed"
    if found.expires_at < at:
        return "expired"
    return "signed" if found.state == "signed" else "asked"


def holds_still(draft: Draft, sha256: str, at: datetime) -> bool:
    """Whether the document with this digest must stay as it is, because somebody was asked to sign it."""
    return standing(request_of(draft), sha256, at) in ("asked", "signed")


def ask(draft: Draft, sha256: str, at: datetime) -> str:
    """A new request, in place of an older one; returns the code, which is told once and not kept."""
    CoSigning.objects.filter(draft=draft).delete()
    code = receipt_number(uuid7())
    CoSigning.objects.create(
        municipality=draft.municipality, draft=draft, sha256=sha256, code_sha256=_hash(code), asked_at=at, state_at=at,
        expires_at=at + LIFE,
    )  # fmt: skip
    append(_event(draft, "cosigning.asked", draft.owner))
    return code


def drop(draft: Draft) -> None:
    """Take the request back; a signature given is void with it."""
    if CoSigning.objects.filter(draft=draft).delete()[0]:
        append(_event(draft, "cosigning.dropped", draft.owner))


def claim(code: str, owner: str, at: datetime) -> CoSigning | Literal["own", "unknown"]:
    """The request behind ``code``, which from now on is ``owner``'s alone; or why there is none."""
    found = (
        CoSigning.objects.select_for_update(of=("self",))
        .select_related("draft")
        .filter(code_sha256=_hash(code), expires_at__gte=at)
        .first()
    )
    if found is None or found.cosigner not in ("", owner):
        return "unknown"
    if found.draft.owner == owner:
        return "own"
    if not found.cosigner:
        found.cosigner = owner
        found.save(update_fields=["cosigner"])
    return found


def of_cosigner(number: UUID, owner: str) -> CoSigning | None:
    """The request if it was opened by ``owner``; its draft is locked first, as whoever writes in it does."""
    draft = CoSigning.objects.filter(id=number, cosigner=owner).values_list("draft", flat=True).first()
    if draft is None:
        return None
    Draft.objects.select_for_update().filter(id=draft).first()
    return CoSigning.objects.select_related("draft").filter(id=number, cosigner=owner).first()


def sign(found: CoSigning, cms: bytes, signer: Signer, at: datetime) -> None:
    """Keep the good signature of the second person."""
    found.signature, found.signed_with = cms, owner_of(signer)
    found.name = signer.attributes.name[:200] if signer.attributes else ""
    _become(found, "signed", at)


def decline(found: CoSigning, reason: str, at: datetime) -> None:
    """The second person does not sign, or takes the signature back; ``reason`` is shown to the applicant."""
    found.signature, found.signed_with, found.reason = None, "", reason[:200]
    _become(found, "declined", at)


def trouble(draft: Draft, chosen: Offer, sha256: str, verdict: Verdict | None, at: datetime) -> Text | None:
    """Why the draft cannot be sent now for want of a second signature; None where it can."""
    found, mode = request_of(draft), wanted(draft, chosen)
    signed = standing(found, sha256, at) == "signed"
    if mode == "required" and not signed:
        return say("cosign.needed")
    signer = verdict.signer if verdict else None
    if mode != "off" and signed and found and signer and found.signed_with == owner_of(signer):
        return say("cosign.same_card")
    return None


def attached(draft: Draft, chosen: Offer, sha256: str, at: datetime) -> bytes | None:
    """The second signature as it goes with the application."""
    found = request_of(draft)
    if wanted(draft, chosen) == "off" or found is None or standing(found, sha256, at) != "signed":
        return None
    return bytes(found.signature or b"")


def _become(found: CoSigning, state: str, at: datetime) -> None:
    found.state, found.state_at = state, at
    found.save()
    append(_event(found.draft, f"cosigning.{state}", found.cosigner))


def _event(draft: Draft, action: str, who: str) -> AuditEvent:
    return AuditEvent(f"resident:{who}", action, f"application:{draft.id}", draft.municipality)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
