"""Letting the rules look at a case: facts gathered, ``decide`` called. The rule advises; people decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.base.clock import JAPAN
from yakuba.casework.models import Case, Step
from yakuba.casework.town_knows import Inquiry, knows
from yakuba.procedures.rules import hoiku, jidou_teate, kaigo, risai
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.hoiku.from_answers import facts_from as hoiku_facts
from yakuba.procedures.rules.jidou_teate.from_answers import facts_from as jidou_teate_facts
from yakuba.procedures.rules.kaigo.from_answers import facts_from as kaigo_facts
from yakuba.procedures.rules.parameters import Parameters, load_parameters
from yakuba.procedures.rules.risai.from_answers import facts_from as risai_facts

Decide = Callable[[Mapping[str, Any], Any, date, Parameters], Decision]
FactsFrom = Callable[[Mapping[str, Any], Mapping[str, Any], date], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one procedure and how its facts are read."""

    decide: Decide
    facts_from: FactsFrom


RULES: Mapping[str, Rule] = {
    "jidou-teate-nintei": Rule(jidou_teate.decide, jidou_teate_facts),
    "risai-shoumei": Rule(risai.decide, risai_facts),
    "kaigo-nintei": Rule(kaigo.decide, kaigo_facts),
    "hoiku-moushikomi": Rule(hoiku.decide, hoiku_facts),
}


def ruling(
    case: Case, application: Mapping[str, Any], steps: Mapping[str, Step], today: date
) -> Decision | None:
    """What the rule says today; None without a rule, before identification, or where the answers are unreadable."""
    rule = RULES.get(case.procedure)
    if rule is None or not case.identified or "unknown_form" in case.flags:
        return None
    answers = application.get("answers") or {}
    claimed_on = case.claimed_at.astimezone(JAPAN).date()
    try:
        facts = rule.facts_from(application, knows(Inquiry(case, answers, steps, today)), claimed_on)
    except ValueError:  # a form that does not hold (no day of birth): shown among the formal checks
        return None
    return rule.decide(application, facts, today, load_parameters())
