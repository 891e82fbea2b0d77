"""保育施設等の現況届: whether the need for childcare still stands (子ども・子育て支援法22条; 施行規則9条).

The certification is looked at again from the month after the report. The same class and length go on; others are a change
(23条), and without a need the certification may have to be withdrawn (24条), which a person decides after hearing the family.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from yakuba.procedures.rules.answers import Known, answers_of, items
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, Reason, RegisterEffect, concluded
from yakuba.procedures.rules.hoiku.decide import decide as decide_place
from yakuba.procedures.rules.hoiku.facts import Facts as PlaceFacts
from yakuba.procedures.rules.hoiku.from_answers import facts_from as place_facts
from yakuba.procedures.rules.hoiku.report_reasons import REASON
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

PROCEDURE = "hoiku-genkyou"
_KEPT = (
    "guardian",
    "applied_on",
    "choices",
    "score",
    "wanted_from",
    "status",
    "placed_facility",
    "siblings_together",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A report: the application it amounts to, and each child's certification on record by the child's key.

    An empty certification is none; a missing one was not looked up.
    """

    place: PlaceFacts
    on_record: Mapping[str, Mapping[str, Json]]


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts: ``register`` as for a place, and of each of its ``children`` the entry ``kodomo_kosodate``."""
    answers = answers_of(application)
    first = Month.of(received_on).plus(1).first
    asked = {**application, "answers": {**answers, "wanted_from": first.isoformat()}}
    place = place_facts(asked, register, received_on)
    known = register.get("children") or {}
    on_record = {
        child.key: dict(found["kodomo_kosodate"])
        for item, child in zip(items(answers.get("children")), place.children, strict=True)
        if "kodomo_kosodate" in (found := known.get(str(item.get("id"))) or {})
    }
    return Facts(place, on_record)


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """Whether each child's certification goes on, and as what."""
    due = due_date(PROCEDURE, facts.place.applied_on, parameters)
    found = decide_place(application, facts.place, as_of, parameters)
    records = tuple(_records(facts))
    if found.outcome != "eligible":
        ended = (REASON("need_in_doubt"),) if found.outcome == "not_eligible" else ()
        lowered = tuple(
            replace(one, tells="cannot_tell") if _about_need(one) else one for one in found.reasons
        )
        reasons = (*records, *lowered, *ended)
        return replace(found, outcome=concluded(reasons), reasons=reasons, results={}, effects=(), due=due)
    rows = cast("list[dict[str, Json]]", found.results["children"])
    reasons = (
        *records,
        *(_compared(row, facts) for row in rows if facts.on_record.get(str(row["key"]))),
        *found.reasons,
    )
    outcome = concluded(reasons)
    effects = tuple(_effect(effect, facts) for effect in found.effects) if outcome == "eligible" else ()
    results: dict[str, Json] = {
        "decision": "教育・保育給付認定を続けます。" if outcome == "eligible" else None,
        "children": [{key: value for key, value in row.items() if key != "points"} for row in rows],
    }
    return replace(found, outcome=outcome, reasons=reasons, results=results, effects=effects, due=due)


def _about_need(reason: Reason) -> bool:
    return reason.code in ("not_needed", "hours_too_few") and reason.tells == "not_eligible"


def _records(facts: Facts) -> Iterator[Reason]:
    for child in facts.place.children:
        record = facts.on_record.get(child.key)
        if record is None:
            yield REASON("record_unknown", child=child.name)
        elif not record:
            yield REASON("not_certified", child=child.name)


def _compared(row: Mapping[str, Json], facts: Facts) -> Reason:
    record = facts.on_record[str(row["key"])]
    called = next(child.name for child in facts.place.children if child.key == row["key"])
    same = (record.get("classification"), record.get("hours")) == (row["classification"], row["hours"])
    return REASON("goes_on" if same else "changes", child=called)


def _effect(effect: RegisterEffect, facts: Facts) -> RegisterEffect:
    """The certification as found now, with what concerns the place as it stands."""
    record = facts.on_record.get(effect.subject, {})
    found = {key: value for key, value in effect.items.items() if key not in _KEPT}
    kept = {key: record[key] for key in _KEPT if key in record}
    return replace(effect, items={**kept, **found})
