"""Reading an ``application.submitted`` message: from untrusted JSON to values, or to words on what is wrong."""

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.base.ids import receipt_number
from yakuba.gateway.envelope import AttachmentRef, Envelope

MODES = ("signature", "login")


class Unreadable(ValueError):
    """The message is no application; the words are kept beside it for the desk."""


@dataclass(frozen=True, slots=True)
class Submission:
    """An application as it arrived, its parts taken apart. Nothing in it has been verified yet."""

    application_id: uuid.UUID
    receipt_number: str
    application: dict[str, Any]
    mode: str
    signature: bytes | None
    login: dict[str, Any] | None
    submitted_at: datetime
    portal_verdict: dict[str, Any] | None
    bundle: dict[str, Any] | None
    attachments: tuple[AttachmentRef, ...]
    mandate: dict[str, Any] | None = None  # what came along as a mandate (委任)
    cosignature: bytes | None = None  # a second person's signature over the same document
    seen: tuple[str, ...] = ()  # slots whose original a clerk saw at the counter; never part of a message
    clerks: tuple[str, ...] = ()  # the ids of the staff who took it in at the counter

    @property
    def answers(self) -> dict[str, Any]:
        """The answers (empty if they are no object)."""
        return _object(self.application.get("answers")) or {}

    @property
    def role(self) -> str:
        """In which role the applicant applies."""
        return str((_object(self.application.get("applicant")) or {}).get("role", ""))[:20]

    @property
    def previous(self) -> uuid.UUID | None:
        """The application this one corrects."""
        try:
            return uuid.UUID(str(self.application.get("previous")))
        except ValueError:
            return None


def read(envelope: Envelope) -> Submission:
    """The submission in ``envelope``.

    Raises:
        Unreadable: so malformed that not even a case could be opened for it.
    """
    body = envelope.body
    application = _object(body.get("application"))
    if application is None:
        raise Unreadable("本文に申請(application)がありません。")
    application_id = _identifier(application)
    _same_town(application, envelope)
    if body.get("receipt_number") != receipt_number(application_id):
        raise Unreadable("受付番号が申請の番号から作られたものではありません。")
    return Submission(
        application_id,
        receipt_number(application_id),
        application,
        str(body["mode"]) if body.get("mode") in MODES else "signature",
        _bytes(body.get("signature")),
        _object(body.get("login")),
        _moment(body.get("submitted_at")),
        _object(body.get("verdict")),
        _bundle(body.get("bundle")),
        envelope.attachments,
        _object(body.get("mandate")),
        _bytes(body.get("cosignature")),
    )


def _identifier(application: Mapping[str, Any]) -> uuid.UUID:
    try:
        return uuid.UUID(str(application.get("application_id")))
    except ValueError as error:
        raise Unreadable("申請の番号(application_id)が正しい形ではありません。") from error


def _same_town(application: Mapping[str, Any], envelope: Envelope) -> None:
    if application.get("municipality") != envelope.municipality:
        raise Unreadable("申請のあて先が、届け先の自治体と違います。")


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Unreadable("受付日時(submitted_at)が日時ではありません。") from error
    if moment.tzinfo is None:
        raise Unreadable("受付日時(submitted_at)に時差がありません。")
    return moment


def _bytes(value: object) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        return b""


def _bundle(value: object) -> dict[str, Any] | None:
    """The manifest that came along. Something that is none is kept as an empty one, which no verdict finds good: an
    application sent in a bundle is never judged as one that was signed by itself."""
    if value is None:
        return None
    return _object(value) or {}


def _object(value: object) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None
