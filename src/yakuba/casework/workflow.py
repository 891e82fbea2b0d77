"""The life of an application on the desk, as ONE table: every status, and every move that is allowed.

A move names who may make it, what must hold first, what the audit log records, what the resident is told, and
what it does to the statutory clock. Nothing else in this room changes a case's status
(:func:`yakuba.casework.moves.make_move` looks the move up here).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from yakuba.casework.roles import Permission

SYSTEM: Final = "system"  # made by arriving messages and tasks, never by a button


class Status(StrEnum):
    """Where a case stands, as the desk sees it."""

    UNIDENTIFIED = "unidentified"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    CORRECTION = "correction"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REJECTED = "rejected"
    NOTICE_ISSUED = "notice_issued"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


STATUS_NAMES: dict[Status, str] = {
    Status.UNIDENTIFIED: "本人確認待ち",
    Status.RECEIVED: "受付済",
    Status.IN_REVIEW: "審査中",
    Status.CORRECTION: "補正待ち",
    Status.PROPOSED: "決裁待ち",
    Status.DECIDED: "決定済",
    Status.REJECTED: "却下済",
    Status.NOTICE_ISSUED: "通知済",
    Status.WITHDRAWN: "取下げ",
    Status.REPLACED: "補正後の申請へ引継ぎ",
}

OPEN = frozenset({Status.UNIDENTIFIED, Status.RECEIVED, Status.IN_REVIEW, Status.CORRECTION, Status.PROPOSED})
"""Somebody still has to do something; the other statuses are ends (or wait for the notice only)."""

ClockEffect = Literal["none", "start", "pause", "resume", "stop"]
Condition = Literal[
    "none",
    "verdict_good",
    "identified",
    "not_identified",
    "other_than_proposer",
    "other_than_proposer_and_identified",
    "other_than_proposer_and_not_identified",
    "proposer_and_identified",
    "proposer_and_not_identified",
]


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move.

    Attributes:
        origin: the status before; None where the case begins.
        who: the permission needed, or :data:`SYSTEM`.
        condition: what must hold besides (``policies.CONDITIONS``).
        audit: the action in the audit log.
        told: the status the resident is shown after it (a status of the ``status.changed`` message), or None.
        clock: what it does to the statutory clock; whether a pause counts is the law's matter (``clock_rules``).
    """

    name: str
    origin: Status | None
    to: Status
    who: Permission | Literal["system"]
    audit: str
    label: str
    told: str | None = None
    clock: ClockEffect = "none"
    condition: Condition = "none"


_S, _P = Status, Permission

