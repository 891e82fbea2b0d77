"""Sending: a message is written in the transaction of what it tells of, and closed by the receiver's signed receipt."""

import uuid
from typing import Any

from django.conf import settings
from django.db import connection

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality, joining, under
from yakuba.gateway import blobs, hints, pending, seal, served, slips
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.routes import next_hop

LONGEST_DOCUMENT = 4 * 1024 * 1024
_POST = """
WITH message AS (
    INSERT INTO gateway_outbox (municipality, message, kind, recipient, document, seal, posted_at, state)
    VALUES (%s, %s, %s, %s, %s, %s, now(), 'waiting')
), todo AS (
    INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem)
    VALUES (%s, %s, 'outbox', %s, %s, now(), 0, '')
)
INSERT INTO gateway_blob_hold (municipality, sha256, holder)
SELECT %s, unnest(%s::text[]), %s ON CONFLICT DO NOTHING
"""

# A receipt counts once, from the zone the message was for, and over the very bytes that were sealed. "stopped" may be
# followed by "accepted" (people put it right), never the other way round.
_CLOSE = """
UPDATE gateway_outbox SET state = %s, receipt = %s, receipt_seal = %s, closed_at = now()
WHERE municipality = %s AND message = %s AND recipient = %s AND encode(sha256(document), 'hex') = %s
  AND state <> 'delivered'
RETURNING true
"""


class NotSendable(ValueError):
    """The message cannot be posted as it is; the text says why."""


def post(envelope: Envelope, audit: AuditEvent) -> None:
    """Send ``envelope``, in the caller's transaction: if that rolls back, nothing was sent.

    Its attachments' bytes must be in :mod:`yakuba.gateway.blobs`; they are held until the receipt has come. ``audit`` is
    written last, so call this at the end of the transaction.

    Raises:
        NotSendable: not inside ``under(envelope.municipality)``, not sent by this zone, or too long.
        TypeError: the body holds a float or another value canonical JSON does not carry.
    """
    here: str = settings.ZONE
    if envelope.sender != here:
        raise NotSendable(f"this zone is {here!r}; it cannot send for {envelope.sender!r}")
    if not connection.in_atomic_block or current_municipality() != envelope.municipality:
        raise NotSendable(
            f"post inside `with under({envelope.municipality!r}):`, together with what it tells of"
        )
    document = envelope.canonical()
    if len(document) > LONGEST_DOCUMENT:
        raise NotSendable(
            f"a message has at most {LONGEST_DOCUMENT} bytes besides its files, not {len(document)}"
        )
    who: list[Any] = [envelope.municipality, envelope.id]
    with connection.cursor() as cursor:
        cursor.execute(
            _POST,
            [
                *who, envelope.kind, envelope.recipient, document, seal.seal(document, b"message"),
                *who, envelope.kind, next_hop(here, envelope.recipient),
                envelope.municipality, sorted({ref.sha256 for ref in envelope.attachments}), holder(envelope.id),
            ],
        )  # fmt: skip
    served.note(envelope.municipality)
    hints.tell(next_hop(here, envelope.recipient))
    log.append(audit)


def holder(message: object) -> str:
    """The name under which the outbox holds a message's files."""
    return f"outbox:{message}"


def close(receipt: slips.Receipt, slip: slips.SealedSlip) -> bool:
    """The receiver's receipt has come: close the message and let go of its files.

    Returns ``False`` where the receipt is not about a message this zone sent there in these very bytes.
    """
    accepted = receipt.outcome == slips.ACCEPTED
    with joining(receipt.municipality), connection.cursor() as cursor:
        cursor.execute(_CLOSE, ["delivered" if accepted else "stopped", slip.document, slip.seal,
                                receipt.municipality, receipt.message, receipt.zone, receipt.digest])  # fmt: skip
        row = cursor.fetchone()
        if row and accepted:
            pending.done([receipt.message], "outbox")
            blobs.release(receipt.municipality, holder(receipt.message))
        elif row:
            pending.move([receipt.message], "outbox", "stopped")
    return row is not None


def mark_taken(municipality: str, messages: list[uuid.UUID]) -> None:
    """The next zone has these messages safely, inside ``under(municipality)``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_outbox SET state = 'taken' WHERE municipality = %s AND message = ANY(%s) AND state = 'waiting'",
            [municipality, messages],
        )


def state(municipality: str, message: uuid.UUID) -> str:
    """``waiting`` (not yet with the next zone), ``taken``, ``delivered``, ``stopped`` (set aside by the receiver),
    or empty if this zone did not send it."""
    with under(municipality), connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM gateway_outbox WHERE municipality = %s AND message = %s",
            [municipality, message],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def remind() -> int:
    """Deliver again what was taken long ago and has no receipt yet; the receiver answers with another receipt."""
    items = [item for item in pending.due("receipt", 100) if item.role == "outbox"]
    for municipality, group in pending.by_municipality(items).items():
        with under(municipality):
            for item in group:
                pending.move([item.message], "outbox", next_hop(settings.ZONE, _recipient(item)))
    return len(items)


def _recipient(item: pending.Item) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recipient FROM gateway_outbox WHERE municipality = %s AND message = %s",
            [item.municipality, item.message],
        )
        return str(cursor.fetchone()[0])
