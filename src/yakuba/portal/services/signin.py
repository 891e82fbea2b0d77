"""Signing in with the authentication certificate of a My Number card (利用者証明用電子証明書)."""

import base64
from datetime import datetime

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.card.login_answer import LoginAnswer, UnreadableAnswer, read_login_answer
from yakuba.card.outcomes import Outcome, Signer, Verdict
from yakuba.portal.models import CardTicket, Draft, SignIn
from yakuba.portal.services import renewals
from yakuba.portal.services.verdicts import on_challenge
from yakuba.portal.visitors import Visitor


def owner_of(signer: Signer) -> str:
    """A certificate's identity: issuer key and serial together; a serial alone names several people."""
    return f"{signer.issuer_key_id}/{signer.serial}"


def judge(ticket: CardTicket, at: datetime) -> tuple[Verdict, LoginAnswer]:
    """The verdict on what was brought back for a sign-in ticket.

    Raises:
        UnreadableAnswer: the result cannot be read at all.
    """
    answer = read_login_answer(bytes(ticket.result or b""))
    return on_challenge(bytes(ticket.content), answer.signature, answer.certificate, at), answer


def complete(ticket: CardTicket, verdict: Verdict, answer: LoginAnswer, at: datetime) -> SignIn:
    """Record a good sign-in, adopt the browser's drafts, and write the audit record (in the caller's transaction)."""
    signer = verdict.signer
    if verdict.outcome is not Outcome.GOOD or signer is None:
        raise ValueError("only a good verdict signs anybody in")
    owner = owner_of(signer)
    record = SignIn.objects.create(
        municipality=ticket.municipality, owner=owner, issuer_key_id=signer.issuer_key_id, serial=signer.serial,
        certificate=_text(answer.certificate), challenge=_text(bytes(ticket.content)),
        signature=_text(answer.signature), at=at,
    )  # fmt: skip
    Draft.objects.filter(owner="", browser=ticket.browser).update(owner=owner)
    renewals.ask(record, at)
    append(AuditEvent(f"resident:{owner}", "portal.signed_in", f"sign_in:{record.id}", ticket.municipality))
    return record


def goes_on(record: str | None) -> bool:
    """Whether this sign-in has not been ended from elsewhere; inside ``under(municipality)``."""
    return record is None or SignIn.objects.filter(id=record, ended_at=None).exists()


def end(who: Visitor, municipality: str, at: datetime, *, everywhere: bool) -> None:
    """End the sign-in of this browser, or all of the same card in this town, and write the audit record."""
    if not who.owner:
        return
    running = SignIn.objects.filter(owner=who.owner, ended_at=None)
    ended = (running if everywhere else running.filter(id=str(who.sign_in))).update(ended_at=at)
    facts = {"everywhere": str(ended)} if everywhere else {}
    append(
        AuditEvent(
            f"resident:{who.owner}", "portal.signed_out", f"sign_in:{who.sign_in}", municipality, facts
        )
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


__all__ = [
    "LoginAnswer",
    "UnreadableAnswer",
    "complete",
    "end",
    "goes_on",
    "judge",
    "owner_of",
    "read_login_answer",
]
