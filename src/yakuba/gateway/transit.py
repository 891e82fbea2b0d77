"""Passing on (lgwan): what arrives for another zone is kept, sanitised where it must be, and handed to the next."""

import json
import uuid

from django.conf import settings
from django.db import connection

from yakuba.base.tenancy import joining, under
from yakuba.gateway import blobs, hints, pending, served, slips, town_choices
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.gateway.message import SealedMessage, needs_sanitising, transit_statement
from yakuba.gateway.routes import next_hop
from yakuba.gateway.rows import binary_rows

_KEEP = """
WITH message AS (
    INSERT INTO gateway_transit (municipality, message, kind, sender, recipient, document, seal, evidence, arrived_at, state)
    VALUES (%s, %s, %s, %s, %s, %s, %s, '[]', now(), %s)
    ON CONFLICT (municipality, message) DO NOTHING RETURNING municipality, message, kind
)
INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem)
SELECT municipality, message, 'transit', kind, %s, now(), 0, '' FROM message
ON CONFLICT (message, role) DO UPDATE
SET queue = EXCLUDED.queue, due_at = EXCLUDED.due_at, attempts = 0, problem = '' RETURNING true
"""


def take_in(envelope: Envelope, message: SealedMessage) -> None:
    """Keep ``message``, which has been checked and reads ``envelope``, on its way to another zone; when this
    returns, it is safe to tell the sender so."""
    dirty = needs_sanitising(envelope)
    with under(envelope.municipality):
        served.note(envelope.municipality)
        town_choices.note(envelope)
        hop = next_hop(settings.ZONE, envelope.recipient)
        state, queue = ("sanitise", "sanitise") if dirty else ("onward", hop)
        if _insert(envelope, message, state, queue):
            hints.tell(queue)
        else:
            _again(envelope)


def sanitised(envelope: Envelope, files: list[tuple[AttachmentRef, bytes]]) -> None:
    """The files of a message have been rebuilt (or refused): keep the new ones and send the message on,
    inside ``under(envelope.municipality)``."""
    for ref, data in files:
        if not ref.refused:
            blobs.keep(envelope.municipality, ref.sha256, data, holder(envelope.id))
    replaced = tuple(ref for ref, _data in files)
    statement, signature = transit_statement(envelope, replaced)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_transit SET state = 'onward', transit = %s, transit_seal = %s, evidence = %s::jsonb "
            "WHERE municipality = %s AND message = %s",
            [
                statement,
                signature,
                json.dumps([ref.document() for ref in replaced]),
                envelope.municipality,
                envelope.id,
            ],
        )
    pending.move([envelope.id], "transit", next_hop(settings.ZONE, envelope.recipient))


def stored(municipality: str, message: uuid.UUID) -> SealedMessage | None:
    """The message as it lies here, inside ``under(municipality)``."""
    rows = binary_rows(
        "SELECT document, seal, transit, transit_seal FROM gateway_transit WHERE municipality = %s AND message = %s",
        [municipality, message],
    )
    return SealedMessage(*(bytes(part or b"") for part in rows[0])) if rows else None


def mark_passed(municipality: str, messages: list[uuid.UUID]) -> None:
    """The next zone has these messages safely, inside ``under(municipality)``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_transit SET state = 'passed', passed_at = coalesce(passed_at, now()) "
            "WHERE municipality = %s AND message = ANY(%s) AND state = 'onward'",
            [municipality, messages],
        )


def receipt_passed(receipt: slips.Receipt, slip: slips.SealedSlip) -> None:
    """An end-to-end receipt came through on its way back: the message is delivered, its files can go."""
    with joining(receipt.municipality), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_transit SET state = %s, receipt = %s, receipt_seal = %s "
            "WHERE municipality = %s AND message = %s AND state <> 'delivered' RETURNING true",
            [
                "delivered" if receipt.outcome == slips.ACCEPTED else "stopped",
                slip.document, slip.seal, receipt.municipality, receipt.message,
            ],
        )  # fmt: skip
        if cursor.fetchone() and receipt.outcome == slips.ACCEPTED:
            pending.done([receipt.message], "transit")
            blobs.release(receipt.municipality, holder(receipt.message))


def holder(message: object) -> str:
    """The name under which a message in transit holds its files."""
    return f"transit:{message}"


def _insert(envelope: Envelope, message: SealedMessage, state: str, queue: str) -> bool:
    """Keep it and put it on the list of what is to be done, in one round trip; ``False`` if it is here already."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                envelope.municipality, envelope.id, envelope.kind, envelope.sender, envelope.recipient,
                message.document, message.seal, state, queue,
            ],
        )  # fmt: skip
        return cursor.fetchone() is not None


def _again(envelope: Envelope) -> None:
    """The sender delivers again because it has no receipt: give it the one we saw, or pass the message on again."""
    rows = binary_rows(
        "SELECT state, receipt, receipt_seal FROM gateway_transit WHERE municipality = %s AND message = %s",
        [envelope.municipality, envelope.id],
    )
    state, receipt, seal = rows[0]
    if state == "delivered":
        slip = slips.SealedSlip(bytes(receipt), bytes(seal))
        content = slips.read_slip(slip)
        slips.forward(*slips.slip_key(content), content.recipient, slip)
    elif state in ("passed", "stopped"):
        hop = next_hop(settings.ZONE, envelope.recipient)
        pending.add(envelope.municipality, envelope.id, "transit", envelope.kind, hop)
