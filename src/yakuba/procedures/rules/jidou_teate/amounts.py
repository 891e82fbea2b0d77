"""The amount of one month (児童手当法6条1項), by child.

The law writes the amount as sums over numbers of children; oldest first, one child at a time, gives the same
sums (tests compare the two). One algorithm serves both sides of the reform: what differs is data.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.ages import anniversary, attains, school_year_end
from yakuba.procedures.rules.jidou_teate.children import ChildStanding, standing
from yakuba.procedures.rules.jidou_teate.facts import Child, Facts
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

Stage = Literal["under_three", "primary", "junior_high", "high_school"]
Band = Literal["full", "special", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Line:
    """What is paid for one child: its rank among the counted children (第何子), its stage, yen a month."""

    child: Child
    rank: int
    stage: Stage
    yen: int


@dataclass(frozen=True, slots=True)
class Monthly:
    """One month's allowance. ``band`` says what the income limits until September 2024 make of it."""

    month: Month
    band: Band
    lines: tuple[Line, ...]
    standings: tuple[ChildStanding, ...]

    @property
    def yen(self) -> int:
        """The sum of the month."""
        return sum(line.yen for line in self.lines)


def monthly(facts: Facts, month: Month, parameters: Parameters) -> Monthly:
    """The allowance for ``month``. Raises NotInForceError for a month before the data begin (April 2012).

    With an unknown income while a limit holds, ``band`` is "unknown" and the lines show the full amounts.
    """
    oldest_first = sorted(facts.children, key=lambda child: child.birth or date.max)
    standings = tuple(standing(child, facts, month, parameters) for child in oldest_first)
    band = income_band(facts, month, parameters)
    lines = () if band == "none" else tuple(_lines(standings, band, month, parameters))
    return Monthly(month, band, lines, standings)


def income_band(facts: Facts, month: Month, parameters: Parameters) -> Band:
    """Full, special benefit (特例給付) or nothing, by the limits that held until 2024-09 (旧5条1項)."""
    if not parameters.has("jidou_teate.income_limit", month.first):
        return "full"
    if facts.limit_income is None:
        return "unknown"
    if _reaches("jidou_teate.income_ceiling", facts, month, parameters):
        return "none"
    return "special" if _reaches("jidou_teate.income_limit", facts, month, parameters) else "full"


def stage(birth: date, month: Month) -> Stage:
    """The stage of a child in ``month``. Under three lasts through the month of the third birthday.

    A change takes effect the month after its day (9条3項). 6条1項 gives those born on the first of a month
    the same length as everyone else, though they reach three on the last day of the month before.
    """
    third = anniversary(birth, 3) if birth.day == 1 else attains(birth, 3)
    if month <= Month.of(third):
        return "under_three"
    if month.first <= school_year_end(birth, 12):
        return "primary"
    return "junior_high" if month.first <= school_year_end(birth, 15) else "high_school"


def _reaches(name: str, facts: Facts, month: Month, parameters: Parameters) -> bool:
    if not parameters.has(name, month.first) or facts.limit_income is None:
        return False
    each = parameters.number("jidou_teate.limit_per_dependant", month.first)
    elderly = parameters.number("jidou_teate.limit_per_elderly_dependant", month.first)
    others = facts.dependants - facts.elderly_dependants
    limit = parameters.number(name, month.first) + others * each + facts.elderly_dependants * elderly
    return facts.limit_income >= limit


def _lines(
    standings: tuple[ChildStanding, ...], band: Band, month: Month, parameters: Parameters
) -> list[Line]:
    counted = [each for each in standings if each.standing in ("payable", "counted")]
    return [
        _line(each.child, each.child.birth, rank, band, month, parameters)
        for rank, each in enumerate(counted, start=1)
        if each.standing == "payable" and each.child.birth
    ]


def _line(child: Child, birth: date, rank: int, band: Band, month: Month, parameters: Parameters) -> Line:
    at = stage(birth, month)
    third = rank >= parameters.number("jidou_teate.third_child_rank", month.first)
    name = f"jidou_teate.amount.{at}.{'third_on' if third else 'first_second'}"
    yen = parameters.number("jidou_teate.special_benefit" if band == "special" else name, month.first)
    return Line(child, rank, at, yen)
