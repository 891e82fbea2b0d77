"""Child allowance of very many households for one month at once, in columns.

The same law, the same parameters and the same order of questions as :func:`amounts.monthly`, which stays the rule: tests and
the benchmark compare the two household by household. Used where a whole town is re-assessed (a change of the law, the
turn of a school year); a case on the desk is decided one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yakuba.procedures.rules.jidou_teate.amounts import Band, Stage
from yakuba.procedures.rules.jidou_teate.columns import (
    ABROAD,
    NO,
    STUDYING,
    UNKNOWN,
    YES,
    Bools,
    Columns,
    Ints,
)
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

STAGES: tuple[Stage, ...] = ("under_three", "primary", "junior_high", "high_school")
BANDS: tuple[Band, ...] = ("full", "special", "none", "unknown")
STANDINGS = ("payable", "counted", "outside", "unclear")
_PAYABLE, _COUNTED, _OUTSIDE, _UNCLEAR = range(4)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One month of all households.

    A household has ``yen``, ``band`` (an index of :data:`BANDS`) and ``unclear`` (whether a person must look at a child). A
    child has ``standing`` (of :data:`STANDINGS`), ``rank`` (0 where it does not count), ``stage`` (of :data:`STAGES`) and
    ``child_yen``.
    """

    month: Month
    yen: Ints
    band: NDArray[np.int8]
    unclear: Bools
    standing: NDArray[np.int8]
    rank: Ints
    stage: NDArray[np.int8]
    child_yen: Ints


def assess(columns: Columns, month: Month, parameters: Parameters) -> Assessed:
    """The allowance of every household of ``columns`` for ``month``.

    Raises NotInForceError for a month before the data begin.
    """
    standing = _standings(columns, month, parameters)
    band = _bands(columns, month, parameters)
    rank = _ranks(columns, standing)
    stage = _stages(columns, month)
    paid = (standing == _PAYABLE) & (band[columns.household] != BANDS.index("none"))
    child_yen = np.where(paid, _amounts(rank, stage, band[columns.household], paid, month, parameters), 0)
    size = columns.households
    yen = np.bincount(columns.household, weights=child_yen, minlength=size).astype(np.int64)
    unclear = np.bincount(columns.household, weights=standing == _UNCLEAR, minlength=size) > 0
    return Assessed(month, yen, band, unclear, standing, rank, stage, child_yen)


def _index(month: Month) -> int:
    return month.year * 12 + month.month


def _school_year_end(columns: Columns, age: int) -> Ints:
    """The month (as an index) of the 31 March that ends the school year of ``age``: see :func:`ages.school_year_end`.

    Who is born by 1 April reaches an age by 31 March of its year (早生まれ).
    """
    early = (columns.birth_month < 4) | ((columns.birth_month == 4) & (columns.birth_day == 1))
    return (columns.birth_year + age + np.where(early, 0, 1)) * 12 + 3


def _standings(columns: Columns, month: Month, parameters: Parameters) -> NDArray[np.int8]:
    """As :func:`children.standing`: age first, then what stands against a child, then what is not known."""
    now, first = _index(month), month.first
    counted = parameters.number("jidou_teate.counted_until_school_year_of", first)
    payable = parameters.number("jidou_teate.payable_until_school_year_of", first)
    return np.select(
        [
            columns.birth_year == 0,
            _school_year_end(columns, counted) < now,
            columns.birth_year * 12 + columns.birth_month >= now,
            _obstructed(columns, month, parameters),
            _unclear(columns),
            _school_year_end(columns, payable) < now,
        ],
        [_UNCLEAR, _OUTSIDE, _OUTSIDE, _OUTSIDE, _UNCLEAR, _COUNTED],
        default=_PAYABLE,
    ).astype(np.int8)


def _obstructed(columns: Columns, month: Month, parameters: Parameters) -> Bools:
    """As :func:`children._obstacle`."""
    apart = columns.separated[columns.household] & columns.with_other_parent
    neglected = (columns.cared_for == NO) | (columns.shares_livelihood == NO)
    found: Bools = (columns.in_facility == YES) | _abroad(columns, month, parameters) | apart | neglected
    return found


def _abroad(columns: Columns, month: Month, parameters: Parameters) -> Bools:
    """As :func:`children._is_abroad`: past 18 it does not matter; studies count for some years (施行規則1条)."""
    is_child = parameters.number("jidou_teate.is_child_until_school_year_of", month.first)
    years = parameters.number("jidou_teate.study_abroad_years", month.first)
    studying = (columns.residence == STUDYING) & (columns.left_year != 0)
    over = (columns.lived_before == NO) | (_anniversary(columns, years) <= _key(month.year, month.month, 1))
    gone = np.where(studying, over, columns.residence == ABROAD)
    found: Bools = (_school_year_end(columns, is_child) >= _index(month)) & gone
    return found


