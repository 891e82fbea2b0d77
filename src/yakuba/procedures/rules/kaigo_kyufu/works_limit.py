"""What is left of the limit for works on the home (住宅改修費支給限度基準額): 三段階リセット and 転居リセット
(介護保険法45条4項; 施行規則76条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.kaigo.facts import CareLevel
from yakuba.procedures.rules.parameters import Parameters

Reset = Literal["none", "moved", "three_steps"]


@dataclass(frozen=True, slots=True)
class Used:
    """What was paid for before at one dwelling. ``cost``: yen of cost counted since the last reset.

    ``first_level``: the level when the first works there began, from which steps are counted. ``reset``: whether the
    three steps were used there already (once only).
    """

    address: str
    cost: int
    first_level: CareLevel | None
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """``remaining`` yen of cost that may still count, the ``reset`` that made it so, and what is counted from now on."""

    remaining: int
    reset: Reset
    counted: int


def room_left(
    before: Used | None, address: str, level: CareLevel | None, on: date, parameters: Parameters
) -> Room | None:
    """What is left at ``address`` for works that begin on ``on`` at ``level``; None when it hangs on an unknown level.

    Works at another dwelling do not count here (転居リセット). ``before`` is what the register holds of this dwelling
    or, when it holds none, of another. Rising three steps or more over the first works opens the whole limit once more;
    what was left of the first is not added.
    """
    limit = parameters.number("kaigo_kyufu.works.limit", on)
    if before is None:
        return Room(limit, "none", 0)
    if before.address != address:
        return Room(limit, "moved", 0)
    if before.reset:
        return _rest(limit, before.cost)
    if level is None or before.first_level is None:
        return None
    if risen(before.first_level, level, on, parameters):
        return Room(limit, "three_steps", 0)
    return _rest(limit, before.cost)


def risen(first: CareLevel, now: CareLevel, on: date, parameters: Parameters) -> bool:
    """Whether the need of care rose by the three steps that open the limit anew (support 2 and care 1 are one step)."""
    steps: Mapping[str, int] = parameters.value("kaigo_kyufu.works.steps", on)
    if first not in steps or now not in steps:
        return False
    return steps[now] - steps[first] >= parameters.number("kaigo_kyufu.works.steps_for_reset", on)


def _rest(limit: int, counted: int) -> Room:
    return Room(max(0, limit - counted), "none", counted)
