"""``definition.published``: from the office to the zones that show forms and decide on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.base.ids import uuid7
from yakuba.definitions.store import Revision, keep
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import Permanent
from yakuba.gateway.handlers import handler

KIND = "definition.published"
RECIPIENTS = ("internet", "mynumber")


def publish(municipality: str, made: Revision, at: datetime, audit: AuditEvent) -> dict[str, UUID]:
    """Keep a revision here and send it to the other zones, inside ``under(municipality)``; message ids by zone."""
    keep(municipality, made)
    body = {
        "procedure": made.procedure,
        "revision": made.revision,
        "document": dict(made.document),
        "sha256": sha256_hex(canonical_bytes(dict(made.document))),
        "author": made.author,
        "approver": made.approver,
        "published_at": utc_text(made.published_at),
    }
    sent = {}
    for zone in RECIPIENTS:
        envelope = Envelope(uuid7(), municipality, KIND, "lgwan", zone, at, body)
        outbox.post(envelope, audit)
        sent[zone] = envelope.id
    return sent


@handler(KIND)
def published(envelope: Envelope) -> None:
    """Keep the revision; they may arrive in any order."""
    if envelope.sender != "lgwan":
        raise Permanent("definitions are published by the office only")
    keep(envelope.municipality, _revision(envelope.body))


def _revision(body: Mapping[str, Any]) -> Revision:
    if sha256_hex(canonical_bytes(body["document"])) != body["sha256"]:
        raise Permanent("the document is not the one that was published")
    if "rule" in body["document"]:
        raise Permanent("a municipality's own procedure names no program that decides it")
    return Revision(
        procedure=str(body["procedure"]),
        revision=int(body["revision"]),
        document=body["document"],
        author=str(body["author"]),
        approver=str(body["approver"]),
        published_at=datetime.fromisoformat(body["published_at"]),
    )
