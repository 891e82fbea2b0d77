"""After sending: which moves a resident may make with an application, and making them.

Each rule is a pair: ``can_…`` for templates, and the function that does it raises :class:`NotAllowed` with the reason.
"""

from datetime import datetime
from typing import Final

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import utc_text
from yakuba.base.ids import uuid7
from yakuba.base.texts import Language, Text
from yakuba.gateway import outbox
from yakuba.gateway.envelope import Envelope
from yakuba.portal.models import Application, Draft, StatusChange
from yakuba.portal.services import drafting
from yakuba.portal.services.offers import offer
from yakuba.portal.texts import say
from yakuba.portal.visitors import Visitor

STATUSES: Final = (
    "received", "in_review", "correction_requested", "decided", "notice_issued", "withdrawn", "rejected",
)  # fmt: skip
FINAL: Final = frozenset({"decided", "notice_issued", "withdrawn", "rejected"})


class NotAllowed(Exception):
    """The move is not open to the resident now; ``message`` says why."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)


def status_text(status: str) -> Text:
    """A status in the resident's words."""
    return say(f"status.{status}")


def standing(application: Application) -> Text:
    """Where an application stands in the resident's words: one that was corrected stands in its successor's place."""
    return status_text("replaced" if application.replaced_by else application.status)


def runs(application: Application) -> bool:
    """Whether its clock still means anything to the resident."""
    return application.status not in FINAL and application.replaced_by is None


def can_withdraw(application: Application) -> bool:
    """Until it is decided, an application can be taken back (取下げ); one that was replaced cannot."""
    return runs(application)


def can_correct(application: Application) -> bool:
    """A correction (補正) is open while one is asked for and none has been sent."""
    return application.status == "correction_requested" and application.replaced_by is None


def withdraw(application: Application, reason: str, at: datetime) -> None:
    """Take the application back: at once here, and by message in the My Number zone.

    Raises:
        NotAllowed: it is decided, withdrawn or replaced already.
    """
    if not can_withdraw(application):
        raise NotAllowed(say("follow.cannot_withdraw"))
    application.status, application.status_at, application.withdrawn_at = "withdrawn", at, at
    application.answers, application.asked = None, []
    application.save()
    StatusChange.objects.create(
        municipality=application.municipality, application=application, status="withdrawn", at=at
    )
    body = {"application_id": str(application.id), "reason": reason, "at": utc_text(at)}
    outbox.post(
        Envelope(
            id=uuid7(), municipality=application.municipality, kind="application.withdrawn", sender="internet",
            recipient="mynumber", created_at=at, body=body, attachments=(), in_reply_to=application.message,
        ),
        AuditEvent(f"resident:{application.owner}", "application.withdrawn", f"application:{application.id}",
                   application.municipality),
    )  # fmt: skip


def correct(application: Application, who: Visitor, language: Language, at: datetime) -> Draft:
    """The draft that answers a correction request: begun from the old answers, or found again if begun before.

    Raises:
        NotAllowed: no correction is asked for, or one was sent.
    """
    if not can_correct(application):
        raise NotAllowed(say("follow.cannot_correct"))
    begun = Draft.objects.filter(previous=application.id, owner=application.owner).first()
    if begun:
        return begun
    chosen = offer(application.procedure, at.date(), application.version)
    draft = drafting.begin(
        application.municipality, who, chosen, drafting.role_of(application.role), application.applicant_for,
        language, at, application.answers or {}, asked_for=True,
    )  # fmt: skip
    asked = {str(one["path"]) for one in application.asked}
    draft.previous, draft.asked = application.id, application.asked
    draft.mandate = application.mandate
    draft.seen_pages = [page.id for page in chosen.procedure.pages]
    draft.carried = [one for one in application.attachments if one["slot"] not in asked]
    draft.save()
    return draft
