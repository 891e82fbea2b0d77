"""Outside systems and their tokens: one a system and municipality, shown once, kept as a digest."""

import hmac
import secrets
from datetime import datetime
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import sha256_hex
from yakuba.base.tenancy import current_municipality
from yakuba.casework.handover.models import OutsideSystem

_SECRET_OCTETS = 32


def register(
    name: str, procedures: list[str], format_id: str, audit: AuditEvent
) -> tuple[OutsideSystem, str]:
    """A new outside system and its token ``<system id>.<secret>``, which is not kept and cannot be shown again."""
    secret = secrets.token_urlsafe(_SECRET_OCTETS)
    system = OutsideSystem.objects.create(
        municipality=current_municipality(), name=name, procedures=procedures, format=format_id,
        token_sha256=sha256_hex(secret.encode()),
    )  # fmt: skip
    append(audit)
    return system, f"{system.id}.{secret}"


def new_token(system: OutsideSystem, audit: AuditEvent) -> str:
    """Another token in place of the old one, which ends at once."""
    secret = secrets.token_urlsafe(_SECRET_OCTETS)
    system.token_sha256 = sha256_hex(secret.encode())
    system.save(update_fields=["token_sha256"])
    append(audit)
    return f"{system.id}.{secret}"


def close(system: OutsideSystem, at: datetime, audit: AuditEvent) -> None:
    """End a system's access; what it exchanged stays."""
    system.closed_at = at
    system.save(update_fields=["closed_at"])
    append(audit)


def by_token(token: str) -> OutsideSystem | None:
    """The system a token belongs to, among those of the municipality in force; None if there is none."""
    identifier, _, secret = token.partition(".")
    try:
        key = UUID(identifier)
    except ValueError:
        return None
    system = OutsideSystem.objects.filter(pk=key, closed_at=None).first()
    # Compare in constant time. The secret has 256 random bits: a plain digest of it cannot be searched through.
    if system is None or not hmac.compare_digest(system.token_sha256, sha256_hex(secret.encode())):
        return None
    return system
