"""What the town knows about a case, in the words the rules' ``facts_from`` functions read: the edge to the registers.

A register goes before what somebody wrote; what a clerk found (a recorded step) goes before a register; what neither
knows is left out, and the rule then says that it cannot tell.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.casework.models import Case, Step
from yakuba.casework.municipal import declared_disasters
from yakuba.casework.people_found import likeness
from yakuba.casework.steps import kinds_for
from yakuba.registers import entries, people
from yakuba.registers.models import Resident
from yakuba.registers.names import Likeness

Known = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whose case, on which day, with which answers and steps."""

    case: Case
    answers: Mapping[str, Any]
    steps: Mapping[str, Step]
    today: date


def knows(inquiry: Inquiry) -> Known:
    """Everything the rule for the case's procedure may ask; empty before the person is identified."""
    if not inquiry.case.identified:
        return {}
    person = people.person(inquiry.case.atena_number)
    household = people.household(person.atena_number)
    known: Known = {
        "applicant": person.atena_number,
        "resident_here": person.status == "resident",
        "address": f"{person.address}{person.building}",
        "birth": str(person.birth),
    }
    special = _SPECIAL.get(inquiry.case.procedure)
    if special:
        known |= special(inquiry, person, household)
    return known | found_by_clerks(inquiry)


def found_by_clerks(inquiry: Inquiry) -> Known:
    """What recorded steps say to the rule."""
    known: Known = {}
    for kind in kinds_for(inquiry.case.procedure, inquiry.case.role):
        step = inquiry.steps.get(kind.kind)
        if step is None:
            continue
        if kind.gives:
            known[kind.gives] = step.done_on.isoformat()
        known |= {
            one.gives: step.results[one.name] for one in kind.fields if one.gives and one.name in step.results
        }
    return known


def _child_allowance(inquiry: Inquiry, person: Resident, household: list[Resident]) -> Known:
    answers = inquiry.answers
    spouse = matched(answers.get("spouse_name"), answers.get("spouse_birth_date"), household)
    known: Known = {
        "lives_in_japan": True if person.status == "resident" else None,
        "already_recipient": _running("jidou_teate", person.atena_number, inquiry.today),
        "income": income(person.atena_number, inquiry.today),
        "children": dict(_children(answers, household)),
    }
    if spouse:
        known["spouse_income"] = income(spouse.atena_number, inquiry.today)
        known["spouse_receives"] = _running("jidou_teate", spouse.atena_number, inquiry.today)
    return known


def _children(answers: Mapping[str, Any], household: list[Resident]) -> Iterator[tuple[str, Known]]:
    for group in ("children", "older_children"):
        for item in _items(answers.get(group)):
            member = matched(item.get("name"), item.get("birth_date"), household)
            if member:
                yield (
                    str(item.get("id")),
                    {
                        "atena": member.atena_number,
                        "birth": str(member.birth),
                        "residence": "japan",
                        "lives_with_claimant": True,
                    },
                )


def _disaster_certificate(inquiry: Inquiry, _person: Resident, _household: list[Resident]) -> Known:
    known: Known = {"disasters": declared_disasters()}
    survey = inquiry.steps.get("survey")
    if survey:
        known["survey"] = {
            "percent": survey.results.get("percent"),
            "on": survey.done_on.isoformat(),
            "method": survey.results.get("method", "first"),
        }
    return known


def _care_need(inquiry: Inquiry, person: Resident, _household: list[Resident]) -> Known:
    entry = entries.current("kaigo_hoken", person.atena_number, inquiry.today)
    known: Known = {"insured": person.atena_number}
    if entry is not None:
        known["insured_here"] = True
        if until := entry.items.get("certified_until"):
            known["certified_until"] = until
    board = inquiry.steps.get("board")
    if board:
        known["judgement"] = {**board.results, "on": board.done_on.isoformat()}
    return known


def _childcare(inquiry: Inquiry, _person: Resident, household: list[Resident]) -> Known:
    known: Known = {"children": {}, "guardians": {}}
    for group in ("children", "guardians"):
        for item in _items(inquiry.answers.get(group)):
            member = matched(item.get("name"), item.get("birth_date"), household)
            if member:
                known[group][str(item.get("id"))] = {"atena": member.atena_number, "birth": str(member.birth)}
    return known


_SPECIAL: dict[str, Callable[[Inquiry, Resident, list[Resident]], Known]] = {
    "jidou-teate-nintei": _child_allowance,
    "risai-shoumei": _disaster_certificate,
    "kaigo-nintei": _care_need,
    "hoiku-moushikomi": _childcare,
}


def matched(name: object, birth: object, household: list[Resident]) -> Resident | None:
    """The one member of the household with this birth date and a name that is or may be the same."""
    said = str(name.get("name", "")) if isinstance(name, Mapping) else str(name or "")
    if not said or not birth:
        return None
    fitting = [
        one
        for one in household
        if str(one.birth) == str(birth) and likeness(said, one) is not Likeness.DIFFERENT
    ]
    return fitting[0] if len(fitting) == 1 else None


def income(atena_number: str, today: date) -> int | None:
    """合計所得金額 of the newest tax year on record, in yen."""
    entry = entries.current("juminzei", atena_number, today)
    value = entry.items.get("total_income") if entry else None
    return value if isinstance(value, int) else None


def _running(register: str, atena_number: str, today: date) -> bool:
    return entries.current(register, atena_number, today) is not None


def _items(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
