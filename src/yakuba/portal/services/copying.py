"""Applying again with the answers of an earlier application: asked for across the gateway, because the portal forgets them.

The question carries the proof of the sign-in; the My Number zone judges it and answers only to the person who sent the
earlier application. Files do not come along: what was proven then may have changed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.base.ids import uuid7
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.languages import as_language
from yakuba.portal.models import Application, Draft, SignIn
from yakuba.portal.services import drafting
from yakuba.portal.services.offers import Offer, UnknownProcedure, offer
from yakuba.procedures.moving import moved

PATIENCE = timedelta(minutes=3)  # after this the page stops saying "please wait"; a later answer still counts


def ask(draft: Draft, earlier: Application, record: SignIn, at: datetime) -> None:
    """Ask for the answers of ``earlier``; the draft remembers the question."""
    request = uuid7()
    draft.copied = {
        "request": str(request), "number": earlier.receipt_number, "state": "asked", "at": at.isoformat(),
    }  # fmt: skip
    draft.save(update_fields=["copied"])
    login = {"certificate": record.certificate, "challenge": record.challenge, "signature": record.signature}
    body = {
        "request_id": str(request), "draft_id": str(draft.id), "application_id": str(earlier.id), "login": login,
    }  # fmt: skip
    envelope = Envelope(
        id=uuid7(), municipality=draft.municipality, kind="copy.requested", sender="internet",
        recipient="mynumber", created_at=at, body=body, attachments=(), in_reply_to=None,
    )  # fmt: skip
    event = AuditEvent(f"resident:{draft.owner}", "copy.requested", f"draft:{draft.id}", draft.municipality)
    outbox.post(envelope, event)


def is_waiting(draft: Draft, at: datetime) -> bool:
    """Whether the page should say that the answers are on their way."""
    copied = draft.copied or {}
    return copied.get("state") == "asked" and at - datetime.fromisoformat(copied["at"]) < PATIENCE


def answered(body: Mapping[str, Any]) -> None:
    """The answers have come; they wait in the draft until it is opened. A draft that is gone needs none."""
    draft = Draft.objects.select_for_update().filter(id=UUID(body["draft_id"])).first()
    if draft is None or (draft.copied or {}).get("request") != body["request_id"]:
        return
    state = "answered" if body["found"] else "not_found"
    answers = {"version": body.get("version"), "answers": body.get("answers")} if body["found"] else {}
    draft.copied = {**(draft.copied or {}), "state": state, **answers}
    draft.save(update_fields=["copied"])


def apply(draft: Draft, chosen: Offer, at: datetime) -> None:
    """Put the earlier answers into fields that are not answered yet, moved to the form in force."""
    copied = draft.copied or {}
    if copied.get("state") != "answered":
        return
    context, day = drafting.context_of(draft, at), at.date()
    try:
        before = offer(draft.procedure, day, copied["version"]).procedure
    except UnknownProcedure:
        before = chosen.procedure
    found = moved(before, chosen.procedure, copied["answers"], context, as_language(draft.language))
    draft.answers = {**found.answers, **draft.answers}
    draft.moved = drafting.told(found) or draft.moved
    draft.copied = {key: copied[key] for key in ("request", "number", "at")} | {"state": "applied"}
    draft.save(update_fields=["answers", "moved", "copied"])
