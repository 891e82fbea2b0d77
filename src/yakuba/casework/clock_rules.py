"""The statutory clock while a case is on the desk: pauses, days left, and when to warn. Functions of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import yaml

ClockFlag = Literal["", "due_soon", "overdue"]
WARN_DAYS = 5


@dataclass(frozen=True, slots=True)
class PauseRule:
    """Whether waiting for a correction stops the clock, since when, and which law says so."""

    since: date
    pauses: bool
    source: str
    sure: bool


NO_RULE = PauseRule(
    date.min, False, "この手続には、補正の間に期間が止まるという定めを登録していません", False
)


@cache
def pause_rules() -> Mapping[str, tuple[PauseRule, ...]]:
    """The dated rules per procedure, from ``data/clock_pauses.yaml``."""
    text = (resources.files("yakuba.casework") / "data" / "clock_pauses.yaml").read_text(encoding="utf-8")
    return {
        procedure: tuple(PauseRule(row["from"], row["pauses"], row["source"], row["sure"]) for row in rows)
        for procedure, rows in yaml.safe_load(text).items()
    }


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
