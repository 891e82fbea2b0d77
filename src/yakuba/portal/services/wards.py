"""Whom one acts for by law (法定代理), as the town knows it: asked on a button, offered on the page that begins an application.

It informs and decides nothing: the My Number zone judges the representation of every application again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.base.ids import uuid7
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.models import SignIn, WardsAsked
from yakuba.portal.services import prefilling

ROLE = "proxy_by_law"
KEPT = timedelta(days=1)
_PARTS = ("name", "kana", "birth_date", "address")


def ask(record: SignIn, at: datetime) -> None:
    """Ask the My Number zone, with the proof of the sign-in, which it judges for itself. While an answer is awaited, once."""
    found = WardsAsked.objects.select_for_update().filter(owner=record.owner).first()
    if found and found.state == "asked" and at - found.asked_at < prefilling.PATIENCE:
        return
    request = uuid7()
    WardsAsked.objects.update_or_create(
        municipality=record.municipality, owner=record.owner,
        defaults={"request": request, "state": "asked", "people": [], "asked_at": at},
    )  # fmt: skip
    login = {
        "certificate": record.certificate,
        "challenge": record.challenge,
        "signature": record.signature,
    }
    envelope = Envelope(
        id=uuid7(), municipality=record.municipality, kind="wards.requested", sender="internet",
        recipient="mynumber", created_at=at, body={"request_id": str(request), "login": login},
        attachments=(), in_reply_to=None,
    )  # fmt: skip
    event = AuditEvent(
        f"resident:{record.owner}", "wards.requested", f"sign_in:{record.id}", record.municipality
    )
    outbox.post(envelope, event)


def answered(body: Mapping[str, Any]) -> None:
    """Keep the answer; only the newest question counts."""
    found = WardsAsked.objects.select_for_update().filter(request=body["request_id"]).first()
    if found is None:
        return
    listed = body.get("people")
    found.state = "known" if body["found"] else "unknown"
    found.people = (
        [dict(one) for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    )
    found.save(update_fields=["state", "people"])


def standing(owner: str, at: datetime) -> tuple[str, list[dict[str, str]]]:
    """How the question stands (none, asked, known, unknown, late) and whom the town named."""
    found = WardsAsked.objects.filter(owner=owner, asked_at__gt=at - KEPT).first()
    if found is None:
        return "none", []
    late = found.state == "asked" and (at - found.asked_at >= prefilling.PATIENCE or prefilling.cut_off(at))
    return "late" if late else found.state, list(found.people)


def chosen(owner: str, place: str, at: datetime) -> dict[str, str] | None:
    """The person at this place of the list as an application names them; None where there is none (any more)."""
    _, people = standing(owner, at)
    if not (place.isascii() and place.isdigit() and int(place) < len(people)):
        return None
    one = people[int(place)]
    return {key: one[key] for key in _PARTS if one.get(key)}
