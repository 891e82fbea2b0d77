"""What must be known to certify childcare need. ``None`` always means: not known."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Hours = Literal["standard", "short"]
Siblings = Literal["same_facility", "same_time", "any"]


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian (保護者) and why he or she cannot care for the child at home.

    ``reason``: code of 施行規則1条の5, "none" when there is none. ``hours``: hours a month (work, study,
    nursing). ``until``: where the reason has an end (graduation, end of leave, what the town set for other
    reasons); for childbirth the day of birth, or the expected one.
    """

    key: str
    name: str
    reason: str | None
    hours: int | None = None
    until: date | None = None
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Child:
    """A child for whom a place is asked, with the facilities wanted in order."""

    key: str
    name: str
    birth: date | None
    choices: tuple[str, ...] = ()
    with_disability: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """An application for one or more children of one family and what the town knows about it.

    ``guardians``: all who have custody and live with the child; one for a single parent. ``wants``: a place
    in care, or only education (1号). ``hours_wanted``: "short" where the family asks for less than it could
    have. ``situation``: codes of the adjustments to the priority points.
    """

    applied_on: date
    wanted_from: date
    children: tuple[Child, ...]
    guardians: tuple[Guardian, ...]
    applicant: str = "applicant"
    resident_here: bool | None = True
    wants: Literal["care", "education"] = "care"
    hours_wanted: Hours | None = None
    siblings: Siblings = "any"
    situation: frozenset[str] = frozenset()
    proof_shown: bool | None = None
