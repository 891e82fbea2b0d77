"""A message as it travels: the sealed bytes, and what the sanitiser states about its files."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from yakuba.base.canonical import canonical_bytes
from yakuba.gateway import seal
from yakuba.gateway.envelope import AttachmentRef, Envelope, digest, read_envelope, read_ref
from yakuba.gateway.errors import BrokenMessage
from yakuba.gateway.routes import goes_inward

SANITISER = "lgwan"


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """``document`` and ``seal`` never change on the way; ``transit`` is added and signed by the sanitising zone."""

    document: bytes
    seal: bytes
    transit: bytes = b""
    transit_seal: bytes = b""


def seal_message(envelope: Envelope) -> SealedMessage:
    """The message as its sender gives it to the relay."""
    document = envelope.canonical()
    return SealedMessage(document, seal.seal(document, b"message"))


def open_sealed(message: SealedMessage) -> Envelope:
    """The message as its sender wrote it, the seal checked.

    Raises:
        BrokenMessage: not a message, or not sealed by the zone it names as its sender.
    """
    envelope = read_envelope(message.document)
    if not seal.holds(envelope.sender, message.document, b"message", message.seal):
        raise BrokenMessage(f"message {envelope.id} is not sealed by {envelope.sender!r}, its sender")
    return envelope


def open_arrived(message: SealedMessage) -> Envelope:
    """As :func:`open_sealed`, at the end of the way: with the files as the sanitiser replaced them.

    Raises:
        BrokenMessage: also where a message came in with files that did not go through the sanitiser.
    """
    envelope = open_sealed(message)
    if envelope.recipient != settings.ZONE:
        raise BrokenMessage(f"message {envelope.id} is for {envelope.recipient!r}, not for this zone")
    return with_clean_files(envelope, message)


def with_clean_files(envelope: Envelope, message: SealedMessage) -> Envelope:
    """The message with its files as the sanitiser replaced them (unchanged where nothing had to be sanitised).

    Raises:
        BrokenMessage: its files did not go through the sanitiser.
    """
    if not needs_sanitising(envelope):
        return envelope
    return envelope.with_attachments(_replaced(envelope, message))


def needs_sanitising(envelope: Envelope) -> bool:
    """Whether the message's files must be rebuilt before they reach its recipient."""
    return bool(envelope.attachments) and goes_inward(envelope.sender, envelope.recipient)


def transit_statement(envelope: Envelope, replaced: tuple[AttachmentRef, ...]) -> tuple[bytes, bytes]:
    """What the sanitising zone states about the files of a message: the bytes, and its signature."""
    statement = canonical_bytes(
        {
            "yakuba": "transit/1",
            "message": str(envelope.id),
            "digest": digest(envelope.canonical()),
            "attachments": [ref.document() for ref in replaced],
        }
    )
    return statement, seal.seal(statement, b"transit")


def _replaced(envelope: Envelope, message: SealedMessage) -> tuple[AttachmentRef, ...]:
    if not message.transit or not seal.holds(SANITISER, message.transit, b"transit", message.transit_seal):
        raise BrokenMessage(f"message {envelope.id} came in with files that were not sanitised")
    try:
        statement = json.loads(message.transit)
        replaced = tuple(read_ref(ref) for ref in statement["attachments"])
        matches = statement["digest"] == digest(message.document) and _same_files(envelope, replaced)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenMessage(f"the sanitiser's statement on message {envelope.id} cannot be read") from error
    if not matches:
        raise BrokenMessage(f"the sanitiser's statement is not about the files of message {envelope.id}")
    return replaced


def _same_files(envelope: Envelope, replaced: tuple[AttachmentRef, ...]) -> bool:
    def before(ref: AttachmentRef) -> Any:
        return (ref.evidence or {}).get("before")

    pairs = zip(envelope.attachments, replaced, strict=True)
    return all(sent.slot == got.slot and sent.sha256 == before(got) for sent, got in pairs)
