"""From when until when a first certification is valid (介護保険法27条8項; 施行規則38条, 52条)."""

from dataclasses import dataclass
from datetime import date

from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last day, and the months the period is made of."""

    valid_from: date
    valid_until: date
    months: int


def validity(applied_on: date, months: int | None, parameters: Parameters) -> Validity:
    """The validity of a certification applied for on ``applied_on``, whose effect reaches back to that day.

    The rest of the month of application, then ``months`` whole months (None: the usual number); for an
    application on the first of a month only the whole months. Raises ValueError for a number the board may
    not set.
    """
    months = parameters.number("kaigo.new.months", applied_on) if months is None else months
    least = parameters.number("kaigo.new.months_at_least", applied_on)
    most = parameters.number("kaigo.new.months_at_most", applied_on)
    if not least <= months <= most:
        raise ValueError(f"a first certification is valid for {least} to {most} months, not {months}")
    return _whole_months(applied_on, months)


def renewed(
    start: date, months: int | None, same_level: bool, applied_on: date, parameters: Parameters
) -> Validity:
    """The validity of a renewal that begins on ``start``, the day after the last certification (28条9項; 施行規則
    41条, 55条).

    The end is the last day of a month. Certifications end with a month, so ``start`` is the first of one; should it
    not be, the rest of that month is added, as for a first certification. Raises ValueError for a number the board
    may not set.
    """
    months = parameters.number("kaigo.renewal.months", applied_on) if months is None else months
    most_name = "months_at_most_same_level" if same_level else "months_at_most"
    least = parameters.number("kaigo.renewal.months_at_least", applied_on)
    most = parameters.number(f"kaigo.renewal.{most_name}", applied_on)
    if not least <= months <= most:
        raise ValueError(f"this renewal is valid for {least} to {most} months, not {months}")
    return _whole_months(start, months)


def _whole_months(start: date, months: int) -> Validity:
    last = Month.of(start).plus(months - 1 if start.day == 1 else months)
    return Validity(start, last.last, months)
