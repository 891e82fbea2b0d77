"""A renewed card: asking the My Number zone which earlier certificates were its holder's, and taking over what they sent.

An application belongs to the certificate that was signed in with. Card and certificate are renewed (every five years, after a
move, when lost), and the new certificate would find nothing. Only the registers know whose both are; they answer with
certificate numbers and nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.ids import uuid7
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.models import Application, Bundle, CertificateHistory, Draft, Mandate, SignIn

ASKED_AGAIN_AFTER = timedelta(hours=1)  # the town may learn of the renewal later than the holder
PATIENCE = timedelta(minutes=3)


def ask(record: SignIn, at: datetime) -> None:
    """Ask at the first sign-in with a certificate, and again at later ones until the town knows it. In the sign-in's
    transaction; the proof of the sign-in goes along, and the My Number zone judges it for itself."""
    found, _ = CertificateHistory.objects.select_for_update().get_or_create(
        municipality=record.municipality, owner=record.owner, defaults={"asked_at": at - ASKED_AGAIN_AFTER}
    )
    if found.state == "known" or at - found.asked_at < ASKED_AGAIN_AFTER:
        return
    found.request, found.state, found.asked_at = uuid7(), "asked", at
    found.save()
    login = {"certificate": record.certificate, "challenge": record.challenge, "signature": record.signature}
    envelope = Envelope(
        id=uuid7(), municipality=record.municipality, kind="certificates.requested", sender="internet",
        recipient="mynumber", created_at=at, body={"request_id": str(found.request), "login": login},
        attachments=(), in_reply_to=None,
    )  # fmt: skip
    event = AuditEvent(
        f"resident:{record.owner}", "certificates.requested", f"sign_in:{record.id}", record.municipality
    )
    outbox.post(envelope, event)


def is_waiting(owner: str, at: datetime) -> bool:
    """Whether "my applications" should say that earlier ones are being looked for."""
    found = CertificateHistory.objects.filter(owner=owner, state="asked").first()
    return found is not None and at - found.asked_at < PATIENCE


def take_over(body: Mapping[str, Any]) -> None:
    """What the earlier certificates sent or began now belongs to the one that asked; only the newest question counts."""
    found = CertificateHistory.objects.select_for_update().filter(request=body["request_id"]).first()
    if found is None:
        return
    found.state = "known" if body["found"] else "unknown"
    found.save(update_fields=["state"])
    earlier = [f"{one['issuer_key_id']}/{one['serial']}" for one in _listed(body.get("earlier"))]
    if found.state != "known" or not earlier:
        return
    applications = Application.objects.filter(owner__in=earlier).update(owner=found.owner)
    drafts = Draft.objects.filter(owner__in=earlier).update(owner=found.owner)
    for side in ("principal", "mandatary"):
        Mandate.objects.filter(**{f"{side}__in": earlier}).update(**{side: found.owner})
    Bundle.objects.filter(owner__in=earlier).update(owner=found.owner)
    facts = {"applications": str(applications), "drafts": str(drafts)}
    subject, actor = f"certificate:{found.owner}", "system:gateway"
    append(AuditEvent(actor, "portal.certificate_renewed", subject, found.municipality, facts))


def _listed(earlier: object) -> Iterable[Mapping[str, Any]]:
    return [one for one in earlier if isinstance(one, Mapping)] if isinstance(earlier, list) else []
