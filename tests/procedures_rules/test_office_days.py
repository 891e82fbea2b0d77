"""Holidays by law, residents' limits that move past them, and the office's clocks that do not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.clocks import clock, due_date, postponed
from yakuba.procedures.rules.office_days import is_closed, is_national_holiday, next_open_day, plus_open_days
from yakuba.procedures.rules.parameters import NotInForceError, UnknownParameterError, load_parameters

PARAMETERS = load_parameters()
DAYS = st.dates(date(2022, 1, 20), date(2030, 11, 1))
# The national holidays of 2026 as the Cabinet Office publishes them (substitute and in-between day included).
HOLIDAYS_2026 = {
    *(date(2026, 1, day) for day in (1, 12)),
    *(date(2026, 2, day) for day in (11, 23)),
    *(date(2026, 3, day) for day in (20,)),
    *(date(2026, 4, day) for day in (29,)),
    *(date(2026, 5, day) for day in (3, 4, 5, 6)),
    *(date(2026, 7, day) for day in (20,)),
    *(date(2026, 8, day) for day in (11,)),
    *(date(2026, 9, day) for day in (21, 22, 23)),
    *(date(2026, 10, day) for day in (12,)),
    *(date(2026, 11, day) for day in (3, 23)),
}


def test_the_holidays_of_2026_are_the_official_ones() -> None:
    days = (date(2026, 1, 2) + timedelta(days=offset) for offset in range(364))
    assert {day for day in days if is_national_holiday(day, PARAMETERS)} == HOLIDAYS_2026 - {date(2026, 1, 1)}


@pytest.mark.parametrize("year", range(2022, 2031))
def test_the_equinoxes_agree_with_their_astronomy(year: int) -> None:
    """The usual approximation for 1980–2099 (National Astronomical Observatory figures)."""
    drift = 0.242194 * (year - 1980) - (year - 1980) // 4
    spring, autumn = int(20.8431 + drift), int(23.2488 + drift)
    assert PARAMETERS.value("office.holidays.equinoxes", date(year, 1, 1)) == ((3, spring), (9, autumn))


def test_equinoxes_not_yet_announced_are_marked_unsure() -> None:
    assert PARAMETERS.unsure(["office.holidays.equinoxes"], date(2028, 1, 1))
    assert not PARAMETERS.unsure(["office.holidays.equinoxes"], date(2026, 1, 1))


@pytest.mark.parametrize(
    "day", [date(2025, 12, 29), date(2026, 1, 3), date(2026, 11, 21), date(2026, 11, 22)]
)
def test_the_town_hall_is_closed_at_year_end_and_on_weekends(day: date) -> None:
    assert is_closed(day, PARAMETERS)


@given(DAYS)
def test_the_next_open_day_is_open_and_none_before_it_is(day: date) -> None:
    found = next_open_day(day, PARAMETERS)
    assert not is_closed(found, PARAMETERS)
    assert all(is_closed(day + timedelta(days=n), PARAMETERS) for n in range((found - day).days))


@given(DAYS, st.integers(1, 20))
def test_open_days_are_counted_one_by_one(day: date, count: int) -> None:
    end = plus_open_days(day, count, PARAMETERS)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(not is_closed(each, PARAMETERS) for each in between) == count


def test_outside_the_data_no_holiday_is_guessed() -> None:
    with pytest.raises(NotInForceError):
        is_national_holiday(date(2021, 7, 22), PARAMETERS)
    with pytest.raises(NotInForceError):
        is_national_holiday(date(2031, 3, 21), PARAMETERS)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 2), date(2026, 12, 2)),
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2027, 1, 31), date(2027, 3, 2)),
        (date(2028, 1, 31), date(2028, 3, 1)),
        (date(2026, 12, 4), date(2027, 1, 3)),
    ],
)
def test_care_need_is_decided_within_thirty_days_even_when_the_last_is_a_holiday(
    received: date, due: date
) -> None:
    running = clock("kaigo-nintei", received, PARAMETERS)
    assert running.due == due
    assert (running.statutory, running.unit, running.extendable) == (True, "calendar_days", True)
    assert "27条11項" in running.clause


def test_a_clock_tells_the_days_left_and_by_how_much_it_is_late() -> None:
    running = clock("kaigo-nintei", date(2026, 11, 2), PARAMETERS)
    assert running.days_left(date(2026, 11, 30)) == 2
    assert running.days_left(date(2026, 12, 5)) == -3


def test_a_municipal_period_counts_open_days_when_it_says_so() -> None:
    own = PARAMETERS.with_municipal({"clock.risai-shoumei": {"value": 3, "unit": "office_days"}})
    assert due_date("risai-shoumei", date(2026, 11, 20), own) == date(2026, 11, 26)
    assert not clock("risai-shoumei", date(2026, 11, 20), own).statutory


def test_a_town_without_a_period_has_a_clock_without_an_end() -> None:
    own = PARAMETERS.with_municipal({"clock.risai-shoumei": None})
    running = clock("risai-shoumei", date(2026, 11, 20), own)
    assert running.due is None
    assert running.days_left(date(2026, 11, 21)) is None


def test_a_notice_in_time_postpones_the_limit() -> None:
    running = clock("kaigo-nintei", date(2026, 11, 2), PARAMETERS)
    later = postponed(running, date(2026, 12, 2), date(2026, 12, 20))
    assert later.due == date(2026, 12, 20)
    assert later.count == 48


@pytest.mark.parametrize(
    ("procedure", "notified", "expected", "message"),
    [
        ("risai-shoumei", date(2026, 11, 3), date(2026, 12, 20), "cannot be postponed"),
        ("kaigo-nintei", date(2026, 12, 3), date(2026, 12, 20), "must go out by 2026-12-02"),
        ("kaigo-nintei", date(2026, 11, 3), date(2026, 12, 2), "must lie after"),
    ],
)
def test_a_postponement_the_law_does_not_know_is_refused(
    procedure: str, notified: date, expected: date, message: str
) -> None:
    running = clock(procedure, date(2026, 11, 2), PARAMETERS)
    with pytest.raises(ValueError, match=message):
        postponed(running, notified, expected)


def test_a_procedure_without_a_clock_is_named() -> None:
    with pytest.raises(UnknownParameterError, match=r"clock\.unknown"):
        clock("unknown", date(2026, 11, 2), PARAMETERS)
