"""Prefill: what the town already knows, asked for across the gateway, kept in the draft and nowhere else here."""

from datetime import datetime, timedelta

from yakuba.audit.events import AuditEvent
from yakuba.base.ids import uuid7
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.models import Link
from yakuba.portal.models import Draft, SignIn
from yakuba.portal.services.drafting import context_of
from yakuba.portal.services.offers import Offer
from yakuba.procedures.prefill import apply_prefill, known_to_town, prefill_items

PATIENCE = timedelta(minutes=3)  # after this the page stops saying "please wait"; a later answer still counts

SILENT = timedelta(minutes=2)  # the inner relay asks every few seconds (gateway.pull)


def ask(draft: Draft, chosen: Offer, record: SignIn, at: datetime) -> None:
    """Ask once per draft, by the certificate signed in with. Never for a draft that corrects an application: its
    answers are the resident's own."""
    items = prefill_items(chosen.procedure)
    if draft.prefill_state != "none" or draft.previous or not items:
        return
    draft.prefill_request, draft.prefill_state, draft.prefill_asked_at = uuid7(), "asked", at
    draft.save(update_fields=["prefill_request", "prefill_state", "prefill_asked_at"])
    body = {
        "request_id": str(draft.prefill_request),
        "procedure": draft.procedure,
        "items": list(items),
        "certificate": {"issuer_key_id": record.issuer_key_id, "serial": record.serial, "kind": "auth"},
        "draft_id": str(draft.id),
    }
    envelope = Envelope(
        id=uuid7(), municipality=draft.municipality, kind="prefill.requested", sender="internet",
        recipient="mynumber", created_at=at, body=body, attachments=(), in_reply_to=None,
    )  # fmt: skip
    actor, subject = f"resident:{draft.owner}", f"draft:{draft.id}"
    outbox.post(envelope, AuditEvent(actor, "prefill.requested", subject, draft.municipality))


def is_waiting(draft: Draft, at: datetime) -> bool:
    """Whether the page should say that the answer is on its way. Nobody is told to wait for a town that is cut off."""
    asked = draft.prefill_asked_at
    soon = draft.prefill_state == "asked" and asked is not None and at - asked < PATIENCE
    return soon and not cut_off(at)


def cut_off(at: datetime) -> bool:
    """Whether the inner zone has not called for long, though it calls every few seconds. Never yet is no sign."""
    heard = Link.objects.filter(peer="lgwan").values_list("last_contact_at", flat=True).first()
    return heard is not None and at - heard > SILENT


def apply(draft: Draft, chosen: Offer, at: datetime) -> bool:
    """Put what has come into unanswered fields. What was typed meanwhile stands. ``True`` if anything changed."""
    if draft.prefill_state != "answered":
        return False
    context = context_of(draft, at)
    filled = apply_prefill(chosen.procedure, draft.answers, draft.prefill, draft.household, context)
    changed = bool(filled != draft.answers)
    draft.answers, draft.prefill_state = filled, "applied"
    draft.save(update_fields=["answers", "prefill_state"])
    return changed


def marked(draft: Draft, chosen: Offer) -> frozenset[str]:
    """The fields whose answer is what the town has on record."""
    return known_to_town(chosen.procedure, draft.answers, draft.prefill, draft.household)
