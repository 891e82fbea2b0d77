"""Adding to the zone's chain, and reading it back."""

from collections.abc import Iterator
from datetime import UTC

from django.conf import settings
from django.db import connection, transaction

from yakuba.audit.chain import GENESIS, Break, Link, first_break, link_hash
from yakuba.audit.events import AuditEvent
from yakuba.audit.models import AuditHead, AuditRecord, WitnessedHead
from yakuba.base.clock import now


def append(event: AuditEvent) -> Link:
    """Add ``event`` to the chain, in the caller's transaction.

    Locks the head until that transaction ends, so call it last: links are in commit order and none can be lost.

    Raises:
        TransactionManagementError: outside a transaction, where record and deed could come apart.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "an audit record is written in the transaction it tells of"
        )
    zone: str = settings.ZONE
    at = now().astimezone(UTC).replace(microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_head (zone, sequence, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
            [zone, GENESIS],
        )
        cursor.execute("SELECT sequence, hash FROM audit_head WHERE zone = %s FOR UPDATE", [zone])
        last, previous = cursor.fetchone()
        sequence = last + 1
        digest = link_hash(zone, sequence, at, event, previous)
        AuditRecord.objects.create(
            sequence=sequence, at=at, actor=event.actor, action=event.action, subject=event.subject,
            municipality=event.municipality, facts=event.facts, previous=previous, hash=digest,
        )  # fmt: skip
        cursor.execute(
            "UPDATE audit_head SET sequence = %s, hash = %s WHERE zone = %s", [sequence, digest, zone]
        )
    return Link(zone, sequence, at, event, previous, digest)


def head() -> tuple[int, str]:
    """Sequence and hash of the last link (0 and zeros while the chain is empty)."""
    found = AuditHead.objects.filter(zone=settings.ZONE).first()
    return (found.sequence, found.hash) if found else (0, GENESIS)


def links() -> Iterator[Link]:
    """Every link in order, streamed."""
    for row in AuditRecord.objects.order_by("sequence").iterator(chunk_size=2000):
        event = AuditEvent(row.actor, row.action, row.subject, row.municipality, row.facts)
        yield Link(settings.ZONE, row.sequence, row.at, event, row.previous, row.hash)


def verify() -> Break | None:
    """Where the zone's own chain is broken, or ``None``."""
    with transaction.atomic():
        return first_break(links())


def witnessed(zone: str) -> dict[int, str]:
    """The heads this zone holds for ``zone``: sequence → hash."""
    return dict(WitnessedHead.objects.filter(zone=zone).values_list("sequence", "hash"))
