"""A whole signed application in one request: what a vendor's app or a town's own kiosk hands in over the API.

Nothing is trusted more than from the pages: the same definition, the same verdict, the same limits on files, the same
transaction. The document must be, byte for byte, what the engine itself would have made of its answers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import japan_day
from yakuba.base.texts import Text
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome, Verdict
from yakuba.gateway import blobs, outbox
from yakuba.gateway.envelope import AttachmentRef
from yakuba.portal.languages import as_language
from yakuba.portal.services import drafting, uploading, verdicts
from yakuba.portal.services.identity import contradicts
from yakuba.portal.services.offers import Offer, offer
from yakuba.portal.services.signin import owner_of
from yakuba.portal.services.submitting import Proof, Sending, dispatch, record
from yakuba.portal.texts import say
from yakuba.portal.visitors import Visitor
from yakuba.procedures.application import AttachedFile, application_document
from yakuba.procedures.context import Context
from yakuba.procedures.cosigning import asked, may_sign
from yakuba.procedures.faults import UnknownProcedure
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.validation import validate_all

LARGEST_DOCUMENT = 1024 * 1024
_PROBLEMS_SHOWN = 50


@dataclass(eq=False)
class NotTaken(Exception):
    """The application is not taken; nothing was kept. ``code`` is for programs, ``message`` for the resident,
    ``details`` name each place that is wrong."""

    code: str
    message: Text
    details: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class HandedFile:
    """One file of the request: for which slot, under which name, its bytes."""

    slot: str
    filename: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        return sha256_hex(self.data)


def hand_in(
    municipality: str, who: Visitor, content: bytes, cms: bytes, files: Sequence[HandedFile], at: datetime,
    second: bytes | None = None,
) -> UUID:  # fmt: skip
    """Take the application whose canonical bytes are ``content`` and whose signature is ``cms``; returns its id.
    ``second``: another person's signature over the same bytes.

    Inside ``under(municipality)``; ``who`` is signed in. The same application handed in again is the same application.
    There is no draft on the way: what is taken is sent, in this very transaction.

    Raises:
        NotTaken: with the reason, in the resident's words.
    """
    document = _read(content, municipality)
    application_id, owner = UUID(document["application_id"]), who.owner or ""
    if _taken_before(municipality, application_id, owner, content):
        return application_id
    chosen = _offer(document, at)
    verdict = verdicts.on_signature(content, cms, at)
    if verdict.outcome is not Outcome.GOOD:
        raise NotTaken(str(verdict.reason), card_messages.for_verdict(verdict))
    _check_document(chosen, document, content, files, at)
    _check_holder(chosen, document, verdict)
    second = _checked_second(chosen, document, content, verdict, second, at)
    refs = _checked_files(chosen, document, files, at)
    proof = Proof("signature", cms, None, verdict, cosignature=second)
    sending = Sending(document, content, proof, owner, at)
    if not record(sending):
        # the same request a moment ago, which has ended while this one waited; or somebody else's number
        if _taken_before(municipality, application_id, owner, content):
            return application_id
        raise NotTaken("id_taken", say("card.problem.changed"))
    for one, ref in zip(files, refs, strict=True):
        blobs.keep(municipality, ref.sha256, one.data, outbox.holder(sending.message))
    dispatch(sending, tuple(sorted(refs, key=lambda ref: ref.slot)))
    return application_id


def _taken_before(municipality: str, application_id: UUID, owner: str, content: bytes) -> bool:
    """Whether this very application has been taken already.

    Raises:
        NotTaken: another one of the same owner has its number.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document_sha256 FROM portal_application WHERE municipality = %s AND id = %s AND owner = %s",
            [municipality, application_id, owner],
        )
        found = cursor.fetchone()
    if found and found[0] != sha256_hex(content):
        raise NotTaken("id_taken", say("card.problem.changed"))
    return found is not None


def _read(content: bytes, municipality: str) -> dict[str, Any]:
    try:
        if len(content) > LARGEST_DOCUMENT:
            raise ValueError("too large")
        document = json.loads(content)
        if canonical_bytes(document) != content or document["municipality"] != municipality:
            raise ValueError("not canonical, or another town's")
        UUID(document["application_id"])
        datetime.fromisoformat(document["created_at"])
        if not isinstance(document["answers"], dict) or not isinstance(document["attachments"], list):
            raise TypeError("answers or attachments")
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise NotTaken("document_form", say("api.document_form")) from problem
    return dict(document)


