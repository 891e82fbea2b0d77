"""Answering whom a card's holder acts for by law (``wards.requested``), so that nobody types what the town knows.

Asked only when the holder presses a button, and only of somebody whose sign-in this zone itself finds good. What leaves are
name, reading, birth date and address of each: what the form for somebody else asks for. Kept here is who asked and how many were
told of, never the values.
"""

from datetime import date, datetime

from yakuba.audit.events import AuditEvent
from yakuba.casework import outward, representation
from yakuba.casework.renewals import Request, holder_of, signed_in
from yakuba.casework.representation import Tie
from yakuba.casework.verification import Sources, moment_of_receipt

_MOST = 50


def answer(municipality: str, asked: Request, at: datetime, today: date, using: Sources | None = None) -> int:
    """Answer with those the holder acts for, or seems to; returns how many were told of."""
    signer = signed_in(municipality, asked.login, moment_of_receipt(asked.asked_at, at), using)
    holder = holder_of(signer) if signer else ""
    found = representation.ties(holder, today)[:_MOST] if holder else []
    body = {
        "request_id": str(asked.request_id),
        "found": bool(holder),
        "people": [_told(one) for one in found],
    }
    actor = f"resident:{signer.issuer_key_id}/{signer.serial}" if signer else "resident:unproven"
    subject = f"person:{holder}" if holder else f"wards:{asked.request_id}"
    facts = {"found": str(bool(holder)), "people": str(len(found))}
    event = AuditEvent(actor, "wards.answered", subject, municipality, facts)
    outward.post(municipality, "wards.answered", body, at, event)
    return len(found)


def _told(tie: Tie) -> dict[str, str]:
    ward = tie.ward
    address = f"{ward.address} {ward.building}".strip()
    birth = ward.birth.exact
    said = {
        "name": ward.name, "kana": ward.name_kana, "birth_date": birth.isoformat() if birth else str(ward.birth),
        "address": address, "kind": tie.kind,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}
