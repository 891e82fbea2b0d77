"""The statutory clock while a case is on the desk: pauses, days left, and when to warn. Functions of values."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from yakuba.casework.procedure_desk import PauseRule

ClockFlag = Literal["", "due_soon", "overdue"]
WARN_DAYS = 5


NO_RULE = PauseRule(
    date.min, False, "この手続には、補正の間に期間が止まるという定めを登録していません", False
)


def pause_rule(rules: Sequence[PauseRule], on: date) -> PauseRule:
    """The rule in force on ``on`` (the newest that has begun); without one the clock never stops."""
    begun = [rule for rule in rules if rule.since <= on]
    return max(begun, key=lambda rule: rule.since) if begun else NO_RULE


def resumed(due: date | None, paused_on: date, resumed_on: date) -> date | None:
    """The limit after a pause: it moves by the days the clock stood still."""
    return due + (resumed_on - paused_on) if due else None


def flag(due: date | None, paused_on: date | None, today: date) -> ClockFlag:
    """What the queue shows: overdue once the last day has passed, due soon in its last five days."""
    if due is None or paused_on is not None:
        return ""
    if today > due:
        return "overdue"
    return "due_soon" if due - today <= timedelta(days=WARN_DAYS) else ""
