"""負担割合証の再交付申請 (介護保険法49条の2, 59条の2; 施行規則28条の2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, concluded
from yakuba.procedures.rules.kaigo_futan.benefits import certification_finding, certified_on, kept, needs_law
from yakuba.procedures.rules.kaigo_futan.limits import benefit_year
from yakuba.procedures.rules.kaigo_futan.reissue import REASON, Facts, facts_from, findings
from yakuba.procedures.rules.kaigo_futan.share import own_share
from yakuba.procedures.rules.parameters import Parameters

__all__ = ["decide", "facts_from"]
PROCEDURE = "kaigo-futanwariai-saikoufu"
WHAT = Text("介護保険負担割合証", "the certificate of the share", "{負担割合証|ふたんわりあいしょう}")


@needs_law
def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether a second certificate of the share is issued, and which share it says."""
    on = facts.applied_on
    reasons = list(findings(application, facts, WHAT, parameters))
    finding = certification_finding(certified_on(facts.entry or {}, on))
    own = own_share(facts.members, facts.welfare, facts.own_percent, on, parameters)
    reasons += [own.reason] if finding is None else [finding, own.reason]
    outcome, due = concluded(reasons), due_date(PROCEDURE, on, parameters)
    if outcome != "eligible" or own.percent is None:
        return Decision(outcome, tuple(reasons), due=due)
    _, until = benefit_year(on, parameters)
    items: dict[str, Json] = {
        "issued_on": as_of.isoformat(),
        "reason": facts.why,
        "own_percent": own.percent,
        "until": until.isoformat(),
    }
    effect = kept("share_card", items, as_of, until, facts.insured)
    results: dict[str, Json] = {
        "own_percent": own.percent,
        "share": f"{own.percent // 10}割",
        "valid_until": until.isoformat(),
    }
    return Decision(outcome, (REASON("reissued", what=WHAT), *reasons), results, (effect,), due)
