"""What the My Number zone tells the portal. Each handler runs in the transaction of its inbox row, exactly once.

Messages may overtake each other: a status older than the one shown is added to the history and changes nothing else.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from yakuba.gateway import blobs
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import Permanent
from yakuba.gateway.handlers import handler
from yakuba.portal.models import Application, Bundle, Draft, Notice, StatusChange, TownSettings
from yakuba.portal.services import copying, renewals, wards
from yakuba.portal.services.following import FINAL, STATUSES

_AT_COUNTER = (
    "receipt_number",
    "owner",
    "procedure",
    "version",
    "role",
    "mode",
    "document_sha256",
    "language",
)


class UnknownStatus(Permanent):
    """A status the portal has no words for."""


@handler("prefill.answered")
def prefill_answered(envelope: Envelope) -> None:
    """Put what the town knows into the draft that asked; a draft that is gone needs no answer."""
    body = envelope.body
    draft = (
        Draft.objects.select_for_update()
        .filter(id=UUID(body["draft_id"]), prefill_request=UUID(body["request_id"]))
        .first()
    )
    if draft is None:
        _bundle_answered(body)
        return
    draft.prefill_state = "answered" if body["found"] else "not_found"
    draft.prefill, draft.household = dict(body.get("values") or {}), list(body.get("household") or [])
    draft.save(update_fields=["prefill_state", "prefill", "household"])


def _bundle_answered(body: dict[str, Any]) -> None:
    """It was asked for a bundle, before its drafts were begun."""
    bundle = (
        Bundle.objects.select_for_update()
        .filter(id=UUID(body["draft_id"]), prefill_request=UUID(body["request_id"]))
        .first()
    )
    if bundle is None:
        return
    bundle.prefill_state = "answered" if body["found"] else "not_found"
    bundle.prefill, bundle.household = dict(body.get("values") or {}), list(body.get("household") or [])
    bundle.save(update_fields=["prefill_state", "prefill", "household"])


@handler("certificates.answered")
def certificates_answered(envelope: Envelope) -> None:
    """Which certificates the holder of a card had before."""
    renewals.take_over(envelope.body)


@handler("wards.answered")
def wards_answered(envelope: Envelope) -> None:
    """Whom the holder of a card acts for by law."""
    wards.answered(envelope.body)


@handler("copy.answered")
def copy_answered(envelope: Envelope) -> None:
    """The answers of an earlier application, for the draft that asked for them."""
    copying.answered(envelope.body)


@handler("application.at_counter")
def application_at_counter(envelope: Envelope) -> None:
    """An application taken in at the counter (書かない窓口): its owner follows it here like any other. No answer comes."""
    body = envelope.body
    at = _moment(body["submitted_at"])
    application, fresh = Application.objects.get_or_create(
        id=UUID(body["application_id"]),
        defaults={
            "municipality": envelope.municipality, "submitted_at": at, "status_at": at, "delivered_at": at,
            **{name: str(body[name]) for name in _AT_COUNTER},
        },
    )  # fmt: skip
    if fresh:
        StatusChange.objects.create(
            municipality=envelope.municipality, application=application, status="received", at=at
        )


@handler("status.changed")
def status_changed(envelope: Envelope) -> None:
    """Tell the resident where the application stands."""
    body = envelope.body
    application = _application(body)
    if body["status"] not in STATUSES:
        raise UnknownStatus(str(body["status"]))
    _step(application, body["status"], _moment(body["at"]), _day(body.get("due")), body.get("message"))


@handler("correction.requested")
def correction_requested(envelope: Envelope) -> None:
    """A correction (補正) is asked for. ``answers`` come back with the request: the portal has erased its own.

    ``attachments`` are those of the application that still stand (slot, filename, media_type, size, sha256 as signed).
    """
    body = envelope.body
    application = _application(body)
    if application.status in FINAL or application.replaced_by:
        return
    application.asked, application.asked_due = list(body["items"]), _day(body.get("due"))
    application.asked_message = _in_languages(body.get("message"))
    if body.get("answers") is not None:
        application.answers = dict(body["answers"])
    if body.get("attachments") is not None:
        application.attachments = [_plain(one) for one in body["attachments"]]
    application.save()
    at = (
        _moment(body["at"]) if body.get("at") else envelope.created_at
    )  # a sender of before sends no time of its own
    _step(application, "correction_requested", at, None, body.get("message"))


@handler("notice.issued")
def notice_issued(envelope: Envelope) -> None:
    """A notice (通知書) has come: keep the PDF for the resident to fetch."""
    body = envelope.body
    application, ref = _application(body), envelope.attachments[0]
    if ref.sha256 != body["sha256"]:
        raise Permanent("the attached file is not the notice that was issued")
    notice, fresh = Notice.objects.get_or_create(
        id=UUID(body["notice_id"]),
        defaults={
            "municipality": envelope.municipality, "application": application, "title": _title(body["title"]),
            "filename": ref.filename, "sha256": ref.sha256, "size": ref.size, "issued_at": _moment(body["issued_at"]),
        },
    )  # fmt: skip
    if fresh:
        blobs.hold(envelope.municipality, (ref.sha256,), f"notice:{notice.id}")
        _step(application, "notice_issued", notice.issued_at, None, None)


@handler("settings.published")
def settings_published(envelope: Envelope) -> None:
    """The town's settings: the newest wins, however late an older one comes."""
    row = TownSettings.objects.select_for_update().first()
    row = row or TownSettings(municipality=envelope.municipality, published_at=envelope.created_at)
    if row.pk and row.published_at > envelope.created_at:
        return
    row.procedures, row.disasters = dict(envelope.body["procedures"]), list(envelope.body["disasters"])
    row.published_at = envelope.created_at
    row.save()


def _application(body: dict[str, Any]) -> Application:
    """The application a message is about. Unknown: tried again later (its own transaction may still be on its way)."""
    return Application.objects.select_for_update().get(id=UUID(body["application_id"]))


def _step(application: Application, status: str, at: datetime, due: date | None, message: object) -> None:
    """Add a step to the history; the newest step is what the application stands at."""
    told = {"due": due, "message": _in_languages(message)}
    # The portal itself wrote "received" when it sent the application: the case office's word completes that step.
    completes = status == "received" and application.history.filter(status="received").update(**told)
    if not completes:
        StatusChange.objects.create(
            municipality=application.municipality, application=application, status=status, at=at, **told
        )
    on_its_way_back = application.withdrawn_at is not None and status not in FINAL
    if at < application.status_at or on_its_way_back:
        return
    application.status, application.status_at, application.due = status, at, due
    changed = ["status", "status_at", "due"]  # the answers, if still here, need not be written again
    if status in FINAL:
        changed += ["answers", "asked", "withdrawn_at"]
        application.answers, application.asked = None, []
        application.withdrawn_at = (
            application.withdrawn_at if status == "withdrawn" else None
        )  # came too late
    application.save(update_fields=changed)


def _in_languages(message: object) -> dict[str, str] | None:
    if isinstance(message, dict) and message:
        return {key: str(message.get(key) or message.get("ja") or "") for key in ("ja", "en", "easy")}
    return {key: str(message) for key in ("ja", "en", "easy")} if message else None


def _title(title: object) -> str:
    return str(title.get("ja", "")) if isinstance(title, dict) else str(title)


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in ("slot", "filename", "media_type", "size", "sha256")}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
