"""Until when a certification is valid (子ども・子育て支援法21条; 施行規則8条)."""

from collections.abc import Iterable
from datetime import date, timedelta

from yakuba.procedures.rules.ages import attains, starts_school
from yakuba.procedures.rules.hoiku.facts import Guardian
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

_ONE_DAY = timedelta(days=1)


def age_limit(birth: date, classification: str, on: date, parameters: Parameters) -> date:
    """The last day by the child's age.

    Class 3 until the day before reaching three, 1 and 2 until school begins.

    Three is reached on the day before the birthday, so class 3 ends two days before it.
    """
    if classification == "3":
        return attains(birth, parameters.number("hoiku.class_two_from_age", on)) - _ONE_DAY
    return starts_school(birth) - _ONE_DAY


def reason_limit(guardian: Guardian, start: date, parameters: Parameters) -> date | None:
    """The last day by a guardian's reason for a certification from ``start``.

    None when the reason sets none.

    Childbirth: the month of the day after eight weeks from the birth (that day counted) ends it; looking for
    work: the month in which the town's days (at most 90, the first counted) end; study: the month of its
    end.
    """
    if guardian.reason == "job_search":
        days = parameters.number("hoiku.job_search_days", start)
        return Month.of(start + timedelta(days=days - 1)).last
    if guardian.until is None:
        return None
    if guardian.reason == "childbirth":
        weeks = parameters.number("hoiku.childbirth_weeks_after", start)
        return Month.of(guardian.until + timedelta(weeks=weeks)).last
    return Month.of(guardian.until).last if guardian.reason == "study" else guardian.until


def valid_until(age: date, limits: Iterable[date | None]) -> date:
    """The earliest of the limits that apply."""
    return min([age, *(limit for limit in limits if limit is not None)])
