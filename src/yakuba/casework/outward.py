"""What the desk tells the internet zone: the one place that makes messages going outward."""

from datetime import UTC, date, datetime
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.catalog import text
from yakuba.base.ids import uuid7
from yakuba.base.texts import Text
from yakuba.casework.models import Case
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope

ROOM = "yakuba.casework"


def in_three(words: Text) -> dict[str, str]:
    """A text as messages carry it."""
    return {"ja": words.ja, "en": words.en, "easy": words.easy}


def tell_status(case: Case, told: str, at: datetime, audit: AuditEvent, words: Text | None = None) -> None:
    """``status.changed``: the resident sees ``told`` (with its standard words, or other ``words``)."""
    body = {
        "application_id": str(case.id),
        "status": told,
        "at": _exactly(at),
        "due": case.due.isoformat() if case.due else None,
        "message": in_three(words or text(ROOM, f"residents.{told}")),
    }
    post(case.municipality, "status.changed", body, at, audit)


def ask_correction(
    case: Case, items: list[dict[str, Any]], due: date, message: str, at: datetime, audit: AuditEvent
) -> None:
    """``correction.requested``: what to correct, field by field, until when."""
    body = {
        "application_id": str(case.id),
        "items": [{"path": item["path"], "message": item["message"]} for item in items],
        "at": _exactly(at),
        "due": due.isoformat(),
        "message": message or None,
        # the portal erased its copies once they had arrived here: the resident corrects what was sent
        "answers": case.document.answers,
        "attachments": [
            {
                "slot": one.slot,
                "filename": one.filename,
                "media_type": one.signed.get("media_type", one.media_type),
                "size": one.signed.get("size", one.size),
                "sha256": one.signed_sha256,
            }
            for one in case.attachments.filter(state="ok").order_by("position")
        ],
    }
    post(case.municipality, "correction.requested", body, at, audit)


def _exactly(at: datetime) -> str:
    """To the microsecond: of two steps within a second, the later one must still be shown as the later."""
    return at.astimezone(UTC).isoformat()


def post(municipality: str, kind: str, body: dict[str, Any], at: datetime, audit: AuditEvent) -> None:
    """Put a message into the outbox, in the caller's transaction."""
    envelope = Envelope(uuid7(), municipality, kind, "mynumber", "internet", at, body)
    outbox.post(envelope, audit)
