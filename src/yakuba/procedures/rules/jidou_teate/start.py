"""From which month the allowance is paid (児童手当法8条2項・3項), and until when a claim keeps it."""

from dataclasses import dataclass
from datetime import date, timedelta

from yakuba.procedures.rules.jidou_teate.amounts import monthly
from yakuba.procedures.rules.jidou_teate.facts import Event, Facts
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.office_days import next_open_day
from yakuba.procedures.rules.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Start:
    """The first month paid, the reason's code, and the last day on which a claim kept the earlier month."""

    month: Month
    code: str
    deadline: date | None = None


def claim_deadline(event: Event, parameters: Parameters) -> date:
    """The last day for a claim that counts from ``event``'s month.

    Fifteen days, the day of the event not counted (民法140条); for a hindrance from its end. When the town
    hall is closed on the fifteenth, the next open day (地方自治法4条の2第4項). Raises NotInForceError before
    the holiday data begin (2022).
    """
    begins = event.ended_on or event.on
    days = parameters.number("jidou_teate.late_claim_days", begins)
    return next_open_day(begins + timedelta(days=days), parameters)


def start_month(facts: Facts, parameters: Parameters) -> Start:
    """The first month paid.

    The month after the claim, or after the event if claimed in time; never before either.

    Raises NotInForceError when the dates lie outside the data.
    """
    usual = Month.of(facts.claimed_on).plus(1)
    reform = _from_reform(facts, parameters)
    if reform:
        return reform
    event = facts.event
    if event is None or event.on > facts.claimed_on:
        return Start(usual, "start_after_claim")
    return _after_event(event, facts.claimed_on, usual, parameters)


def _after_event(event: Event, claimed_on: date, usual: Month, parameters: Parameters) -> Start:
    earlier = Month.of(event.on).plus(1)
    if earlier >= usual:
        return Start(usual, "start_after_claim")
    if claimed_on > (deadline := claim_deadline(event, parameters)):
        return Start(usual, "start_late", deadline)
    return Start(earlier, "start_after_event", deadline)


def _from_reform(facts: Facts, parameters: Parameters) -> Start | None:
    """Who became entitled only by the reform and claimed by its limit is paid from October 2024.

    Whether somebody was entitled before needs the income of then; unknown, the usual month stands.
    """
    name = "jidou_teate.reform_claim_until"
    if not parameters.has(name, facts.claimed_on):
        return None
    since = parameters.dated(name, facts.claimed_on).valid_from
    first, before = Month.of(since), monthly(facts, Month.of(since).plus(-1), parameters)
    newly = not before.lines and bool(monthly(facts, first, parameters).lines)
    return Start(first, "start_at_reform", parameters.value(name, since)) if newly else None
