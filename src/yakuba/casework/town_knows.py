"""What the town knows about a case, in the words the rules' ``facts_from`` functions read: the edge to the registers.

A register goes before what somebody wrote; what a clerk found (a recorded step) goes before a register; what neither
knows is left out, and the rule then says that it cannot tell. What is looked up for a procedure stands in its
``desk.yaml``.
"""

from yakuba.casework.lookups import Inquiry, Known, look_up
from yakuba.casework.procedure_desk import desk_of
from yakuba.casework.steps import kinds_for
from yakuba.registers import people

__all__ = ["Inquiry", "found_by_clerks", "knows"]


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
    for lookup in desk_of(inquiry.case.procedure).knows:
        known |= look_up(lookup, inquiry, person, household)
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
