"""Adding to the zone's chain, and reading it back."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection, transaction

from yakuba.audit.chain import GENESIS, Break, Link, first_break, link_hash
from yakuba.audit.events import AuditEvent
from yakuba.audit.models import AuditHead, AuditRecord, WitnessedHead
from yakuba.base import cells
from yakuba.base.clock import now

_LOCK_HEAD = "SELECT sequence, hash FROM audit_head WHERE zone = %s FOR UPDATE"
# one statement, so that the head, which everybody waits for, is locked for as few round trips as can be
_ADD = """
WITH record AS (
    INSERT INTO audit_record (sequence, at, actor, action, subject, municipality, facts, previous, hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)
)
UPDATE audit_head SET sequence = %s, hash = %s WHERE zone = %s
"""


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
    zone = cells.chain()
    at = now().astimezone(UTC).replace(microsecond=0)
    with connection.cursor() as cursor:
        last, previous = _locked_head(cursor, zone)
        sequence = last + 1
        digest = link_hash(zone, sequence, at, event, previous)
        cursor.execute(
            _ADD,
            [
                sequence, at, event.actor, event.action, event.subject, event.municipality,
                json.dumps(event.facts), previous, digest, sequence, digest, zone,
            ],
        )  # fmt: skip
    return Link(zone, sequence, at, event, previous, digest)


def _locked_head(cursor: Any, zone: str) -> tuple[int, str]:
    """Sequence and hash of the last link, locked; the head of a new chain is made first."""
    cursor.execute(_LOCK_HEAD, [zone])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(
            "INSERT INTO audit_head (zone, sequence, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
            [zone, GENESIS],
        )
        cursor.execute(_LOCK_HEAD, [zone])
        found = cursor.fetchone()
    return int(found[0]), str(found[1])


def head() -> tuple[int, str]:
    """Sequence and hash of the last link (0 and zeros while the chain is empty)."""
    found = AuditHead.objects.filter(zone=cells.chain()).first()
    return (found.sequence, found.hash) if found else (0, GENESIS)


def links() -> Iterator[Link]:
    """Every link in order, streamed."""
    chain = cells.chain()
    for row in AuditRecord.objects.order_by("sequence").iterator(chunk_size=2000):
        event = AuditEvent(row.actor, row.action, row.subject, row.municipality, row.facts)
        yield Link(chain, row.sequence, row.at, event, row.previous, row.hash)


def verify() -> Break | None:
    """Where the zone's own chain is broken, or ``None``."""
    with transaction.atomic():
        return first_break(links())


def witnessed(zone: str) -> dict[int, str]:
    """The heads this zone holds for ``zone``: sequence → hash."""
    return dict(WitnessedHead.objects.filter(zone=zone).values_list("sequence", "hash"))
