"""The decision on a certificate of disaster damage. What was surveyed comes in; the class goes out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.law_needed import law_needed
from yakuba.procedures.rules.parameters import Parameters
from yakuba.procedures.rules.proxies import proxy_finding
from yakuba.procedures.rules.risai.classes import DamageClass, class_of, classes
from yakuba.procedures.rules.risai.facts import Disaster, Facts, SelfAssessment
from yakuba.procedures.rules.risai.reasons import REASON

PROCEDURE = "risai-shoumei"
REGISTER = "hisaisha"


@law_needed(REASON)
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether a certificate is issued and with which class of damage.

    ``application`` is the canonical application (only its applicant's role is read); ``as_of`` the day of
    issue. The classes are those of the day of the damage. Without a survey or a confirmed self-assessment it
    cannot be told.
    """
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    unsure = parameters.unsure((f"clock.{PROCEDURE}",), facts.applied_on)
    against = [*_standing(application, facts, parameters)]
    if concluded(against) == "not_eligible" or facts.damaged_on is None:
        return Decision(concluded(against), tuple(against), due=due, unsure=unsure)
    unsure = (*unsure, *parameters.unsure(("risai.classes",), facts.damaged_on))
    found, how = _damage(facts, facts.damaged_on, parameters)
    reasons = (*against, *how)
    if found is None or concluded(reasons) != "eligible":
        return Decision(concluded(reasons), reasons, due=due, unsure=unsure)
    reasons = (REASON("certified", damage=found.name), *reasons)
    return Decision("eligible", reasons, _results(facts, found), _effects(facts, found, as_of), due, unsure)


def _standing(application: Mapping[str, Any], facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    roles = parameters.value("risai.roles_without_mandate", facts.applied_on)
    proxy = proxy_finding(application, facts.proof_shown, roles)
    if proxy:
        yield proxy
    yield from _disaster(facts.disaster, facts)
    if facts.in_town is not True:
        yield REASON("address_unclear" if facts.in_town is None else "outside_town")
    if facts.is_dwelling is not True and not parameters.value("risai.covers_non_dwellings", facts.applied_on):
        yield REASON("dwelling_unclear" if facts.is_dwelling is None else "not_a_dwelling")


def _disaster(disaster: Disaster | None, facts: Facts) -> Iterator[Reason]:
    if disaster is None:
        yield REASON("no_disaster_open")
        return
    if facts.applied_on < disaster.accepts_from:
        yield REASON("not_yet_open", day=disaster.accepts_from)
    if disaster.accepts_until and facts.applied_on > disaster.accepts_until:
        yield REASON("closed", day=disaster.accepts_until)
    if facts.damaged_on is None:
        yield REASON("damage_day_unknown")
    elif not _during(facts.damaged_on, disaster):
        yield REASON("damage_outside_disaster", disaster=disaster.name)


def _during(day: date, disaster: Disaster) -> bool:
    after_start = disaster.occurred_from is None or disaster.occurred_from <= day
    return after_start and (disaster.occurred_until is None or day <= disaster.occurred_until)


def _damage(
    facts: Facts, damaged_on: date, parameters: Parameters
) -> tuple[DamageClass | None, tuple[Reason, ...]]:
    """A survey goes before a self-assessment: it is what the law asks for."""
    survey = facts.survey
    if survey and survey.percent is not None:
        found = class_of(survey.percent, damaged_on, parameters)
        return found, (REASON("by_survey", day=survey.on, percent=survey.percent),)
    if facts.self_assessment is None or facts.disaster is None:
        return None, (REASON("survey_outstanding"),)
    doubt = _doubt(facts.self_assessment, facts.disaster)
    if doubt:
        return None, (REASON(doubt),)
    (code,) = parameters.value("risai.self_assessed_class", damaged_on)
    found = next(each for each in classes(damaged_on, parameters) if each.code == code)
    return found, (REASON("by_self_assessment"),)


def _doubt(statement: SelfAssessment, disaster: Disaster) -> str:
    if not disaster.self_assessment:
        return "self_assessment_closed"
    if not statement.agreed:
        return "not_agreed"
    if statement.photos < 1:
        return "photos_missing"
    if statement.confirmed is None:
        return "photos_unseen"
    return "" if statement.confirmed else "photos_show_more"


def _results(facts: Facts, found: DamageClass) -> dict[str, Json]:
    return {
        "damage_class": found.code,
        "damage_class_name": {"ja": found.name.ja, "en": found.name.en, "easy": found.name.easy},
        "damage_rate": facts.survey.percent if facts.survey else None,
        "method": _method(facts),
        "disaster": facts.disaster.name if facts.disaster else None,
    }


def _method(facts: Facts) -> str:
    return facts.survey.method if facts.survey and facts.survey.percent is not None else "self_assessed"


def _effects(facts: Facts, found: DamageClass, as_of: date) -> tuple[RegisterEffect, ...]:
    items: dict[str, Json] = {
        "disaster": facts.disaster.key if facts.disaster else None,
        "applied_on": facts.applied_on.isoformat(),
        "damaged_address": facts.address or None,
        "relation_to_building": facts.relation,
        "survey": _method(facts),
        "surveyed_on": facts.survey.on.isoformat() if facts.survey else None,
        "damage_rate": facts.survey.percent if facts.survey else None,
        "damage_class": found.code,
        "certified_on": as_of.isoformat(),
    }
    known = {name: value for name, value in items.items() if value is not None}
    return (RegisterEffect(REGISTER, known, as_of, subject=facts.applicant),)
