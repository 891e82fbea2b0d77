"""The resident has signed (or confirmed): judge it as anything that arrives, and open the case. Nobody else can.

The same examination as for an application from the portal (:mod:`~yakuba.casework.intake`): the same canonical bytes, the
same verdict core, the same conclusion on the person. Only what is good becomes a case; else the visit stays as it is.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yakuba.base.clock import utc_text
from yakuba.base.ids import receipt_number
from yakuba.base.texts import Text
from yakuba.card import messages as card_messages
from yakuba.card.login_answer import LoginAnswer
from yakuba.card.outcomes import Signer
from yakuba.casework import identified, intake, outward
from yakuba.casework.counter import filling
from yakuba.casework.counter.holder import DOCUMENTS
from yakuba.casework.counter.preparing import Prepared
from yakuba.casework.counter.visits import event, keep
from yakuba.casework.intake import Examined
from yakuba.casework.models import CardReading, Case, CounterVisit
from yakuba.casework.moves import lock_case, record
from yakuba.casework.people_found import likeness
from yakuba.casework.staff.models import Staff
from yakuba.casework.submission import Submission
from yakuba.registers import people
from yakuba.registers.names import Likeness

BY_DOCUMENT = ("no_match", "several_matches", "lapsed_certificate")
"""Reasons the register gives for doubting a card, which another identity document settles."""


class NotTakenIn(Exception):
    """The card's answer does not make this an application; ``message`` is for the resident, ``code`` for the record."""

    def __init__(self, code: str, message: Text) -> None:
        self.code, self.message = code, message
        super().__init__(code)


def submission_of(
    visit: CounterVisit, prepared: Prepared, reading: CardReading, answer: LoginAnswer | None, at: datetime
) -> Submission:
    """The application with its proof, as if it had arrived."""
    login = None if answer is None else {
        "certificate": _text(answer.certificate), "challenge": _text(bytes(reading.content)),
        "signature": _text(answer.signature),
    }  # fmt: skip
    signature = bytes(reading.result or b"") if answer is None else None
    return Submission(
        visit.id, receipt_number(visit.id), prepared.document, "signature" if answer is None else "login", signature,
        login, at, None, None, (), seen=tuple(sorted(filling.seen(visit))), clerks=tuple(visit.clerks),
    )  # fmt: skip


def take_in(
    visit: CounterVisit, prepared: Prepared, submission: Submission, clerk: Staff, at: datetime
) -> Case:
    """Open the case and say so outward, in the caller's transaction.

    Raises:
        NotTakenIn: the verdict is not good, or the card is not that of the person at the counter.
    """
    found = intake.examine(submission, at)
    _check(visit, found)
    facts = {
        "procedure": visit.procedure,
        "mode": submission.mode,
        "sha256": prepared.sha256,
        "by": visit.found_by,
    }
    outward.post(
        visit.municipality, "application.at_counter", _told(visit, prepared, submission), at,
        event(visit, "counter.taken_in", clerk, **facts),
    )  # fmt: skip
    case = intake.open_case(found, visit.municipality, f"counter:{visit.id}")
    case = lock_case(case.id)
    record(case, "counter", "書かない窓口で受け付けた", clerk, at, _how(visit))
    _settle_person(case, visit, clerk, at)
    _empty(visit, at)
    return case


def _check(visit: CounterVisit, found: Examined) -> None:
    if found.outcome != "good" or found.verdict.signer is None:
        raise NotTakenIn(found.reason or "not_good", card_messages.for_verdict(found.verdict))
    signer = found.conclusion.signer
    other = signer is not None and signer.atena_number != visit.atena_number
    if other or not _is_the_visitor(visit, found.verdict.signer):
        raise NotTakenIn("other_person", card_messages.for_other_person())
    if found.conclusion.reason in ("signer_is_not_claimant", "signature_missing"):
        raise NotTakenIn(found.conclusion.reason, card_messages.for_other_person())


def _is_the_visitor(visit: CounterVisit, signer: Signer) -> bool:
    """Whether the certificate's holder can be the person in the register (an authentication certificate names nobody)."""
    said = signer.attributes
    if said is None:
        return True
    person = people.person(visit.atena_number)
    born = said.birth_date is None or said.birth_date.isoformat() == str(person.birth)
    return born and ("1" in said.name_substitutes or likeness(said.name, person) is not Likeness.DIFFERENT)


def _settle_person(case: Case, visit: CounterVisit, clerk: Staff, at: datetime) -> None:
    """What the clerk saw of another identity document decides where the register alone could not."""
    own = visit.role in ("self", "household")
    if visit.found_by == "document" and own and case.manual_reason in BY_DOCUMENT:
        identified.identify_by_hand(case, visit.atena_number, _how(visit), clerk, at)


def _how(visit: CounterVisit) -> str:
    """How the person was found and which originals were seen, for the case's history."""
    way = "マイナンバーカードの証明書で本人確認"
    if visit.found_by == "document":
        note = f"({visit.document_note})" if visit.document_note else ""
        way = f"{DOCUMENTS.get(visit.document, visit.document)}{note}で本人確認"
    originals = "、".join(_original(one) for one in visit.originals.values())
    return f"窓口で{way}。" + (f"原本を確認した書類: {originals}。" if originals else "")


def _original(mark: Mapping[str, str]) -> str:
    return f"{mark['label']}({mark['note']})" if mark["note"] else mark["label"]


def _told(visit: CounterVisit, prepared: Prepared, submission: Submission) -> dict[str, Any]:
    """What the portal needs so that the holder of the card can follow the application there: no answer is in it."""
    return {
        "application_id": str(visit.id),
        "receipt_number": submission.receipt_number,
        "owner": visit.owner,
        "procedure": visit.procedure,
        "version": visit.version,
        "role": visit.role,
        "mode": submission.mode,
        "document_sha256": prepared.sha256,
        "submitted_at": utc_text(submission.submitted_at),
        "language": visit.language,
    }


def _empty(visit: CounterVisit, at: datetime) -> None:
    """The case has the answers now; the visit keeps how it came to be."""
    visit.state, visit.answers, visit.known, visit.prepared, visit.applicant_for = (
        "taken_in",
        {},
        {},
        None,
        None,
    )
    keep(visit, at)
    visit.readings.all().delete()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
