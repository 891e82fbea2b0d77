"""Until when the town hall must decide (処理期間), by procedure.

Two kinds: a limit that law sets (介護保険法27条11項, 子ども・子育て支援法20条6項) and the standard
processing period (標準処理期間, 行政手続法6条) that a municipality sets and publishes. The first day is not
counted (民法140条). The limit of the office's own duty stays where it falls: 地方自治法4条の2第4項 moves
only residents' limits.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from yakuba.procedures.rules.office_days import plus_open_days
from yakuba.procedures.rules.parameters import Parameters

Unit = Literal["calendar_days", "office_days"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit for a decision. ``due`` is None when neither law nor the municipality sets one.

    ``extendable``: the law lets the office postpone it by a notice sent before it ends (延期通知).
    """

    procedure: str
    received_on: date
    due: date | None
    count: int | None
    unit: Unit
    statutory: bool
    extendable: bool
    clause: str

    def days_left(self, today: date) -> int | None:
        """Calendar days until ``due``; negative when late; None without a limit."""
        return (self.due - today).days if self.due else None


def clock(procedure: str, received_on: date, parameters: Parameters) -> Clock:
    """The clock of an application for ``procedure`` (its definition's id) that arrived on ``received_on``.

    Raises UnknownParameterError for a procedure without a clock in the data.
    """
    name = f"clock.{procedure}"
    dated, parameter = parameters.dated(name, received_on), parameters.by_name[name]
    unit: Unit = "office_days" if parameter.unit == "office_days" else "calendar_days"
    due = None if dated.value is None else _due(received_on, dated.value, unit, parameters)
    extendable: bool = parameters.value(f"{name}.extendable", received_on)
    return Clock(
        procedure, received_on, due, dated.value, unit, not parameter.municipal, extendable, dated.source
    )


def due_date(procedure: str, received_on: date, parameters: Parameters) -> date | None:
    """The last day for the decision; see :func:`clock`."""
    return clock(procedure, received_on, parameters).due


def postponed(running: Clock, notified_on: date, expected_on: date) -> Clock:
    """``running`` after a notice of postponement (処理見込期間) sent on ``notified_on``.

    Raises ValueError when the law knows no postponement, the notice comes after the limit, or nothing is
    gained.
    """
    if not running.extendable or running.due is None:
        raise ValueError(f"the limit of {running.procedure} cannot be postponed by notice ({running.clause})")
    if notified_on > running.due:
        raise ValueError(f"a notice of postponement must go out by {running.due}, not on {notified_on}")
    if expected_on <= running.due:
        raise ValueError(f"the new date must lie after {running.due}; {expected_on} does not")
    return Clock(
        running.procedure,
        running.received_on,
        expected_on,
        (expected_on - running.received_on).days,
        "calendar_days",
        running.statutory,
        running.extendable,
        running.clause,
    )


def _due(received_on: date, count: int, unit: Unit, parameters: Parameters) -> date:
    if unit == "office_days":
        return plus_open_days(received_on, count, parameters)
    return received_on + timedelta(days=count)
