"""Whose case it is: keeping a conclusion of rule or person, with its history."""

from datetime import datetime

from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.matching import REASONS, Conclusion
from yakuba.casework.models import Case, Identification
from yakuba.casework.moves import make_move
from yakuba.casework.policies import check_identifiable
from yakuba.casework.staff.models import Staff
from yakuba.registers import people

SHORTEST_REASON = 5


def show_conclusion(case: Case, conclusion: Conclusion) -> None:
    """Set what the queue shows on ``case``."""
    person = conclusion.person
    case.atena_number = person.atena_number if person else ""
    case.history_number = person.history_number if person else None
    case.manual_reason = conclusion.reason or ""


def keep_conclusion(case: Case, conclusion: Conclusion, *, at: datetime, by: Staff | None = None) -> None:
    """Set what the queue shows on ``case``, which is saved already, and write the history."""
    show_conclusion(case, conclusion)
    identification(case, conclusion, at, by).save(force_insert=True)


def identification(case: Case, conclusion: Conclusion, at: datetime, by: Staff | None) -> Identification:
    """The line of the history that says so, not yet written."""
    signer = conclusion.signer
    return Identification(
        municipality=case.municipality, case=case, at=at, by=by, outcome=conclusion.reason or "identified",
        atena_number=case.atena_number, history_number=case.history_number,
        signer_atena_number=signer.atena_number if signer else "",
        reason=REASONS[conclusion.reason] if conclusion.reason else conclusion.how,
    )  # fmt: skip


def identify_by_hand(case: Case, atena_number: str, reason: str, actor: Staff, at: datetime) -> None:
    """A clerk says whose the locked ``case`` is, and why. Impossible unless the signature was found good.

    Raises:
        NotNow: the verdict is not good, or the case waits for something else.
        Incomplete: no reason worth recording.
        NoSuchPerson: nobody has this 宛名番号.
    """
    check_identifiable(case)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Incomplete(
            {"reason": "特定した理由を書いてください。例: 電話で生年月日と前住所を確認し、本人と判断"}
        )
    person = people.person(atena_number)
    if case.status != "unidentified":
        raise NotNow("本人確認待ちの申請だけを特定できます。")
    case.atena_number, case.history_number = person.atena_number, person.history_number
    before, case.manual_reason = case.manual_reason, ""
    Identification.objects.create(
        municipality=case.municipality, case=case, at=at, by=actor, outcome="identified",
        atena_number=person.atena_number, history_number=person.history_number, reason=reason.strip(),
    )  # fmt: skip
    facts = {"atena_number": person.atena_number, "was": before or "-"}
    make_move(case, "identify", actor, at, note=reason.strip(), facts=facts)


def withdraw_identification(case: Case, reason: str, actor: Staff, at: datetime) -> None:
    """A clerk finds that the locked ``case`` was given to the wrong person; the history keeps both.

    Raises:
        NotNow: it is decided, proposed, or not identified.
        Incomplete: no reason worth recording.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Incomplete({"reason": "取り消す理由を書いてください。例: 同姓同名の別人と判明した"})
    was = case.atena_number
    make_move(case, "doubt", actor, at, note=reason.strip(), facts={"was": was})
    case.atena_number, case.history_number, case.manual_reason = "", None, "doubted"
    case.save()
    Identification.objects.create(
        municipality=case.municipality, case=case, at=at, by=actor, outcome="doubted", reason=reason.strip()
    )