def _offer(document: Mapping[str, Any], at: datetime) -> Offer:
    try:
        chosen = offer(str(document["procedure"]), japan_day(at))
    except (KeyError, UnknownProcedure) as problem:
        raise NotTaken("unknown_procedure", say("api.unknown_procedure")) from problem
    if chosen.procedure.version != document.get("version"):
        raise NotTaken("other_version", say("api.other_version"))
    if not chosen.opening.open:
        raise NotTaken("closed", say("api.closed"))
    return chosen


def _check_document(
    chosen: Offer, document: Mapping[str, Any], content: bytes, files: Sequence[HandedFile], at: datetime
) -> None:
    """The document is what the engine would make of its own answers, and the answers are right."""
    try:
        role = drafting.role_of(document["applicant"]["role"])
        attached = [AttachedFile(**one) for one in document["attachments"]]
        made = application_document(
            chosen.procedure, document["answers"], application_id=UUID(document["application_id"]),
            municipality=document["municipality"], role=role, applicant_for=document["applicant"]["for"],
            attachments=attached, language=as_language(document["language"]),
            created_at=datetime.fromisoformat(document["created_at"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise NotTaken("document_form", say("api.document_form")) from problem
    if canonical_bytes(made) != content:
        raise NotTaken("not_as_the_form", say("api.not_as_the_form"))
    handed = {(one.slot, one.sha256, len(one.data)) for one in files}
    if {(one.slot, one.sha256, one.size) for one in attached} != handed:
        raise NotTaken("files_differ", say("api.files_differ"))
    context = Context(japan_day(at), role)
    problems = validate_all(chosen.procedure, document["answers"], context, {one.slot for one in attached})
    if problems:
        details = [{"path": one.path, **_words(one.message)} for one in problems[:_PROBLEMS_SHOWN]]
        raise NotTaken("answers", say("api.answers"), tuple(details))


def _words(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en, "easy": text.easy}


def _check_holder(chosen: Offer, document: Mapping[str, Any], verdict: Verdict) -> None:
    own = document["applicant"]["role"] == "self"
    if (
        own
        and verdict.signer
        and contradicts(chosen.procedure, document["answers"], {}, verdict.signer.attributes)
    ):
        raise NotTaken("other_person", say("card.problem.other_person"))


def _checked_second(
    chosen: Offer, document: Mapping[str, Any], content: bytes, verdict: Verdict, cms: bytes | None, at: datetime
) -> bytes | None:  # fmt: skip
    """The second person's signature as it is sent, checked as one given on the pages is."""
    role = drafting.role_of(document["applicant"]["role"])
    mode = asked(chosen.procedure, document["answers"], role)
    if cms is None or mode == "off":
        if mode == "required":
            raise NotTaken("second_signature", say("cosign.needed"))
        return None
    other = verdicts.on_signature(content, cms, at)
    if other.outcome is not Outcome.GOOD or other.signer is None:
        raise NotTaken(f"second_{other.reason}", card_messages.for_verdict(other))
    if verdict.signer and owner_of(other.signer) == owner_of(verdict.signer):
        raise NotTaken("second_same_card", say("cosign.same_card"))
    holder = other.signer.attributes
    if not may_sign(chosen.procedure, document["answers"], holder.birth_date if holder else None):
        raise NotTaken("second_not_named", say("cosign.not_named"))
    return cms


def _checked_files(
    chosen: Offer, document: Mapping[str, Any], files: Sequence[HandedFile], at: datetime
) -> list[AttachmentRef]:
    """The files as they are sent, each checked as one uploaded on a page is."""
    if not files:
        return []
    context = Context(japan_day(at), drafting.role_of(document["applicant"]["role"]))
    slots = {slot.key: slot for slot in attachment_slots(chosen.procedure, document["answers"], context)}
    refs: list[AttachmentRef] = []
    for one in files:
        slot, name = slots[one.slot], uploading.plain_name(one.filename)
        try:
            uploading.check(slot, name, len(one.data), sum(ref.slot == one.slot for ref in refs))
            uploading.check_together(sum(ref.size for ref in refs) + len(one.data))
            media_type = uploading.kind_of(slot, name, one.data, whole=True)
        except uploading.Refused as refused:
            raise NotTaken(
                "file", refused.message, ({"path": one.slot, **_words(refused.message)},)
            ) from refused
        refs.append(AttachmentRef(one.slot, name, media_type, len(one.data), one.sha256))
    return refs
