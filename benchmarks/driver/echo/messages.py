"""Handlers of the test room."""

from django.conf import settings
from django.db import connection

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.gateway import blobs, inbox, outbox
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import Permanent


def note(envelope: Envelope) -> None:
    """Record that a message took effect here, and what its files are now."""
    files = " ".join(
        f"refused:{ref.refused}"
        if ref.refused
        else f"{ref.media_type}:{len(blobs.read(envelope.municipality, ref.sha256))}"
        for ref in envelope.attachments
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO echo_effect (message, kind, number, files) VALUES (%s, %s, %s, %s)",
            [envelope.id, envelope.kind, envelope.body.get("number"), files],
        )


@inbox.handler("test.note")
def take_note(envelope: Envelope) -> None:
    """In: note it, and answer as asked."""
    note(envelope)
    here = tuple(ref.sha256 for ref in envelope.attachments if not ref.refused)
    blobs.hold(envelope.municipality, here, f"case:{envelope.id}")
    if envelope.body.get("poison"):
        raise Permanent("test poison")
    if envelope.body.get("answer"):
        ref = blobs.put(
            envelope.municipality, b"notice " * 1000, slot="notice", filename="通知.pdf",
            media_type="application/pdf", holder=f"notice:{envelope.id}",
        )  # fmt: skip
        answer = Envelope(
            uuid7(), envelope.municipality, "test.answer", settings.ZONE, envelope.sender, now(),
            {"number": envelope.body["number"]}, (ref,), envelope.id,
        )  # fmt: skip
        outbox.post(answer, AuditEvent("zone", "test.answered", str(answer.id), envelope.municipality))


@inbox.handler("test.answer")
def take_answer(envelope: Envelope) -> None:
    """Out: note it, and keep nothing of it."""
    note(envelope)
