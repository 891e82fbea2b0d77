"""要介護・要支援更新認定: a certification that follows one that ends (介護保険法28条, 33条; 施行規則39条, 41条, 54条, 55条)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from yakuba.procedures.rules.decision import Decision, Reason
from yakuba.procedures.rules.kaigo.common import certified, not_in_need, so_far
from yakuba.procedures.rules.kaigo.following import (
    FollowingFacts,
    Running,
    carried_items,
    facts_from,
    guarded,
)
from yakuba.procedures.rules.kaigo.following_reasons import REASON
from yakuba.procedures.rules.kaigo.insured import insured_class
from yakuba.procedures.rules.kaigo.reasons import LEVELS
from yakuba.procedures.rules.kaigo.validity import renewed
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

__all__ = ["decide", "facts_from"]

PROCEDURE = "kaigo-koushin"


def _renewal(
    application: Mapping[str, Any], facts: FollowingFacts, as_of: date, parameters: Parameters
) -> Decision:
    base = facts.base
    insured = insured_class(base.birth, base.applied_on, parameters)
    more = tuple(_renewal_findings(facts, parameters))
    found = so_far(application, base, insured, parameters, PROCEDURE, ("kaigo.my_number_demanded",), more)
    judgement, running = base.judgement, facts.running
    if judgement is None or running is None or found.outcome != "eligible":
        return found
    start = running.valid_until + timedelta(days=1)  # also when a hindrance made it late (28条3項)
    items = carried_items(facts, insured, judgement, found, as_of, "renewal")
    if judgement.level == "not_applicable":
        return not_in_need(found, base, items, start)
    period = renewed(start, judgement.months, judgement.level == running.level, base.applied_on, parameters)
    why = REASON("renewed", level=LEVELS[judgement.level], start=period.valid_from, end=period.valid_until)
    return certified(found, base, judgement.level, items, period, why)


def _renewal_findings(facts: FollowingFacts, parameters: Parameters) -> Iterator[Reason]:
    running, applied = facts.running, facts.base.applied_on
    if running is None:
        yield REASON("nothing_to_renew")
        return
    opens = running.valid_until - timedelta(
        days=parameters.number("kaigo.renewal.opens_days_before_end", applied)
    )
    if applied < opens:
        yield REASON("too_early_to_renew", opens=opens, end=running.valid_until)
    if applied > running.valid_until:
        yield _late_renewal(facts, running, parameters)


def _late_renewal(facts: FollowingFacts, running: Running, parameters: Parameters) -> Reason:
    applied, ended = facts.base.applied_on, facts.hindered_until
    if ended is None or facts.hindrance_confirmed is False:
        return REASON("too_late_to_renew", end=running.valid_until)
    months = parameters.number("kaigo.renewal.excuse_months", applied)
    if applied > _months_after(ended, months):
        return REASON("too_late_to_renew", end=running.valid_until)
    return REASON("late_renewal_excused" if facts.hindrance_confirmed else "hindrance_unconfirmed")


def _months_after(start: date, months: int) -> date:
    """The last day of a period of ``months`` months whose first day is not counted (民法143条)."""
    month = Month.of(start).plus(months)
    return min(month.last, date(month.year, month.month, min(start.day, month.last.day)))


decide = guarded(PROCEDURE, _renewal)
