"""Receiving: each message takes effect exactly once, whatever is delivered twice, late, or cut off half-way.

The inbox row, the handler's effect and the signed receipt are one transaction. A fault that passes is tried
again; a message that cannot be handled is set aside for people to see and never stands in the way of others.
"""

import logging
import uuid
from collections.abc import Mapping

from django.db import InterfaceError, OperationalError, connection

from yakuba.base.tenancy import under
from yakuba.gateway import blobs, pending, slips
from yakuba.gateway.envelope import Envelope, digest, read_envelope
from yakuba.gateway.errors import MissingBlob, Permanent
from yakuba.gateway.handlers import handler, handler_of
from yakuba.gateway.message import SealedMessage, open_arrived

__all__ = ["MOST_ATTEMPTS", "deliver", "handler", "holder", "retry_due", "take_in"]

MOST_ATTEMPTS = 10  # the last wait is about 8½ minutes; together about 17 minutes of trying
_log = logging.getLogger(__name__)


def deliver(message: SealedMessage) -> None:
    """Check, keep and handle a message whose files (if any) are here already.

    Raises:
        BrokenMessage: it is not a genuine message for this zone; nothing was kept.
    """
    take_in(open_arrived(message), message)


def take_in(envelope: Envelope, message: SealedMessage, files: Mapping[str, bytes] | None = None) -> None:
    """Keep and handle ``message``, which has been checked and reads ``envelope``; when this returns, it is safe to
    tell the sender so.

    Args:
        files: digest → bytes of those of its files that are not kept here yet.

    Raises:
        MissingBlob: a file of it is not here; nothing was kept.
        OperationalError: the database went away; nothing was kept, deliver it again.
    """
    try:
        with under(envelope.municipality):
            if _insert(envelope, message, "done", "", files):
                _handle(envelope, message.document)
            else:
                _receipt_again(envelope, message.document)
    except (OperationalError, InterfaceError, MissingBlob):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the message is kept
        _keep_for_later(envelope, message, files, error)


def _handle(envelope: Envelope, document: bytes) -> None:
    handler_of(envelope.kind)(envelope)
    if envelope.attachments:
        blobs.release(envelope.municipality, holder(envelope.id))
    _post_receipt(envelope, document, slips.ACCEPTED)


def _keep_for_later(
    envelope: Envelope, message: SealedMessage, files: Mapping[str, bytes] | None, error: Exception
) -> None:
    fatal = isinstance(error, Permanent)
    _report(envelope, error)
    with under(envelope.municipality):
        if _insert(envelope, message, "dead" if fatal else "waiting", _words(error), files):
            pending.add(envelope.municipality, envelope.id, "inbox", envelope.kind, "inbox")
            if fatal:
                _set_aside(envelope, message.document, error)


def _set_aside(envelope: Envelope, document: bytes, error: Exception) -> None:
    pending.set_aside(envelope.id, "inbox", type(error).__name__)
    _post_receipt(envelope, document, slips.STOPPED)


def retry_due(limit: int = 50) -> int:
    """Try again what is due; returns how many messages were tried."""
    items = pending.due("inbox", limit)
    for item in items:
        _retry(item)
    return len(items)


def _retry(item: pending.Item) -> None:
    try:
        with under(item.municipality):
            message = _lock(item.municipality, item.message)
            if message is None:
                return
            _handle(open_arrived(message), message.document)
            _finish(item.municipality, item.message)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the message is kept
        _failed_again(item, error)


def _failed_again(item: pending.Item, error: Exception) -> None:
    with under(item.municipality):
        message = _lock(item.municipality, item.message)
        if message is None:
            return
        envelope = read_envelope(message.document)
        _report(envelope, error)
        fatal = isinstance(error, Permanent) or item.attempts + 1 >= MOST_ATTEMPTS
        _note(item, "dead" if fatal else "waiting", error)
        if fatal:
            _set_aside(envelope, message.document, error)
        else:
            pending.again_later(item, type(error).__name__)


def holder(message: object) -> str:
    """The name under which the inbox holds a message's files."""
    return f"inbox:{message}"


def _insert(
    envelope: Envelope, message: SealedMessage, state: str, problem: str, files: Mapping[str, bytes] | None
) -> bool:
    """Write the inbox row; ``False`` if the message is here already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_inbox (municipality, message, kind, sender, document, seal, transit, transit_seal, "
            "received_at, state, problem) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), %s, %s) "
            "ON CONFLICT (municipality, message) DO NOTHING RETURNING true",
            [
                envelope.municipality, envelope.id, envelope.kind, envelope.sender, message.document, message.seal,
                message.transit or None, message.transit_seal or None, state, problem,
            ],
        )  # fmt: skip
        fresh = cursor.fetchone() is not None
    if fresh and envelope.attachments:
        _hold_files(envelope, files or {})
    return fresh


def _hold_files(envelope: Envelope, files: Mapping[str, bytes]) -> None:
    for sha256 in sorted({ref.sha256 for ref in envelope.attachments if not ref.refused}):
        if sha256 in files:
            blobs.keep(envelope.municipality, sha256, files[sha256], holder(envelope.id))
        elif not blobs.hold_present(envelope.municipality, sha256, holder(envelope.id)):
            raise MissingBlob(sha256)


def _receipt_again(envelope: Envelope, document: bytes) -> None:
    """The sender delivers again because it has no receipt: give it another one if we are done."""
    if _state(envelope.municipality, envelope.id) == "done":
        _post_receipt(envelope, document, slips.ACCEPTED)


def _post_receipt(envelope: Envelope, document: bytes, outcome: str) -> None:
    slips.post_receipt(envelope.municipality, envelope.id, envelope.sender, digest(document), outcome)


def _state(municipality: str, message: uuid.UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM gateway_inbox WHERE municipality = %s AND message = %s",
            [municipality, message],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _lock(municipality: str, message: uuid.UUID) -> SealedMessage | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document, seal, transit, transit_seal FROM gateway_inbox "
            "WHERE municipality = %s AND message = %s AND state <> 'done' FOR UPDATE",
            [municipality, message],
        )
        row = cursor.fetchone()
    return SealedMessage(*(bytes(part or b"") for part in row)) if row else None


def _finish(municipality: str, message: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_inbox SET state = 'done', problem = '' WHERE municipality = %s AND message = %s",
            [municipality, message],
        )
    pending.done([message], "inbox")


def _note(item: pending.Item, state: str, error: Exception) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_inbox SET state = %s, problem = %s WHERE municipality = %s AND message = %s",
            [state, _words(error), item.municipality, item.message],
        )


def _words(error: Exception) -> str:
    """For the people of this municipality, under its row-level security: it may quote what the message says."""
    return f"{type(error).__name__}: {error}"[:500]


def _report(envelope: Envelope, error: Exception) -> None:
    # the log of the process belongs to no municipality: the name of the fault only, never its text
    _log.warning("message %s (%s) was not handled: %s", envelope.id, envelope.kind, type(error).__name__)
