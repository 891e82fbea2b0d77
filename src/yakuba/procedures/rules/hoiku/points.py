"""Priority points (利用調整の指数) by the municipality's own table (児童福祉法24条3項).

The matching itself is elsewhere.
"""

from datetime import date

from yakuba.procedures.rules.hoiku.facts import Child, Facts, Guardian
from yakuba.procedures.rules.parameters import Parameters


def points(child: Child, facts: Facts, parameters: Parameters) -> int:
    """The points of ``child``: each guardian's reason, a lone guardian's twice, then the family's situation."""
    on = facts.applied_on
    base = [_for_reason(guardian, on, parameters) for guardian in facts.guardians]
    alone = 2 if len(facts.guardians) == 1 else 1
    return sum(base) * alone + _adjustments(child, facts, parameters)


def _for_reason(guardian: Guardian, on: date, parameters: Parameters) -> int:
    table = parameters.value("hoiku.points.reasons", on)
    if guardian.reason in (None, "none"):
        return 0
    if guardian.reason == "work":
        hours = guardian.hours or 0
        return max(int(given) for at_least, given in table["work"] if hours >= at_least)
    return int(table[guardian.reason])


def _adjustments(child: Child, facts: Facts, parameters: Parameters) -> int:
    table = parameters.value("hoiku.points.adjustments", facts.applied_on)
    situation = set(facts.situation)
    situation |= {"child_with_disability"} if child.with_disability else set()
    situation |= {"siblings_applying"} if len(facts.children) > 1 else set()
    situation |= {"single_parent"} if len(facts.guardians) == 1 else set()
    return sum(table.get(code, 0) for code in situation)
