"""Answering which certificates a card's holder had before (``certificates.requested``), so that the portal knows a renewed card.

The zone outside learns certificate numbers only: no name, no 宛名番号, no 個人番号. Whoever asks must show a sign-in that
this zone itself finds good.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.card.outcomes import Outcome, Signer
from yakuba.casework import outward
from yakuba.casework.verification import Proof, Sources, moment_of_receipt, verify
from yakuba.registers import people
from yakuba.registers.models import CardCertificate


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, read from the message."""

    request_id: uuid.UUID
    login: Mapping[str, Any]
    asked_at: datetime


def read_request(
    body: Mapping[str, Any], asked_at: datetime, about: str = "a holder's earlier certificates"
) -> Request:
    """The request in a message's body; ``about``: what whoever signed in asks for.

    Raises:
        ValueError: it is none.
    """
    return Request(uuid.UUID(str(body.get("request_id"))), login_in(body, about), asked_at)


def login_in(body: Mapping[str, Any], about: str) -> Mapping[str, Any]:
    """The proof of a sign-in that a question ``about`` something carries.

    Raises:
        ValueError: it carries none.
    """
    login = body.get("login")
    if not isinstance(login, Mapping):
        raise ValueError(f"a question for {about} carries the proof of a sign-in")
    return login


def answer(municipality: str, asked: Request, at: datetime, using: Sources | None = None) -> bool:
    """Answer with the holder's earlier authentication certificates. Returns whether the holder was found."""
    signer = signed_in(municipality, asked.login, moment_of_receipt(asked.asked_at, at), using)
    holder = holder_of(signer) if signer else ""
    earlier = _earlier(holder, signer) if signer and holder else []
    body = {"request_id": str(asked.request_id), "found": bool(holder), "earlier": earlier}
    actor = f"resident:{signer.issuer_key_id}/{signer.serial}" if signer else "resident:unproven"
    subject = f"person:{holder}" if holder else f"certificates:{asked.request_id}"
    facts = {"found": str(bool(holder)), "earlier": str(len(earlier))}
    event = AuditEvent(actor, "certificates.answered", subject, municipality, facts)
    outward.post(municipality, "certificates.answered", body, at, event)
    return bool(holder)


def signed_in(
    municipality: str, login: Mapping[str, Any], at: datetime, using: Sources | None = None
) -> Signer | None:
    """Who signed in, as the proof of a sign-in shows and this zone itself finds good; ``None`` where it does not."""
    verdict = verify(Proof("login", {}, None, login), at, using)
    proven = verdict.outcome is Outcome.GOOD and _signed_in_here(login, municipality)
    return verdict.signer if proven else None


def _signed_in_here(login: Mapping[str, Any], municipality: str) -> bool:
    """Whether what was signed says so: a signature given for another purpose or town is no sign-in here."""
    try:
        said = json.loads(base64.b64decode(str(login.get("challenge")), validate=True))
    except ValueError:
        return False
    return isinstance(said, dict) and (said.get("yakuba"), said.get("municipality")) == (
        "sign-in/1",
        municipality,
    )


def holder_of(signer: Signer) -> str:
    """The 宛名番号 of the one person whose certificate in force this is; empty where there is any doubt."""
    matches = people.by_certificate(signer.issuer_key_id, signer.serial)
    if len(matches) != 1 or matches[0].certificate.state != "active":
        return ""
    return matches[0].person.atena_number


def _earlier(holder: str, present: Signer) -> list[dict[str, str]]:
    """The holder's other authentication certificates; one that is on record for somebody else as well is nobody's."""
    recorded = CardCertificate.objects.filter(atena_number=holder, kind="auth")
    numbers = set(recorded.values_list("issuer_key_id", "serial")) - {(present.issuer_key_id, present.serial)}
    return [
        {"issuer_key_id": issuer, "serial": serial}
        for issuer, serial in sorted(numbers)
        if len(people.by_certificate(issuer, serial)) == 1
    ]
