"""One-time tickets for the card agent: given to one browser, brought back by the agent, used once by that browser."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import utc_text
from yakuba.portal.models import CardTicket

LIFE = timedelta(minutes=20)
_LARGEST_RESULT = 256 * 1024


def challenge(municipality: str, origin: str, at: datetime) -> bytes:
    """What the authentication certificate signs to sign in: a nonce with where and for what, so that a signature
    given to one site or purpose is no sign-in anywhere else."""
    return canonical_bytes(
        {
            "yakuba": "sign-in/1",
            "municipality": municipality,
            "origin": origin,
            "at": utc_text(at),
            "nonce": secrets.token_hex(32),
        }
    )


def issue(
    municipality: str, browser: str, operation: str, content: bytes, at: datetime, draft: UUID | None = None
) -> tuple[CardTicket, str]:
    """A new ticket, and its secret for the agent's form (only the secret's hash is kept)."""
    secret = secrets.token_urlsafe(32)
    ticket = CardTicket.objects.create(
        municipality=municipality, browser=browser, operation=operation, content=content, draft=draft,
        secret_sha256=_hash(secret), created_at=at, expires_at=at + LIFE,
    )  # fmt: skip
    return ticket, secret


def bring_back(secret: str, result: bytes | None, error: str, at: datetime) -> CardTicket | None:
    """Keep what the agent brought. ``None``: no such ticket, expired, brought back before, or too large."""
    ticket = CardTicket.objects.select_for_update().filter(secret_sha256=_hash(secret)).first()
    if ticket is None or ticket.expires_at < at or ticket.returned_at is not None:
        return None
    if result is not None and len(result) > _LARGEST_RESULT:
        return None
    ticket.result, ticket.error, ticket.returned_at = result, error[:40], at
    ticket.save(update_fields=["result", "error", "returned_at"])
    return ticket


def take(ticket_id: UUID, browser: str) -> CardTicket | None:
    """The ticket ``ticket_id`` for the browser it was given to, locked until the transaction ends. Others get none."""
    return CardTicket.objects.select_for_update().filter(id=ticket_id, browser=browser).first()


def use(ticket: CardTicket, at: datetime) -> bool:
    """Mark the ticket used; ``False`` if it was used before, is expired, or nothing was brought back."""
    if ticket.used_at is not None or ticket.returned_at is None or ticket.expires_at < at:
        return False
    ticket.used_at = at
    ticket.save(update_fields=["used_at"])
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
