"""Receipts and audit heads: small statements a zone signs, carried like messages but naming no resident."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from yakuba.audit.models import WitnessedHead
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import now, utc_text
from yakuba.gateway import hints, seal
from yakuba.gateway.errors import BrokenSlip
from yakuba.gateway.routes import next_hop

ACCEPTED, STOPPED = "accepted", "stopped"


@dataclass(frozen=True, slots=True)
class SealedSlip:
    """A slip as it travels: the signed bytes and the signature."""

    document: bytes
    seal: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receiving zone states about a message: it handled it (``accepted``), or set it aside (``stopped``)."""

    message: uuid.UUID
    municipality: str
    zone: str
    recipient: str
    digest: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """What a zone states about one of its audit chains (each cell has its own): record ``sequence`` has this hash."""

    zone: str
    chain: str
    recipient: str
    sequence: int
    hash: str
    at: datetime


def post_receipt(municipality: str, message: uuid.UUID, sender: str, digest: str, outcome: str) -> None:
    """Sign a receipt and send it to the zone the message came from, in the caller's transaction."""
    document = {
        "yakuba": "receipt/1",
        "message": str(message),
        "municipality": municipality,
        "zone": settings.ZONE,
        "recipient": sender,
        "digest": digest,
        "outcome": outcome,
        "at": utc_text(now()),
    }
    _post("receipt", f"receipt:{message}:{outcome}", document)


def post_head(chain: str, sequence: int, digest: str, recipient: str) -> None:
    """Sign the head of one of the own audit chains and send it to ``recipient`` to witness."""
    document = {
        "yakuba": "audit.head/1",
        "zone": settings.ZONE,
        **({"chain": chain} if chain != settings.ZONE else {}),
        "recipient": recipient,
        "sequence": sequence,
        "hash": digest,
        "at": utc_text(now()),
    }
    _post("audit.head", f"audit.head:{chain}:{sequence}", document)


def _post(kind: str, key: str, document: dict[str, Any]) -> None:
    data = canonical_bytes(document)
    forward(kind, key, document["recipient"], SealedSlip(data, seal.seal(data, b"slip")))


def forward(kind: str, key: str, recipient: str, slip: SealedSlip) -> None:
    """Queue a slip for the next zone on its way; one that is queued already stays as it is."""
    hop = next_hop(settings.ZONE, recipient)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_slip (kind, key, recipient, next_hop, document, seal) VALUES (%s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (key, recipient) DO NOTHING",
            [kind, key, recipient, hop, slip.document, slip.seal],
        )
    hints.tell(hop)


def waiting_for(hop: str, limit: int) -> list[tuple[int, SealedSlip]]:
    """Slips the neighbour ``hop`` has not taken yet, oldest first, with the number to acknowledge them by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, document, seal FROM gateway_slip WHERE next_hop = %s ORDER BY id LIMIT %s",
            [hop, limit],
        )
        return [(row[0], SealedSlip(bytes(row[1]), bytes(row[2]))) for row in cursor.fetchall()]


def taken(numbers: list[int], hop: str) -> None:
    """The neighbour has these slips safely: forget them."""
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM gateway_slip WHERE id = ANY(%s) AND next_hop = %s", [numbers, hop])


def read_slip(slip: SealedSlip) -> Receipt | Head:
    """What the slip states, its signature checked.

    Raises:
        BrokenSlip: not a slip, or not signed by the zone it names.
    """
    try:
        document = json.loads(slip.document)
        zone = document["zone"]
        genuine = zone in ("internet", "lgwan", "mynumber") and seal.holds(
            zone, slip.document, b"slip", slip.seal
        )
        if not genuine:
            raise BrokenSlip(f"this slip is not signed by {zone!r}, the zone it names")
        return _receipt(document) if document["yakuba"] == "receipt/1" else _head(document)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenSlip(f"these bytes are not a slip: {error}") from error


def _receipt(document: dict[str, Any]) -> Receipt:
    return Receipt(
        uuid.UUID(document["message"]), document["municipality"], document["zone"], document["recipient"],
        document["digest"], document["outcome"], datetime.fromisoformat(document["at"]),
    )  # fmt: skip


def _head(document: dict[str, Any]) -> Head:
    if document["yakuba"] != "audit.head/1":
        raise BrokenSlip(f"no slip has the form {document['yakuba']!r}")
    zone, chain = document["zone"], document.get("chain", document["zone"])
    if chain.partition("/")[0] != zone:
        raise BrokenSlip(f"zone {zone!r} cannot speak for chain {chain!r}")
    return Head(
        zone, chain, document["recipient"], int(document["sequence"]), document["hash"],
        datetime.fromisoformat(document["at"]),
    )  # fmt: skip


def slip_key(content: Receipt | Head) -> tuple[str, str]:
    """Kind and unique key of a slip, the same in every zone it passes."""
    if isinstance(content, Receipt):
        return "receipt", f"receipt:{content.message}:{content.outcome}"
    return "audit.head", f"audit.head:{content.chain}:{content.sequence}"


def witness(head: Head, slip: SealedSlip) -> None:
    """Keep another zone's head for good. The same head twice is kept once."""
    WitnessedHead.objects.bulk_create(
        [
            WitnessedHead(
                zone=head.chain, sequence=head.sequence, hash=head.hash, at=head.at, signature=slip.seal.hex()
            )
        ],
        ignore_conflicts=True,
    )
