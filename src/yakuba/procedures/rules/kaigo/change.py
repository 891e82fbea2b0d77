"""要介護・要支援状態区分変更認定: another level while a certification runs (介護保険法29条, 33条の2)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yakuba.procedures.rules.decision import Decision, Reason
from yakuba.procedures.rules.kaigo.common import certified, not_in_need, so_far
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
from yakuba.procedures.rules.parameters import Parameters

__all__ = ["decide", "facts_from"]

PROCEDURE = "kaigo-henkou"


def _change(
    application: Mapping[str, Any], facts: FollowingFacts, as_of: date, parameters: Parameters
) -> Decision:
    base = facts.base
    insured = insured_class(base.birth, base.applied_on, parameters)
    more = tuple(_change_findings(facts))
    found = so_far(application, base, insured, parameters, PROCEDURE, ("kaigo.my_number_demanded",), more)
    judgement, running = base.judgement, facts.running
    if judgement is None or running is None or found.outcome != "eligible":
        return found
    if judgement.level == running.level:
        unchanged = REASON("level_unchanged", level=LEVELS[running.level], end=running.valid_until)
        return replace(found, outcome="not_eligible", reasons=(unchanged, *found.reasons))
    items = carried_items(facts, insured, judgement, found, as_of, "change")
    if judgement.level == "not_applicable":
        return not_in_need(found, base, items, base.applied_on)
    period = validity(base.applied_on, judgement.months, parameters)
    why = REASON(
        "level_changed",
        before=LEVELS[running.level],
        level=LEVELS[judgement.level],
        start=period.valid_from,
        end=period.valid_until,
    )
    return certified(found, base, judgement.level, items, period, why)


def _change_findings(facts: FollowingFacts) -> Iterator[Reason]:
    if facts.running is None:
        yield REASON("nothing_to_change")
    elif facts.base.applied_on > facts.running.valid_until:
        yield REASON("ended_before_change", end=facts.running.valid_until)


decide = guarded(PROCEDURE, _change)
