"""The decision on a first application for certification of care need (介護保険法27条, 32条)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.kaigo.common import certified, items_of, not_in_need, so_far
from yakuba.procedures.rules.kaigo.facts import Facts
from yakuba.procedures.rules.kaigo.insured import BirthUncertainError, insured_class
from yakuba.procedures.rules.kaigo.reasons import LEVELS, REASON
from yakuba.procedures.rules.kaigo.validity import validity
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "kaigo-nintei"
_UNSURE_OF = ("kaigo.new.months", "kaigo.my_number_demanded")


@law_needed(REASON)
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether care or support need is certified, at which level and for how long.

    ``application`` is the canonical application (only its applicant's role is read); ``as_of`` the day of
    the decision. The law is that of the day of application. The level is the review board's; without its
    judgement it cannot be told. Raises ValueError when the board's months lie outside what the ordinance
    lets it set.
    """
    try:
        return _decide(application, facts, as_of, parameters)
    except BirthUncertainError:
        due = due_date(PROCEDURE, facts.applied_on, parameters)
        return Decision("cannot_tell", (REASON("birth_uncertain"),), due=due)


def _decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    insured = insured_class(facts.birth, facts.applied_on, parameters)
    found = so_far(application, facts, insured, parameters, PROCEDURE, _UNSURE_OF)
    judgement = facts.judgement
    if judgement is None or insured is None or found.outcome != "eligible":
        return found
    items = items_of(facts, insured, judgement, found.due, as_of)
    if judgement.level == "not_applicable":
        return not_in_need(found, facts, items, facts.applied_on)
    period = validity(facts.applied_on, judgement.months, parameters)
    why = REASON("certified", level=LEVELS[judgement.level], start=period.valid_from, end=period.valid_until)
    return certified(found, facts, judgement.level, items, period, why)
