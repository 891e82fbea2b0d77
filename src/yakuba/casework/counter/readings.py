"""Orders to the card agent of the counter: a one-time ticket each, given to one clerk, used once by that clerk.

What an authentication certificate signs names its purpose, so that a signature given at the counter is no sign-in to the
portal and no confirmation of another application. No PIN and no private key ever comes here.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import utc_text
from yakuba.card.login_answer import LoginAnswer, read_login_answer
from yakuba.card.outcomes import Verdict
from yakuba.card.verdict import verify_challenge
from yakuba.casework.models import CardReading, CounterVisit
from yakuba.casework.staff.models import Staff
from yakuba.casework.verification import sources

LIFE = timedelta(minutes=20)
KEPT = timedelta(days=1)  # of a reading that led to nothing
_LARGEST_RESULT = 256 * 1024


def agent_here() -> bool:
    """Whether counters of this installation have a card agent (``CARD_AGENT_ORIGIN``)."""
    return bool(getattr(settings, "CARD_AGENT_ORIGIN", ""))


def challenge(
    municipality: str, origin: str, purpose: str, at: datetime, application_sha256: str = ""
) -> bytes:
    """What the authentication certificate signs: a nonce with where and what for (``read`` or ``confirm``).

    Args:
        application_sha256: of the canonical application that is confirmed; empty where the card is only read.
    """
    said: dict[str, Any] = {
        "yakuba": f"counter-{purpose}/1",
        "municipality": municipality,
        "origin": origin,
        "at": utc_text(at),
        "nonce": secrets.token_hex(32),
    }
    return canonical_bytes(said | ({"application_sha256": application_sha256} if application_sha256 else {}))


def order(
    clerk: Staff, operation: str, content: bytes, at: datetime, visit: CounterVisit | None = None
) -> str:
    """Keep an order; returns the ticket's secret for the agent's form. Old readings that led to nothing go."""
    CardReading.objects.filter(expires_at__lt=at - KEPT).delete()
    secret = secrets.token_urlsafe(32)
    CardReading.objects.create(
        municipality=clerk.municipality, clerk=clerk, visit=visit, operation=operation, content=content,
        secret_sha256=_hash(secret), created_at=at, expires_at=at + LIFE,
    )  # fmt: skip
    return secret


def bring_back(secret: str, result: bytes | None, error: str, at: datetime) -> CardReading | None:
    """Keep what the agent brought. ``None``: no such ticket, expired, brought back before, or too large."""
    found = CardReading.objects.select_for_update().filter(secret_sha256=_hash(secret)).first()
    if found is None or found.expires_at < at or found.returned_at is not None:
        return None
    if result is not None and len(result) > _LARGEST_RESULT:
        return None
    found.result, found.error, found.returned_at = result, error[:40], at
    found.save(update_fields=["result", "error", "returned_at"])
    return found


def take(reading_id: UUID, clerk: Staff) -> CardReading | None:
    """The reading, locked, for the clerk it was ordered by; others get none."""
    return CardReading.objects.select_for_update(of=("self",)).filter(pk=reading_id, clerk=clerk).first()


def use(reading: CardReading, at: datetime) -> bool:
    """Mark it used; ``False`` if it was used before, is expired, or nothing was brought back."""
    if reading.used_at is not None or reading.returned_at is None or reading.expires_at < at:
        return False
    reading.used_at = at
    reading.save(update_fields=["used_at"])
    return True


def judge(reading: CardReading, at: datetime) -> tuple[Verdict, LoginAnswer]:
    """This zone's verdict on what the card signed for an ``authenticate`` order.

    Raises:
        UnreadableAnswer: the result cannot be read at all.
    """
    answer, using = read_login_answer(bytes(reading.result or b"")), sources()
    verdict = verify_challenge(
        bytes(reading.content), answer.signature, answer.certificate, at=at, trust=using.trust,
        revocation=using.revocation,
    )  # fmt: skip
    return verdict, answer


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
