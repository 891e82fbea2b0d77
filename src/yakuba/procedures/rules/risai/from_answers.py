"""The facts of an application for a certificate, from its answers (``risai-shoumei``) and the registers."""

from collections.abc import Iterable
from datetime import date

from yakuba.procedures.rules.answers import (
    Known,
    address,
    answers_of,
    day,
    first_known,
    number,
    one_of,
    slots_of,
    yes_no,
)
from yakuba.procedures.rules.risai.facts import Disaster, Facts, Relation, SelfAssessment, Survey

_USES = {"dwelling": True, "non_dwelling": False}


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts of an application that arrived on ``received_on``.

    ``register`` says what the town knows, every key optional: ``applicant`` (宛名番号), ``disasters`` (the
    declared ones, as in the published settings: ``id``, ``name``, ``declared_on``, ``until``, and where set
    ``occurred_from``, ``occurred_until``, ``self_assessment``), ``in_town`` and ``is_dwelling`` (as a clerk
    found), ``resident_here``, ``photos_confirmed``, ``survey`` (``percent``, ``on``, ``method``),
    ``proof_shown``.
    """
    answers = answers_of(application)
    return Facts(
        applicant=str(register.get("applicant", "applicant")),
        applied_on=received_on,
        disaster=_disaster(answers.get("disaster"), register.get("disasters") or ()),
        damaged_on=day(answers.get("damaged_on")),
        address=_address(answers),
        in_town=_in_town(answers, register),
        is_dwelling=first_known(
            yes_no(register.get("is_dwelling")), _USES.get(str(answers.get("building_use")))
        ),
        relation=one_of(answers.get("relation"), Relation),
        survey=_survey(register.get("survey")),
        self_assessment=_self_assessment(application, register),
        proof_shown=yes_no(register.get("proof_shown")),
    )


def _disaster(key: object, declared: Iterable[Known]) -> Disaster | None:
    for one in declared:
        accepts_from = day(one.get("declared_on"))
        if one.get("id") == key and accepts_from:
            return Disaster(
                key=str(one["id"]),
                name=_name(one),
                accepts_from=accepts_from,
                occurred_from=day(one.get("occurred_from")),
                occurred_until=day(one.get("occurred_until")),
                accepts_until=day(one.get("until")),
                self_assessment=one.get("self_assessment") is not False,
            )
    return None


def _name(disaster: Known) -> str:
    """A disaster's name, which settings hold as a text or in three languages."""
    name = disaster.get("name")
    return str(name["ja"] if isinstance(name, dict) else name)


def _address(answers: Known) -> str:
    same = answers.get("same_address") is True
    return address(answers.get("applicant_address" if same else "damaged_address"))


def _in_town(answers: Known, register: Known) -> bool | None:
    """Known to a clerk, or the home of somebody registered here; another address must be looked at."""
    found = yes_no(register.get("in_town"))
    if found is None and answers.get("same_address") is True and register.get("resident_here") is True:
        return True
    return found


def _survey(known: Known | None) -> Survey | None:
    on = day(known.get("on")) if known else None
    if known is None or on is None:
        return None
    return Survey(number(known.get("percent")), on, "second" if known.get("method") == "second" else "first")


def _self_assessment(application: Known, register: Known) -> SelfAssessment | None:
    answers = answers_of(application)
    if answers.get("wants_self_assessment") is not True:
        return None
    photos = sum(slot.startswith("photo_") for slot in slots_of(application))
    agreed = answers.get("self_assessment_agreed") is True
    return SelfAssessment(agreed, photos, yes_no(register.get("photos_confirmed")))
