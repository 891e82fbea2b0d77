"""Very many claims for child allowance as columns of numbers, and one of them back as a value.

A yes or no is 1 or 0, not known is -1. A day is three columns; an unknown day has the year 0. An unknown income is -1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yakuba.procedures.rules.jidou_teate.facts import Child, Facts, Residence

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Small = NDArray[np.int8]
YES, NO, UNKNOWN = 1, 0, -1
RESIDENCES: tuple[Residence, ...] = ("japan", "studying_abroad", "abroad")
JAPAN, STUDYING, ABROAD = range(3)
_NO_DAY = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Columns:
    """``households`` claims, and their children one after another; ``household`` says whose child it is."""

    households: int
    separated: Bools
    limit_income: Ints
    dependants: Ints
    elderly_dependants: Ints
    household: Ints
    birth_year: Ints
    birth_month: Ints
    birth_day: Ints
    cared_for: Small
    shares_livelihood: Small
    lives_with_claimant: Small
    with_other_parent: Bools
    residence: Small
    left_year: Ints
    left_month: Ints
    left_day: Ints
    lived_before: Small
    in_facility: Small


def columns_of(claims: Sequence[Facts]) -> Columns:
    """``claims`` as columns."""
    owned = [(number, child) for number, claim in enumerate(claims) for child in claim.children]
    children = [child for _, child in owned]
    births = _days([child.birth for child in children])
    left = _days([child.left_japan_on for child in children])
    incomes = [claim.limit_income if claim.limit_income is not None else -1 for claim in claims]
    return Columns(
        len(claims),
        np.array([claim.separated for claim in claims], dtype=np.bool_),
        np.array(incomes, dtype=np.int64),
        np.array([claim.dependants for claim in claims], dtype=np.int64),
        np.array([claim.elderly_dependants for claim in claims], dtype=np.int64),
        np.array([number for number, _ in owned], dtype=np.int64),
        *births,
        _known([child.cared_for for child in children]),
        _known([child.shares_livelihood for child in children]),
        _known([child.lives_with_claimant for child in children]),
        np.array([child.with_other_parent for child in children], dtype=np.bool_),
        np.array([_residence(child.residence) for child in children], dtype=np.int8),
        *left,
        _known([child.lived_in_japan_before for child in children]),
        _known([child.in_facility for child in children]),
    )


def _known(values: Sequence[bool | None]) -> Small:
    return np.array([UNKNOWN if value is None else int(value) for value in values], dtype=np.int8)


def _residence(value: Residence | None) -> int:
    return UNKNOWN if value is None else RESIDENCES.index(value)


def _days(values: Sequence[date | None]) -> tuple[Ints, Ints, Ints]:
    parts = [(day.year, day.month, day.day) if day else _NO_DAY for day in values]
    table = np.array(parts, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def claim_at(columns: Columns, number: int) -> Facts:
    """The claim of household ``number`` as a value, its children named by their places in the columns."""
    places = np.flatnonzero(columns.household == number)
    income = int(columns.limit_income[number])
    return Facts(
        applicant=str(number),
        claimed_on=date(2024, 10, 1),
        children=tuple(_child_at(columns, int(place)) for place in places),
        separated=bool(columns.separated[number]),
        limit_income=income if income >= 0 else None,
        dependants=int(columns.dependants[number]),
        elderly_dependants=int(columns.elderly_dependants[number]),
    )


def _child_at(columns: Columns, place: int) -> Child:
    residence = int(columns.residence[place])
    return Child(
        key=str(place),
        name=str(place),
        birth=_day_at(columns.birth_year, columns.birth_month, columns.birth_day, place),
        cared_for=_yes_no(columns.cared_for, place),
        shares_livelihood=_yes_no(columns.shares_livelihood, place),
        lives_with_claimant=_yes_no(columns.lives_with_claimant, place),
        with_other_parent=bool(columns.with_other_parent[place]),
        residence=RESIDENCES[residence] if residence >= 0 else None,
        left_japan_on=_day_at(columns.left_year, columns.left_month, columns.left_day, place),
        lived_in_japan_before=_yes_no(columns.lived_before, place),
        in_facility=_yes_no(columns.in_facility, place),
    )


def _yes_no(column: Small, place: int) -> bool | None:
    value = int(column[place])
    return None if value == UNKNOWN else bool(value)


def _day_at(year: Ints, month: Ints, day: Ints, place: int) -> date | None:
    return date(int(year[place]), int(month[place]), int(day[place])) if year[place] else None