def _key(year: Any, month: Any, day: Any) -> Any:
    """Days in the order of time, not evenly spaced."""
    return (year * 16 + month) * 32 + day


def _anniversary(columns: Columns, years: int) -> Ints:
    """As :func:`ages.anniversary` of the day of leaving: 1 March where the year has no 29 February."""
    year = columns.left_year + years
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    moved = (columns.left_month == 2) & (columns.left_day == 29) & ~leap
    day: Ints = np.where(moved, _key(year, 3, 1), _key(year, columns.left_month, columns.left_day))
    return day


def _unclear(columns: Columns) -> Bools:
    """As :func:`children._missing`."""
    study = (columns.residence == STUDYING) & ((columns.left_year == 0) | (columns.lived_before == UNKNOWN))
    found: Bools = study
    for known in (
        columns.cared_for,
        columns.shares_livelihood,
        columns.residence,
        columns.lives_with_claimant,
        columns.in_facility,
    ):
        found = found | (known == UNKNOWN)
    return found


def _bands(columns: Columns, month: Month, parameters: Parameters) -> NDArray[np.int8]:
    """As :func:`amounts.income_band`."""
    if not parameters.has("jidou_teate.income_limit", month.first):
        return np.zeros(columns.households, dtype=np.int8)
    over = [
        columns.limit_income < 0,
        _reaches("jidou_teate.income_ceiling", columns, month, parameters),
        _reaches("jidou_teate.income_limit", columns, month, parameters),
    ]
    codes = [BANDS.index("unknown"), BANDS.index("none"), BANDS.index("special")]
    return np.select(over, codes, default=BANDS.index("full")).astype(np.int8)


def _reaches(name: str, columns: Columns, month: Month, parameters: Parameters) -> Bools:
    if not parameters.has(name, month.first):
        return np.zeros(columns.households, dtype=np.bool_)
    each = parameters.number("jidou_teate.limit_per_dependant", month.first)
    elderly = parameters.number("jidou_teate.limit_per_elderly_dependant", month.first)
    others = columns.dependants - columns.elderly_dependants
    limit = parameters.number(name, month.first) + others * each + columns.elderly_dependants * elderly
    found: Bools = columns.limit_income >= limit
    return found


def _ranks(columns: Columns, standing: NDArray[np.int8]) -> Ints:
    """第何子 among the children that count, oldest first; of one day, in the order they were named."""
    counts = (standing == _PAYABLE) | (standing == _COUNTED)
    born = _key(columns.birth_year, columns.birth_month, columns.birth_day)
    order = np.lexsort(
        (np.arange(len(born)), np.where(columns.birth_year == 0, _key(9999, 12, 31), born), columns.household)
    )
    running = np.cumsum(counts[order])
    sorted_households = columns.household[order]
    starts = np.searchsorted(sorted_households, sorted_households, side="left")
    before = np.where(starts > 0, running[np.maximum(starts - 1, 0)], 0)
    rank = np.zeros(len(born), dtype=np.int64)
    rank[order] = np.where(counts[order], running - before, 0)
    return rank


def _stages(columns: Columns, month: Month) -> NDArray[np.int8]:
    """As :func:`amounts.stage`. Under three lasts through the month of the third birthday, whatever the day."""
    now = _index(month)
    third = (columns.birth_year + 3) * 12 + columns.birth_month
    ends = [third, _school_year_end(columns, 12), _school_year_end(columns, 15)]
    return np.select([now <= end for end in ends], [0, 1, 2], default=3).astype(np.int8)


def _amounts(
    rank: Ints,
    stage: NDArray[np.int8],
    band: NDArray[np.int8],
    paid: Bools,
    month: Month,
    parameters: Parameters,
) -> Ints:
    """Yen a month by stage and rank, from the same parameters as one by one."""
    third = rank >= parameters.number("jidou_teate.third_child_rank", month.first)
    table = np.zeros((len(STAGES), 2), dtype=np.int64)
    for at in np.unique(stage[paid]):
        for column, order in enumerate(("first_second", "third_on")):
            table[at, column] = parameters.number(f"jidou_teate.amount.{STAGES[at]}.{order}", month.first)
    yen: Ints = table[stage, third.astype(np.int64)]
    special = band == BANDS.index("special")
    if not np.any(special & paid):
        return yen
    return np.where(special, parameters.number("jidou_teate.special_benefit", month.first), yen)


def totals(assessed: Sequence[Assessed]) -> dict[str, int]:
    """What each month comes to in yen, by ``YYYY-MM``."""
    return {str(one.month): int(one.yen.sum()) for one in assessed}
