"""Sending: a message is written in the transaction of what it tells of, and closed by the receiver's signed receipt."""

from typing import Any

from django.conf import settings
from django.db import connection

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import current_municipality
from yakuba.gateway import seal
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.routes import next_hop

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


class NotSendable(ValueError):
    """The message cannot be posted as it is; the text says why."""


def post(envelope: Envelope, audit: AuditEvent) -> None:
    """Send ``envelope``, in the caller's transaction: if that rolls back, nothing was sent.

    Its attachments' bytes must be in :mod:`yakuba.gateway.blobs`; they are held until the receipt has come. ``audit`` is
    written last, so call this at the end of the transaction.

    Raises:
        NotSendable: not inside ``under(envelope.municipality)``, or not sent by this zone.
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
    log.append(audit)


def holder(message: object) -> str:
    """The name under which the outbox holds a message's files."""
    return f"outbox:{message}"
