"""Ages, days and periods as the law counts them, and the patterns that say the same in JSON Schema."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures import datetext
from yakuba.procedures.context import age_attained, is_moment, moment, school_year_age

DATES = st.dates(date(1000, 1, 1), date(2999, 12, 31))
TEXTS = st.one_of(
    DATES.map(str),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: f"{day:%Y-%m}-00"),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: f"{day:%Y}-00-00"),
)


def test_an_age_is_attained_the_day_before_the_birthday() -> None:
    """年齢計算ニ関スル法律: who is born on 1 April 1961 is 65 on 31 March 2026."""
    assert age_attained(date(1961, 4, 1), date(2026, 3, 30)) == 64
    assert age_attained(date(1961, 4, 1), date(2026, 3, 31)) == 65


def test_a_leap_day_child_grows_a_year_older_on_28_february() -> None:
    assert age_attained(date(2008, 2, 29), date(2026, 2, 27)) == 17
    assert age_attained(date(2008, 2, 29), date(2026, 2, 28)) == 18


def test_the_school_year_divides_between_1_and_2_april() -> None:
    """A child born on 1 April belongs to the older class."""
    assert school_year_age(date(2008, 4, 1), date(2026, 11, 23)) == 18
    assert school_year_age(date(2008, 4, 2), date(2026, 11, 23)) == 17


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 2, 10)),
        ("today-15d", date(2026, 1, 26)),
        ("today+30d", date(2026, 3, 12)),
        ("fiscal_year_start", date(2025, 4, 1)),
        ("fiscal_year_end", date(2026, 3, 31)),
        ("previous_fiscal_year_end", date(2025, 3, 31)),
        ("2024-10-01", date(2024, 10, 1)),
    ],
)
def test_moments(text: str, day: date) -> None:
    assert is_moment(text)
    assert moment(text, date(2026, 2, 10)) == day


def test_a_day_that_does_not_exist_is_no_moment() -> None:
    assert not is_moment("2026-02-30")
    assert not is_moment("tomorrow")


@given(DATES)
def test_every_real_day_is_a_date(day: date) -> None:
    assert datetext.is_exact(str(day))
    assert datetext.day_meant(str(day)) == day


@given(st.integers(1000, 2999), st.integers(0, 14), st.integers(0, 33))
def test_no_other_day_is(year: int, month: int, day: int) -> None:
    text = f"{year:04d}-{month:02d}-{day:02d}"
    try:
        date(year, month, day)
    except ValueError:
        assert not datetext.is_exact(text)
        assert datetext.is_date(text) is (day == 0 and month <= 12)
    else:
        assert datetext.is_exact(text)


@given(TEXTS, DATES)
def test_the_pattern_of_a_limit_is_the_comparison(value: str, bound: date) -> None:
    found = re.fullmatch(datetext.pattern_until(str(bound)), value) is not None
    assert found is (datetext.last_day_meant(value) <= str(bound))


@pytest.mark.parametrize("bound", ["2026-12-31", "2026-10-31", "2026-01-01", "2000-02-29", "2026-02-29"])
@given(value=TEXTS)
def test_the_pattern_of_a_limit_at_the_ends_of_months(value: str, bound: str) -> None:
    near = [value, f"{bound[:7]}-00", f"{bound[:4]}-00-00", bound]
    for one in near:
        found = re.fullmatch(datetext.pattern_until(bound), one) is not None
        assert found is (datetext.last_day_meant(one) <= bound)


@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(0, 100),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_the_latest_birth_for_an_age_is_the_age(birth: date, age: int, on: date) -> None:
    assert (str(birth) <= datetext.latest_birth_text(age, on)) is (age_attained(birth, on) >= age)


def test_an_unknown_day_counts_as_the_last_it_may_mean() -> None:
    assert datetext.day_meant("1945-02-00") == date(1945, 2, 28)
    assert datetext.day_meant("1945-00-00") == date(1945, 12, 31)
    assert datetext.last_day_meant("1945-02-00") > "1945-02-28"
