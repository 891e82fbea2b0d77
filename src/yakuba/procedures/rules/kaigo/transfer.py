"""住所移転後の要介護・要支援認定: the former town's certification carried over (介護保険法36条)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Reason, concluded
from yakuba.procedures.rules.kaigo.common import certified, my_number, standing
from yakuba.procedures.rules.kaigo.facts import Judgement
from yakuba.procedures.rules.kaigo.following import (
    FollowingFacts,
    carried_items,
    facts_from,
    guarded,
)
from yakuba.procedures.rules.kaigo.following_reasons import REASON
from yakuba.procedures.rules.kaigo.insured import insured_class
from yakuba.procedures.rules.kaigo.reasons import LEVELS
from yakuba.procedures.rules.kaigo.validity import validity
from yakuba.procedures.rules.office_days import next_open_day
from yakuba.procedures.rules.parameters import Parameters

__all__ = ["decide", "facts_from"]

PROCEDURE = "kaigo-tennyu"


def _transfer(
    application: Mapping[str, Any], facts: FollowingFacts, as_of: date, parameters: Parameters
) -> Decision:
    """36条: without visit and review board, on the strength of the other town's certificate."""
    base = facts.base
    insured = insured_class(base.birth, base.applied_on, parameters)
    reasons = (
        *_transfer_findings(facts, parameters),
        *_no_disease_asked(standing(application, base, insured, parameters)),
        my_number(base, parameters),
    )
    found = Decision(
        concluded(reasons),
        reasons,
        {"insured_class": insured, "my_number_needed": not base.identity_settled},
        due=base.postponed_until or due_date(PROCEDURE, base.applied_on, parameters),
        unsure=parameters.unsure(("kaigo.transfer.valid_from",), base.applied_on),
    )
    running = facts.carried
    if running is None or facts.qualified_on is None or found.outcome != "eligible":
        return found
    begins = parameters.value("kaigo.transfer.valid_from", base.applied_on)
    start = facts.qualified_on if begins == "qualified_on" else base.applied_on
    period = validity(start, None, parameters)
    judgement = Judgement(running.level, base.applied_on)
    items = carried_items(facts, insured, judgement, found, as_of, "transfer")
    why = REASON("carried_over", level=LEVELS[running.level], start=start, end=period.valid_until)
    return certified(found, base, running.level, items, period, why)


def _no_disease_asked(reasons: Iterator[Reason]) -> Iterator[Reason]:
    """The other town has judged the disease (7条): it is not asked again."""
    return (one for one in reasons if one.code not in ("disease_unknown", "not_a_specified_disease"))


def _transfer_findings(facts: FollowingFacts, parameters: Parameters) -> Iterator[Reason]:
    applied, qualified = facts.base.applied_on, facts.qualified_on
    if qualified is None:
        yield REASON("qualified_unknown")
    else:
        days = parameters.number("kaigo.transfer.days", applied)
        last = next_open_day(qualified + timedelta(days=days), parameters)
        if applied > last:
            yield REASON("too_late_to_transfer", last=last)
        if facts.carried and facts.carried.valid_until < qualified:
            yield REASON("ended_before_moving", end=facts.carried.valid_until)
    if not facts.paper_shown:
        yield REASON("former_certificate_missing")
    elif facts.carried is None:
        yield REASON("former_certificate_unread")


decide = guarded(PROCEDURE, _transfer)
