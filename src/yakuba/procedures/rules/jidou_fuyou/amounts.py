"""The amount of one month by income (児童扶養手当法5条・9条〜11条; 施行令2条の4), before and since November 2024.

Below one limit the full amount is paid, from a second on nothing; between the two it falls steadily, rounded to ten yen.
"""

from dataclasses import dataclass
from typing import Literal

from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

Band = Literal["full", "partial", "none"]
_TEN_MILLION = 10_000_000


@dataclass(frozen=True, slots=True)
class Household:
    """Whose allowance: incomes in yen of the year that counts, as :func:`counted_income` gives them.

    ``dependants``: 扶養親族等, among them ``elderly`` (老人扶養親族等) and ``students`` (特定扶養親族等, 16 to 22). ``family``:
    (income, dependants) of a spouse and of everybody in the household obliged to support (扶養義務者).
    """

    children: int
    income: int
    dependants: int = 0
    elderly: int = 0
    students: int = 0
    family: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Monthly:
    """One month: its band, the sum in yen, and what each child brings (first, second, further)."""

    month: Month
    band: Band
    by_child: tuple[int, ...]

    @property
    def yen(self) -> int:
        """The sum of the month."""
        return sum(self.by_child)


def counted_income(
    total: int, child_support: int, deductions: int, *, wages: bool, month: Month, parameters: Parameters
) -> int:
    """The income that counts (施行令3条・4条): with most of the child support, less what is deducted; never negative.

    ``total``: 合計所得金額; ``child_support``: 養育費 of the year; ``deductions``: 諸控除 (障害者控除など) as a clerk found them;
    ``wages``: whether there are wages or pensions. Raises NotInForceError outside the data.
    """
    counted = child_support * parameters.number("jidou_fuyou.support_counted", month.first) // 100
    less = parameters.number("jidou_fuyou.flat_deduction", month.first) + deductions
    if wages:
        less += parameters.number("jidou_fuyou.wage_deduction", month.first)
    return max(0, total + counted - less)


def band_of(household: Household, month: Month, parameters: Parameters) -> Band:
    """Full, a part or nothing. Raises NotInForceError outside the data."""
    each = parameters.number("jidou_fuyou.limit_per_dependant", month.first)
    family = parameters.number("jidou_fuyou.family_limit", month.first)
    if any(income >= family + dependants * each for income, dependants in household.family):
        return "none"
    if household.income >= _limit("jidou_fuyou.partial_limit", household, month, parameters):
        return "none"
    return "partial" if household.income >= _full_limit(household, month, parameters) else "full"


def monthly(household: Household, month: Month, parameters: Parameters) -> Monthly:
    """The allowance for ``month``. Raises NotInForceError where the data hold no amount for it."""
    band = band_of(household, month, parameters)
    if band == "none":
        return Monthly(month, band, (0,) * household.children)
    excess = household.income - _full_limit(household, month, parameters) if band == "partial" else None
    shares = (_child(rank, excess, month, parameters) for rank in range(1, household.children + 1))
    return Monthly(month, band, tuple(shares))


def _child(rank: int, excess: int | None, month: Month, parameters: Parameters) -> int:
    """What the child of ``rank`` brings: the full share, or less by the rate on the income above the limit and ten yen."""
    names = {1: ("full_amount", "first"), 2: ("second_child", "second")}
    amount, rate = names.get(rank, ("third_child", "third"))
    full = parameters.number(f"jidou_fuyou.{amount}", month.first)
    if excess is None:
        return full
    return full - _to_tens(excess * parameters.number(f"jidou_fuyou.rate.{rate}", month.first)) - 10


def _to_tens(ten_millionths: int) -> int:
    """Rounded to ten yen: below five down, from five up (施行令2条の4第3項)."""
    return (ten_millionths + 5 * _TEN_MILLION) // (10 * _TEN_MILLION) * 10


def _full_limit(household: Household, month: Month, parameters: Parameters) -> int:
    return _limit("jidou_fuyou.full_limit", household, month, parameters)


def _limit(name: str, household: Household, month: Month, parameters: Parameters) -> int:
    limit = parameters.number(name, month.first)
    limit += household.dependants * parameters.number("jidou_fuyou.limit_per_dependant", month.first)
    limit += household.elderly * parameters.number("jidou_fuyou.limit_per_elderly_dependant", month.first)
    return limit + household.students * parameters.number(
        "jidou_fuyou.limit_per_student_dependant", month.first
    )
