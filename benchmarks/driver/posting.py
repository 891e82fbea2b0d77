"""Run inside a process of a zone: posting messages as a room would."""

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.gateway import blobs, outbox
from yakuba.gateway.envelope import AttachmentRef, Envelope

TOWNS = ("143014", "143421")


def post(number: int, files: tuple[bytes, ...] = (), town: str = TOWNS[0], **body: object) -> str:
    """One message from internet to mynumber; returns its id."""
    with under(town):
        refs: tuple[AttachmentRef, ...] = tuple(
            blobs.put(
                town,
                data,
                slot=f"file[{place}]",
                filename="書類.pdf",
                media_type="application/pdf",
                holder="draft:1",
            )
            for place, data in enumerate(files)
        )
        message = Envelope(
            uuid7(), town, "test.note", "internet", "mynumber", now(), {"number": number, **body}, refs
        )
        outbox.post(message, AuditEvent("resident:test", "test.posted", str(message.id), town))
        blobs.release(town, "draft:1")
    return str(message.id)
