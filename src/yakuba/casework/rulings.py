"""Letting the rules look at a case: facts gathered, ``decide`` called. The rule advises; people decide."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.base.clock import japan_day
from yakuba.casework.models import Case, Step
from yakuba.casework.parameters_here import parameters_here
from yakuba.casework.town_knows import Inquiry, knows
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.registry import rules


def ruling(
    case: Case, application: Mapping[str, Any], steps: Mapping[str, Step], today: date
) -> Decision | None:
    """What the rule says today; None without a rule, before identification, or where the answers are unreadable."""
    rule = rules().get(case.procedure)
    if rule is None or not case.identified or "unknown_form" in case.flags:
        return None
    answers = application.get("answers") or {}
    claimed_on = japan_day(case.claimed_at)
    try:
        facts = rule.facts_from(application, knows(Inquiry(case, answers, steps, today)), claimed_on)
    except ValueError:  # a form that does not hold (no day of birth): shown among the formal checks
        return None
    return rule.decide(application, facts, today, parameters_here())
