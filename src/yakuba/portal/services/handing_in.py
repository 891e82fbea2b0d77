"""A whole signed application in one request: what a vendor's app or a town's own kiosk hands in over the API.

Nothing is trusted more than from the pages: the same definition, the same verdict, the same limits on files, the same
transaction. The document must be, byte for byte, what the engine itself would have made of its answers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import JAPAN
from yakuba.base.texts import Text
from yakuba.card import messages as card_messages
from yakuba.card.outcomes import Outcome, Verdict
from yakuba.portal.languages import as_language
from yakuba.portal.models import Application, Draft
from yakuba.portal.services import drafting, uploading, verdicts
from yakuba.portal.services.identity import contradicts
from yakuba.portal.services.offers import Offer, offer
from yakuba.portal.services.submitting import Proof, submit
from yakuba.portal.texts import say
from yakuba.portal.visitors import Visitor
from yakuba.procedures.application import AttachedFile, application_document
from yakuba.procedures.context import Context
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


@dataclass(frozen=True, slots=True)
class HandedFile:
    """One file of the request: for which slot, under which name, its bytes."""

    slot: str
    filename: str
    data: bytes


def hand_in(
    municipality: str, who: Visitor, content: bytes, cms: bytes, files: Sequence[HandedFile], at: datetime
) -> Application:
    """Take the application whose canonical bytes are ``content`` and whose signature is ``cms``.

    Inside ``under(municipality)``; ``who`` is signed in. The same application handed in again is the same application.

    Raises:
        NotTaken: with the reason, in the resident's words.
    """
    document = _read(content, municipality)
    application_id = UUID(document["application_id"])
    if found := Application.objects.filter(id=application_id, owner=who.owner).first():
        if found.document_sha256 == sha256_hex(content):
            return found
        raise NotTaken("id_taken", say("card.problem.changed"))
    chosen = _offer(document, at)
    verdict = verdicts.on_signature(content, cms, at)
    if verdict.outcome is not Outcome.GOOD:
        raise NotTaken(str(verdict.reason), card_messages.for_verdict(verdict))
    _check_document(chosen, document, content, files, at)
    _check_holder(chosen, document, verdict)
    draft = _draft(municipality, who, document, at)
    _keep_files(draft, chosen, document, files, at)
    return submit(draft, document, Proof("signature", cms, None, verdict), who.owner or "", at)


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
        chosen = offer(str(document["procedure"]), at.astimezone(JAPAN).date())
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
    handed = {(one.slot, sha256_hex(one.data), len(one.data)) for one in files}
    if {(one.slot, one.sha256, one.size) for one in attached} != handed:
        raise NotTaken("files_differ", say("api.files_differ"))
    context = Context(at.astimezone(JAPAN).date(), role)
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


def _draft(municipality: str, who: Visitor, document: Mapping[str, Any], at: datetime) -> Draft:
    return Draft.objects.create(
        id=UUID(document["application_id"]), municipality=municipality, owner=who.owner or "", browser=who.browser,
        procedure=document["procedure"], version=document["version"], role=document["applicant"]["role"],
        applicant_for=document["applicant"]["for"], answers=document["answers"], language=document["language"],
        created_at=at, updated_at=at, expires_at=at + drafting.KEPT_FOR,
    )  # fmt: skip


def _keep_files(
    draft: Draft, chosen: Offer, document: Mapping[str, Any], files: Sequence[HandedFile], at: datetime
) -> None:
    context = drafting.context_of(draft, at)
    slots = {slot.key: slot for slot in attachment_slots(chosen.procedure, document["answers"], context)}
    for one in files:
        try:
            uploading.keep_whole(draft, slots[one.slot], one.filename, one.data, at)
        except uploading.Refused as refused:
            raise NotTaken(
                "file", refused.message, ({"path": one.slot, **_words(refused.message)},)
            ) from refused
