"""What every decision on care need shares: who may apply, what must have happened, and what the register gets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.kaigo.facts import Facts, Judgement
from yakuba.procedures.rules.kaigo.insured import InsuredClass, is_specified_disease
from yakuba.procedures.rules.kaigo.reasons import LEVELS, REASON
from yakuba.procedures.rules.kaigo.validity import Validity
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding, role_of

REGISTER = "kaigo_hoken"


def so_far(
    application: Mapping[str, Any],
    facts: Facts,
    insured: InsuredClass | None,
    parameters: Parameters,
    procedure: str,
    unsure_of: tuple[str, ...] = (),
    more: tuple[Reason, ...] = (),
) -> Decision:
    """What can be said before looking at the level. ``more``: findings of this kind of application only."""
    reasons = [*more, *standing(application, facts, insured, parameters), my_number(facts, parameters)]
    if concluded(reasons) != "not_eligible":
        reasons += steps(facts, insured)
    results: dict[str, Json] = {"insured_class": insured, "my_number_needed": not facts.identity_settled}
    due = facts.postponed_until or due_date(procedure, facts.applied_on, parameters)
    unsure = parameters.unsure(unsure_of, facts.applied_on)
    return Decision(concluded(reasons), tuple(reasons), results, due=due, unsure=unsure)


def not_in_need(decided: Decision, facts: Facts, items: dict[str, Json], since: date) -> Decision:
    """非該当 (27条9項, 32条8項): a refusal that the register keeps, from ``since``."""
    effect = RegisterEffect(REGISTER, {**items, "status": "not_certified"}, since, subject=facts.insured)
    return replace(
        decided,
        outcome="not_eligible",
        reasons=(REASON("not_in_need"), *decided.reasons),
        results={**decided.results, "care_level": "not_applicable"},
        effects=(effect,),
    )


def certified(
    decided: Decision, facts: Facts, level_code: str, items: dict[str, Json], period: Validity, why: Reason
) -> Decision:
    """A certification at ``level_code`` for ``period``; ``why`` says it in words."""
    days: dict[str, Json] = {
        "certified_from": period.valid_from.isoformat(),
        "certified_until": period.valid_until.isoformat(),
    }
    found: dict[str, Json] = {
        "care_level": level_code,
        "care_level_name": LEVELS[level_code].ja,
        "months": period.months,
    }
    effect = RegisterEffect(
        REGISTER,
        {**items, **days, "status": "certified"},
        period.valid_from,
        period.valid_until,
        facts.insured,
    )
    return replace(
        decided,
        reasons=(why, *decided.reasons),
        results={**decided.results, **found, **days},
        effects=(effect,),
    )


def standing(
    application: Mapping[str, Any], facts: Facts, insured: InsuredClass | None, parameters: Parameters
) -> Iterator[Reason]:
    """Who applies, for whom, and whether this town is the insurer."""
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


def my_number(facts: Facts, parameters: Parameters) -> Reason:
    """Whether the personal number may be asked for."""
    demanded = parameters.value("kaigo.my_number_demanded", facts.applied_on)
    settled = facts.identity_settled and not demanded
    return REASON("my_number_not_needed" if settled else "my_number_may_be_asked")


def steps(facts: Facts, insured: InsuredClass | None) -> Iterator[Reason]:
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


def items_of(
    facts: Facts,
    insured: InsuredClass | None,
    judgement: Judgement,
    due: date | None,
    as_of: date,
    kind: str = "new",
) -> dict[str, Json]:
    """The items the register gets for an application of ``kind`` (new, renewal, change, transfer)."""
    items: dict[str, Json] = {
        "insured_class": insured,
        "application_kind": kind,
        "applied_on": facts.applied_on.isoformat(),
        "decide_by": due.isoformat() if due else None,
        "investigation_on": facts.surveyed_on.isoformat() if facts.surveyed_on else None,
        "care_level": judgement.level,
        "certified_on": as_of.isoformat(),
    }
    return {name: value for name, value in items.items() if value is not None}
