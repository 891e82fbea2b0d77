"""In this state: what a case allows. Each rule is a pair: ``check_…`` raises with the reason, ``can_…`` answers for
the template. What the *person* may do is :mod:`permissions`."""

from collections.abc import Callable
from dataclasses import dataclass

from yakuba.casework.errors import ChangedMeanwhile, NotNow
from yakuba.casework.models import Case, Proposal
from yakuba.casework.staff.models import Staff
from yakuba.casework.workflow import STATUS_NAMES, Condition, Move, Status, moves_named


@dataclass(frozen=True, slots=True)
class Situation:
    """What a condition may look at: the case, the open proposal, and who acts (None: the system)."""

    case: Case
    proposal: Proposal | None = None
    actor: Staff | None = None

    @property
    def by_proposer(self) -> bool:
        """Whether the open proposal is the actor's own."""
        return bool(self.proposal and self.actor and self.proposal.proposed_by_id == self.actor.id)

    @property
    def by_another(self) -> bool:
        """Whether there is an open proposal, and the actor neither made it nor took the application in at the counter."""
        if not (self.proposal and self.actor) or took_in(self.case, self.actor):
            return False
        return bool(self.proposal.proposed_by_id != self.actor.id)


def took_in(case: Case, actor: Staff) -> bool:
    """Whether ``actor`` had the application in hand at the counter (書かない窓口): four eyes then need another pair."""
    return str(actor.id) in case.taken_in_by


CONDITIONS: dict[Condition, Callable[[Situation], bool]] = {
    "none": lambda _: True,
    "verdict_good": lambda now: now.case.verdict_outcome == "good",
    "identified": lambda now: now.case.identified,
    "not_identified": lambda now: not now.case.identified,
    "other_than_proposer": lambda now: now.by_another,
    "other_than_proposer_and_identified": lambda now: now.by_another and now.case.identified,
    "other_than_proposer_and_not_identified": lambda now: now.by_another and not now.case.identified,
    "proposer_and_identified": lambda now: now.by_proposer and now.case.identified,
    "proposer_and_not_identified": lambda now: now.by_proposer and not now.case.identified,
}

_WHY: dict[Condition, str] = {
    "verdict_good": "署名の検証が「正しい」になっていないため、申請者を特定できません。",
    "identified": "申請者をまだ特定していません。先に本人確認をしてください。",
    "not_identified": "申請者はすでに特定されています。",
}


def check_move(name: str, now: Situation) -> Move:
    """The one move of that name the table allows in this situation.

    Raises:
        NotNow: the status does not allow it, or its condition does not hold.
    """
    named = moves_named(name, now.case.status)
    for move in named:
        if CONDITIONS[move.condition](now):
            return move
    if named:
        words = next((_WHY[move.condition] for move in named if move.condition in _WHY), None)
        raise NotNow(
            words or "この案を出した人、または窓口で受け付けた人かどうかにより、この操作はできません。"
        )
    raise NotNow(
        f"いまの状態「{STATUS_NAMES[Status(now.case.status)]}」では、この操作はできません。"
        "別の人が先に進めたかもしれません。画面を開きなおして確かめてください。"
    )


def can_move(name: str, now: Situation) -> bool:
    """Whether :func:`check_move` finds a move."""
    return any(CONDITIONS[move.condition](now) for move in moves_named(name, now.case.status))


def check_unchanged(case: Case, seen_version: int | None) -> None:
    """The page the clerk acted on showed the case as it still is (optimistic locking).

    Raises:
        ChangedMeanwhile: a colleague was faster.
    """
    if seen_version is None or case.row_version != seen_version:
        raise ChangedMeanwhile


def can_still_act(case: Case, seen_version: int | None) -> bool:
    """Whether :func:`check_unchanged` passes."""
    return case.row_version == seen_version


def check_identifiable(case: Case) -> None:
    """Only a case whose signature (or log-in) was found good is given to a person.

    Raises:
        NotNow: bad, or could not tell.
    """
    if case.verdict_outcome != "good":
        raise NotNow(_WHY["verdict_good"])


def can_be_identified(case: Case) -> bool:
    """Whether :func:`check_identifiable` passes."""
    return case.verdict_outcome == "good" and case.status == Status.UNIDENTIFIED
