"""What must be known to decide a claim for child allowance. ``None`` always means: not known."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.months import Month

# 4条1項1号 父母・未成年後見人 / 2号 父母指定者 / 3号 父母に監護されない児童を養育する者
Role = Literal["parent", "guardian", "designated_by_parents", "carer"]
ApartReason = Literal["work", "school", "separation", "other"]
Residence = Literal["japan", "studying_abroad", "abroad"]


@dataclass(frozen=True, slots=True)
class Granted:
    """An allowance (認定) already on the register for a child: from which month, and whether to the claimant."""

    since: Month
    to_claimant: bool


@dataclass(frozen=True, slots=True)
class Child:
    """A child whom the claimant raises, up to the school year of 22.

    ``cared_for`` is 監護 (past 18: 監護に相当する世話); ``shares_livelihood`` is 生計同一, for a carer
    生計維持, past 18 生計費の負担. ``with_other_parent``: the child lives with the other parent alone.
    ``left_japan_on`` and ``lived_in_japan_before``: for a child studying abroad, when it left and whether it
    had lived in Japan for more than three years until then without a break (施行規則1条). ``granted``: what the
    register already holds for the child.
    """

    key: str
    name: str
    birth: date | None
    cared_for: bool | None = True
    shares_livelihood: bool | None = True
    lives_with_claimant: bool | None = True
    with_other_parent: bool = False
    apart_reason: ApartReason | None = None
    residence: Residence | None = "japan"
    left_japan_on: date | None = None
    lived_in_japan_before: bool | None = None
    in_facility: bool | None = False
    granted: Granted | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Why the claim is made now.

    A birth, a move, or the end of what prevented it (災害その他やむを得ない理由).

    ``on``: the day of birth; for a move the day on which the address changed (towns take the 転出予定日 that
    the town left behind recorded); for a hindrance the day it began, ``ended_on`` the day it ended.
    """

    kind: Literal["birth", "move", "hindrance", "other"]
    on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Spouse:
    """The other parent, where he or she shares the claimant's livelihood.

    Income in yen for the year that counts.
    """

    income: int | None = None
    receives_allowance: bool | None = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A claim and what the town knows about it.

    ``main_earner``: whether the claimant is the one who maintains the children's livelihood more (4条3項),
    as a clerk judged it; None leaves it to the incomes. ``limit_income``: income after the deductions of
    施行令3条 for the limits that held until September 2024, with ``dependants`` (of whom
    ``elderly_dependants``). ``proof_shown``: a proxy's mandate. ``civil_servant``: paid by the employer
    under 17条 (not staff seconded to bodies outside that article).
    """

    applicant: str
    claimed_on: date
    children: tuple[Child, ...]
    role: Role = "parent"
    resident_here: bool | None = True
    lives_in_japan: bool | None = True
    civil_servant: bool | None = False
    already_recipient: bool | None = False
    event: Event | None = None
    spouse: Spouse | None = None
    income: int | None = None
    main_earner: bool | None = None
    separated: bool = False
    limit_income: int | None = None
    dependants: int = 0
    elderly_dependants: int = 0
    proof_shown: bool | None = None
