"""Days on which a town hall is closed, and what that does to a resident's time limit.

地方自治法4条の2: a municipality's holidays are Saturdays, Sundays, national holidays and year-end days by
ordinance (2項); a time limit for a resident's application that law sets as a period and that falls on such a
day moves to the next open day (4項). Official example: 池田市, born 2019-04-12, fifteenth day 04-27, town
hall closed until 05-06, limit 05-07. The limit of an *office's own* duty does not move: 4項 speaks only of
acts towards the office.
"""

from datetime import date, timedelta
from typing import Any

from yakuba.procedures.rules.parameters import Parameters

_ONE_DAY = timedelta(days=1)


def is_closed(day: date, parameters: Parameters) -> bool:
    """Whether the town hall is closed on ``day`` (地方公共団体の休日).

    Raises NotInForceError outside the data's years.
    """
    return day.weekday() >= 5 or _is_year_end(day, parameters) or is_national_holiday(day, parameters)


def next_open_day(day: date, parameters: Parameters) -> date:
    """``day`` itself when open, else the next open day (地方自治法4条の2第4項)."""
    while is_closed(day, parameters):
        day += _ONE_DAY
    return day


def plus_open_days(day: date, count: int, parameters: Parameters) -> date:
    """The ``count``-th open day after ``day``; the first day is not counted (民法140条)."""
    for _ in range(count):
        day = next_open_day(day + _ONE_DAY, parameters)
    return day


def is_national_holiday(day: date, parameters: Parameters) -> bool:
    """国民の祝日に関する法律3条.

    The day itself (1項), its substitute (2項), a day between two holidays (3項).
    """
    if _is_named_holiday(day, parameters) or _is_substitute(day, parameters):
        return True
    between = _is_named_holiday(day - _ONE_DAY, parameters) and _is_named_holiday(day + _ONE_DAY, parameters)
    return between and day.weekday() != 6


def _is_substitute(day: date, parameters: Parameters) -> bool:
    """振替休日: the first day after a holiday on a Sunday that is not itself a holiday."""
    before = day - _ONE_DAY
    while _is_named_holiday(before, parameters):
        if before.weekday() == 6:
            return True
        before -= _ONE_DAY
    return False


def _is_named_holiday(day: date, parameters: Parameters) -> bool:
    fixed: tuple[tuple[int, int], ...] = parameters.value("office.holidays.fixed", day)
    mondays: tuple[tuple[int, int], ...] = parameters.value("office.holidays.mondays", day)
    equinoxes: Any = parameters.value("office.holidays.equinoxes", day)
    is_nth_monday = day.weekday() == 0 and (day.month, (day.day + 6) // 7) in mondays
    return (day.month, day.day) in fixed or (day.month, day.day) in equinoxes or is_nth_monday


def _is_year_end(day: date, parameters: Parameters) -> bool:
    return (day.month, day.day) in parameters.value("office.year_end_days", day)
