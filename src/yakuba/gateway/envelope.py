"""A message between zones, as a value and as the one byte sequence that is sealed and hashed."""

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.base.municipality import municipality_code
from yakuba.gateway.errors import BrokenMessage

FORM = "message/1"
ZONES = ("internet", "lgwan", "mynumber")


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """A file that belongs to a message; its bytes are in :mod:`yakuba.gateway.blobs` under ``sha256``.

    Attributes:
        slot: which question or document it answers, e.g. ``children[0].birth_certificate``.
        size: in bytes.
        refused: code of the reason the sanitiser did not let it through (texts: ``refusals.<code>``), else ``None``.
            A refused file has no bytes on this side of the sanitiser.
        evidence: what the sanitiser did: ``before``/``after`` SHA-256, ``method``, ``pages``, ``removed``, …;
            ``None`` where nothing was sanitised (messages that go outward).
    """

    slot: str
    filename: str
    media_type: str
    size: int
    sha256: str
    refused: str | None = None
    evidence: dict[str, Any] | None = field(default=None, hash=False)

    def sealed(self) -> dict[str, Any]:
        """The part the sender seals: the file as it was handed in."""
        return {
            "slot": self.slot,
            "filename": self.filename,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
        }

    def document(self) -> dict[str, Any]:
        """All of it, as a JSON object."""
        return {**self.sealed(), "refused": self.refused, "evidence": self.evidence}


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message. ``body`` holds text, whole numbers, lists and objects only (canonical JSON, no floats)."""

    id: uuid.UUID
    municipality: str
    kind: str
    sender: str
    recipient: str
    created_at: datetime
    body: dict[str, Any] = field(hash=False)
    attachments: tuple[AttachmentRef, ...] = ()
    in_reply_to: uuid.UUID | None = None

    def __post_init__(self) -> None:
        municipality_code(self.municipality)
        if self.sender not in ZONES or self.recipient not in ZONES or self.sender == self.recipient:
            raise ValueError(
                f"a message goes from one zone to another of {ZONES}, not {self.sender} → {self.recipient}"
            )
        if self.created_at.tzinfo is None:
            raise ValueError("created_at says its offset, e.g. 2026-11-23T09:00:00Z")

    def canonical(self) -> bytes:
        """The bytes that are sealed, relayed unchanged, and named in the receipt (RFC 8785)."""
        return canonical_bytes(
            {
                "yakuba": FORM,
                "id": str(self.id),
                "municipality": self.municipality,
                "kind": self.kind,
                "sender": self.sender,
                "recipient": self.recipient,
                "created_at": utc_text(self.created_at),
                "body": self.body,
                "attachments": [attachment.sealed() for attachment in self.attachments],
                "in_reply_to": str(self.in_reply_to) if self.in_reply_to else None,
            }
        )

    def with_attachments(self, attachments: tuple[AttachmentRef, ...]) -> "Envelope":
        """The same message with the files as they came out of the sanitiser."""
        return replace(self, attachments=attachments)


def digest(canonical: bytes) -> str:
    """What a receipt names: SHA-256 of the sealed bytes, in hexadecimal."""
    return sha256_hex(canonical)


def read_envelope(canonical: bytes) -> Envelope:
    """The message whose :meth:`Envelope.canonical` bytes these are.

    Raises:
        BrokenMessage: they are not a message of this form.
    """
    try:
        document = json.loads(canonical)
        if document["yakuba"] != FORM:
            raise ValueError(f"form {document['yakuba']!r}")
        return _from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenMessage(f"these bytes are not a message of form {FORM}: {error}") from error


def _from_document(document: dict[str, Any]) -> Envelope:
    if not isinstance(document["body"], dict):
        raise TypeError("body is an object")
    reply = document["in_reply_to"]
    return Envelope(
        id=uuid.UUID(document["id"]),
        municipality=document["municipality"],
        kind=str(document["kind"]),
        sender=document["sender"],
        recipient=document["recipient"],
        created_at=datetime.fromisoformat(document["created_at"]),
        body=document["body"],
        attachments=tuple(read_ref(ref) for ref in document["attachments"]),
        in_reply_to=uuid.UUID(reply) if reply else None,
    )


def read_ref(document: dict[str, Any]) -> AttachmentRef:
    """An :class:`AttachmentRef` from its JSON object."""
    return AttachmentRef(
        slot=str(document["slot"]),
        filename=str(document["filename"]),
        media_type=str(document["media_type"]),
        size=int(document["size"]),
        sha256=str(document["sha256"]),
        refused=document.get("refused"),
        evidence=document.get("evidence"),
    )
