"""The decision on a first application for certification of care need (介護保険法27条, 32条)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo.facts import Facts, Judgement
from yakuba.procedures.rules.kaigo.insured import (
    BirthUncertainError,
    InsuredClass,
    insured_class,
    is_specified_disease,
)
from yakuba.procedures.rules.kaigo.reasons import LEVELS, REASON
from yakuba.procedures.rules.kaigo.validity import validity
from yakuba.procedures.rules.parameters import NotInForceError, Parameters
from yakuba.procedures.rules.proxies import proxy_finding, role_of

PROCEDURE = "kaigo-nintei"
REGISTER = "kaigo_hoken"
_UNSURE_OF = ("kaigo.new.months", "kaigo.my_number_demanded")


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether care or support need is certified, at which level and for how long.

    ``application`` is the canonical application (only its applicant's role is read); ``as_of`` the day of
    the decision. The law is that of the day of application. The level is the review board's; without its
    judgement it cannot be told. Raises ValueError when the board's months lie outside what the ordinance
    lets it set.
    """
    try:
        return _decide(application, facts, as_of, parameters)
    except NotInForceError as missing:
        return Decision("cannot_tell", (REASON("law_not_in_data", name=missing.name),))
    except BirthUncertainError:
        due = due_date(PROCEDURE, facts.applied_on, parameters)
        return Decision("cannot_tell", (REASON("birth_uncertain"),), due=due)


def _decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    insured = insured_class(facts.birth, facts.applied_on, parameters)
    so_far = _so_far(application, facts, insured, parameters)
    judgement = facts.judgement
    if judgement is None or insured is None or so_far.outcome != "eligible":
        return so_far
    items = _items(facts, insured, judgement, so_far.due, as_of)
    if judgement.level == "not_applicable":
        return _not_in_need(so_far, facts, items)
    return _certified(so_far, facts, judgement, items, parameters)


def _so_far(
    application: Mapping[str, Any], facts: Facts, insured: InsuredClass | None, parameters: Parameters
) -> Decision:
    """What can be said before looking at the level."""
    reasons = [*_standing(application, facts, insured, parameters), _my_number(facts, parameters)]
    if concluded(reasons) != "not_eligible":
        reasons += _steps(facts, insured)
    results: dict[str, Json] = {"insured_class": insured, "my_number_needed": not facts.identity_settled}
    due = facts.postponed_until or due_date(PROCEDURE, facts.applied_on, parameters)
    unsure = parameters.unsure(_UNSURE_OF, facts.applied_on)
    return Decision(concluded(reasons), tuple(reasons), results, due=due, unsure=unsure)


def _not_in_need(so_far: Decision, facts: Facts, items: dict[str, Json]) -> Decision:
    effect = RegisterEffect(
        REGISTER, {**items, "status": "not_certified"}, facts.applied_on, subject=facts.insured
    )
    return replace(
        so_far,
        outcome="not_eligible",
        reasons=(REASON("not_in_need"), *so_far.reasons),
        results={**so_far.results, "care_level": "not_applicable"},
        effects=(effect,),
    )


def _certified(
    so_far: Decision, facts: Facts, judgement: Judgement, items: dict[str, Json], parameters: Parameters
) -> Decision:
    period, level = validity(facts.applied_on, judgement.months, parameters), LEVELS[judgement.level]
    start, end = period.valid_from, period.valid_until
    days: dict[str, Json] = {"certified_from": start.isoformat(), "certified_until": end.isoformat()}
    found: dict[str, Json] = {
        "care_level": judgement.level,
        "care_level_name": level.ja,
        "months": period.months,
    }
    effect = RegisterEffect(REGISTER, {**items, **days, "status": "certified"}, start, end, facts.insured)
    return replace(
        so_far,
        reasons=(REASON("certified", level=level, start=start, end=end), *so_far.reasons),
        results={**so_far.results, **found, **days},
        effects=(effect,),
    )


def _standing(
    application: Mapping[str, Any], facts: Facts, insured: InsuredClass | None, parameters: Parameters
) -> Iterator[Reason]:
    roles = parameters.value("kaigo.roles_without_mandate", facts.applied_on)
    proxy = proxy_finding(application, facts.proof_shown, roles)
    if proxy:
        yield proxy
    if role_of(application) == "care_manager" and facts.agent_designated is not True:
        yield REASON("agent_unchecked" if facts.agent_designated is None else "agent_not_named_by_law")
    if facts.insured_here is not True:
        yield REASON("insured_unclear" if facts.insured_here is None else "insured_elsewhere")
    if facts.certified_until and facts.certified_until >= facts.applied_on:
        yield REASON("already_certified", end=facts.certified_until)
    if insured is None:
        yield REASON("too_young")
    if insured == "2":
        yield from _second_class(facts, parameters)


def _second_class(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    if facts.has_medical_insurance is not True:
        unclear = facts.has_medical_insurance is None
        yield REASON("medical_insurance_unclear" if unclear else "no_medical_insurance")
    if facts.disease is None:
        yield REASON("disease_unknown")
    elif not is_specified_disease(facts.disease, facts.applied_on, parameters):
        yield REASON("not_a_specified_disease")


def _my_number(facts: Facts, parameters: Parameters) -> Reason:
    demanded = parameters.value("kaigo.my_number_demanded", facts.applied_on)
    settled = facts.identity_settled and not demanded
    return REASON("my_number_not_needed" if settled else "my_number_may_be_asked")


def _steps(facts: Facts, insured: InsuredClass | None) -> Iterator[Reason]:
    """The steps that 27条 sets before a decision: visit (2項), physician (3項), review board (4項, 5項)."""
    if facts.judgement is None:
        if facts.surveyed_on is None:
            yield REASON("survey_outstanding")
        if facts.opinion_on is None:
            yield REASON("opinion_outstanding")
        yield REASON("judgement_outstanding")
    elif (
        insured == "2" and facts.judgement.level != "not_applicable" and not facts.judgement.disease_confirmed
    ):
        yield REASON("disease_unconfirmed")


def _items(
    facts: Facts, insured: InsuredClass, judgement: Judgement, due: date | None, as_of: date
) -> dict[str, Json]:
    items: dict[str, Json] = {
        "insured_class": insured,
        "application_kind": "new",
        "applied_on": facts.applied_on.isoformat(),
        "decide_by": due.isoformat() if due else None,
        "investigation_on": facts.surveyed_on.isoformat() if facts.surveyed_on else None,
        "care_level": judgement.level,
        "certified_on": as_of.isoformat(),
    }
    return {name: value for name, value in items.items() if value is not None}
