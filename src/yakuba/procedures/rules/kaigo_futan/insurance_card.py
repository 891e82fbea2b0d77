"""被保険者証の再交付申請 (介護保険法12条, 施行規則27条)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import kept, needs_law
from yakuba.procedures.rules.kaigo_futan.reissue import REASON, Facts, facts_from, findings
from yakuba.procedures.rules.parameters import Parameters

__all__ = ["decide", "facts_from"]
PROCEDURE = "kaigo-hihokenshashou-saikoufu"
WHAT = Text("介護保険被保険者証", "the insurance card", "{介護保険|かいごほけん}の{証|しょう}")


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether a second insurance card is issued."""
    reasons = list(findings(application, facts, WHAT, parameters))
    due = due_date(PROCEDURE, facts.applied_on, parameters)
    entry = facts.entry or {}
    if entry.get("insured_class") == "2" and entry.get("status") != "certified":
        reasons.append(REASON("not_entitled_to_card"))
    outcome = concluded(reasons)
    if outcome != "eligible":
        return Decision(outcome, tuple(reasons), due=due)
    items: dict[str, Json] = {"issued_on": as_of.isoformat(), "reason": facts.why}
    effect = kept("insurance_card", items, as_of, subject=facts.insured)
    results: dict[str, Json] = {"issued_on": as_of.isoformat(), "insured_number": entry.get("insured_number")}
    return Decision(outcome, (REASON("reissued", what=WHAT), *reasons), results, (effect,), due)