MOVES: tuple[Move, ...] = (
    # arrival
    Move("arrive", None, _S.RECEIVED, SYSTEM, "case.arrived", "申請が届き、申請者を特定した", "received", "start"),
    Move("arrive_unidentified", None, _S.UNIDENTIFIED, SYSTEM, "case.arrived_unidentified", "申請が届いた(申請者の確認が必要)", "received", "start"),
    Move("identify", _S.UNIDENTIFIED, _S.RECEIVED, _P.IDENTIFY, "case.identified", "申請者を特定した", None, "none", "verdict_good"),
    Move("identify_again", _S.UNIDENTIFIED, _S.RECEIVED, SYSTEM, "case.identified_by_certificate", "証明書を検証しなおし、申請者を特定した", None, "none", "verdict_good"),
    Move("doubt", _S.RECEIVED, _S.UNIDENTIFIED, _P.IDENTIFY, "case.identification_withdrawn", "申請者の特定を取り消した", None, "none", "identified"),
    Move("doubt", _S.IN_REVIEW, _S.UNIDENTIFIED, _P.IDENTIFY, "case.identification_withdrawn", "申請者の特定を取り消した", None, "none", "identified"),
    Move("mandate_ended", _S.RECEIVED, _S.UNIDENTIFIED, SYSTEM, "case.mandate_ended", "委任が申請より前に取り消されていたと分かり、申請者の確認に戻した", None, "none", "identified"),
    Move("mandate_ended", _S.IN_REVIEW, _S.UNIDENTIFIED, SYSTEM, "case.mandate_ended", "委任が申請より前に取り消されていたと分かり、申請者の確認に戻した", None, "none", "identified"),
    # review
    Move("take", _S.RECEIVED, _S.IN_REVIEW, _P.REVIEW, "case.taken", "審査を始めた", "in_review", "none", "identified"),
    # 補正: the correction.requested message itself shows the resident the status and what to correct
    Move("ask_correction", _S.IN_REVIEW, _S.CORRECTION, _P.ASK_CORRECTION, "case.correction_requested", "補正を求めた", None, "pause"),
    Move("ask_correction", _S.RECEIVED, _S.CORRECTION, _P.ASK_CORRECTION, "case.correction_requested", "補正を求めた", None, "pause"),
    Move("ask_correction", _S.UNIDENTIFIED, _S.CORRECTION, _P.ASK_CORRECTION, "case.correction_requested", "補正を求めた", None, "pause"),
    Move("stop_waiting", _S.CORRECTION, _S.IN_REVIEW, _P.REVIEW, "case.correction_closed", "補正を待たずに審査へ戻した", "in_review", "resume", "identified"),
    Move("stop_waiting", _S.CORRECTION, _S.UNIDENTIFIED, _P.IDENTIFY, "case.correction_closed", "補正を待たずに本人確認へ戻した", "in_review", "resume", "not_identified"),
    Move("replace", _S.CORRECTION, _S.REPLACED, SYSTEM, "case.replaced", "補正後の申請が届いた", None, "stop"),
    # decision by two people
    Move("propose", _S.IN_REVIEW, _S.PROPOSED, _P.REVIEW, "case.proposed", "決定案を出した", None, "none", "identified"),
    Move("propose_rejection", _S.UNIDENTIFIED, _S.PROPOSED, _P.IDENTIFY, "case.rejection_proposed", "却下案を出した"),
    Move("propose_rejection", _S.IN_REVIEW, _S.PROPOSED, _P.REVIEW, "case.rejection_proposed", "却下案を出した"),
    Move("send_back", _S.PROPOSED, _S.IN_REVIEW, _P.APPROVE, "case.sent_back", "差し戻した", None, "none", "other_than_proposer_and_identified"),
    Move("send_back", _S.PROPOSED, _S.UNIDENTIFIED, _P.APPROVE, "case.sent_back", "差し戻した", None, "none", "other_than_proposer_and_not_identified"),
    Move("take_back", _S.PROPOSED, _S.IN_REVIEW, _P.SEE_CASES, "case.taken_back", "案を引き戻した", None, "none", "proposer_and_identified"),
    Move("take_back", _S.PROPOSED, _S.UNIDENTIFIED, _P.SEE_CASES, "case.taken_back", "案を引き戻した", None, "none", "proposer_and_not_identified"),
    Move("approve", _S.PROPOSED, _S.DECIDED, _P.APPROVE, "case.decided", "決定した", "decided", "stop", "other_than_proposer_and_identified"),
    Move("approve_rejection", _S.PROPOSED, _S.REJECTED, _P.APPROVE, "case.rejected", "却下した", "rejected", "stop", "other_than_proposer"),
    # notice; the message with the file itself tells the resident (notice.issued)
    Move("issue_notice", _S.DECIDED, _S.NOTICE_ISSUED, SYSTEM, "case.notice_issued", "通知書を出した"),
    Move("issue_notice", _S.REJECTED, _S.NOTICE_ISSUED, SYSTEM, "case.notice_issued", "通知書を出した"),
    # 取下げ: by the resident, as long as nothing is decided
    *(
        Move("withdraw", status, _S.WITHDRAWN, SYSTEM, "case.withdrawn", "申請者が取り下げた", "withdrawn", "stop")
        for status in (_S.UNIDENTIFIED, _S.RECEIVED, _S.IN_REVIEW, _S.CORRECTION, _S.PROPOSED)
    ),
)  # fmt: skip


def moves_from(status: str | None) -> tuple[Move, ...]:
    """Every move the table allows from ``status`` (None: how a case begins)."""
    return tuple(move for move in MOVES if move.origin == status)


def moves_named(name: str, origin: str | None) -> tuple[Move, ...]:
    """The moves of that name from ``origin``; more than one where a condition picks the target."""
    return tuple(move for move in moves_from(origin) if move.name == name)
