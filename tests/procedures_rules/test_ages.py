"""年齢計算ニ関スル法律: an age is reached on the day before the birthday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.ages import age_on, anniversary, attains, school_year_end, starts_school
from yakuba.procedures.rules.months import Month

BIRTHS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("birth", "age", "reached"),
    [
        (date(2000, 4, 1), 18, date(2018, 3, 31)),
        (date(2000, 4, 2), 18, date(2018, 4, 1)),
        (date(2000, 2, 29), 18, date(2018, 2, 28)),
        (date(2000, 2, 29), 20, date(2020, 2, 28)),
        (date(2000, 3, 1), 20, date(2020, 2, 29)),
        (date(1961, 1, 1), 65, date(2025, 12, 31)),
    ],
)
def test_an_age_is_reached_on_the_day_before_the_birthday(birth: date, age: int, reached: date) -> None:
    assert attains(birth, age) == reached


@pytest.mark.parametrize(
    ("birth", "end"),
    [
        (date(2008, 4, 1), date(2026, 3, 31)),
        (date(2008, 4, 2), date(2027, 3, 31)),
        (date(2009, 3, 31), date(2027, 3, 31)),
        (date(2009, 4, 1), date(2027, 3, 31)),
        (date(2009, 4, 2), date(2028, 3, 31)),
    ],
)
def test_who_is_born_on_the_first_of_april_belongs_to_the_older_school_year(birth: date, end: date) -> None:
    assert school_year_end(birth, 18) == end


def test_school_begins_in_the_april_after_the_sixth_birthday() -> None:
    assert starts_school(date(2020, 4, 1)) == date(2026, 4, 1)
    assert starts_school(date(2020, 4, 2)) == date(2027, 4, 1)


@given(BIRTHS, st.integers(0, 120))
def test_the_age_rises_exactly_on_the_day_it_is_reached(birth: date, age: int) -> None:
    day = attains(birth, age)
    if day >= birth:
        assert age_on(birth, day) == age
    if day - timedelta(days=1) >= birth:
        assert age_on(birth, day - timedelta(days=1)) == age - 1


@given(BIRTHS, st.integers(0, 100))
def test_an_age_is_reached_the_day_before_the_anniversary(birth: date, years: int) -> None:
    assert attains(birth, years) + timedelta(days=1) == anniversary(birth, years)


def test_an_age_before_birth_is_refused_with_words() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-400, 400))
def test_months_add_like_numbers(day: date, count: int) -> None:
    month = Month.of(day)
    assert month.plus(count).plus(-count) == month
    assert month.first <= day <= month.last
    assert (month.plus(count) > month) == (count > 0)


def test_a_month_is_written_as_year_and_month() -> None:
    assert str(Month(2026, 3)) == "2026-03"
    assert Month(2028, 2).last == date(2028, 2, 29)
