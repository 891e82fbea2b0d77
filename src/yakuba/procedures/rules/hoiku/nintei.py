"""支給認定の申請 (教育・保育給付認定, 子ども・子育て支援法20条) without a place being asked for: certification alone.

The same rule as for an application for a place; what differs is that nothing waits for a place afterwards. Where the
resident tax is known, the ceiling of the fee is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from yakuba.procedures.rules.answers import Known, answers_of, items, number
from yakuba.procedures.rules.clocks import due_date
from yakuba.procedures.rules.decision import Decision, Json, RegisterEffect
from yakuba.procedures.rules.hoiku.decide import decide as decide_place
from yakuba.procedures.rules.hoiku.facts import Facts as PlaceFacts
from yakuba.procedures.rules.hoiku.from_answers import facts_from as place_facts
from yakuba.procedures.rules.hoiku.futan import Family, ceiling
from yakuba.procedures.rules.parameters import ParameterError, Parameters

PROCEDURE = "kyouiku-hoiku-nintei"
_OF_A_PLACE = ("status", "wanted_from", "score", "choices", "siblings_together")
_SEPTEMBER = 9  # the levy of the year counts from September, until August that of the year before


@dataclass(frozen=True, slots=True)
class Facts:
    """An application for certification, and the guardians' resident tax where the town knows it.

    ``levy``: 所得割 of all guardians together, None where one is not known for the year that counts.
    """

    place: PlaceFacts
    levy: int | None = None
    exempt: bool = False
    public_assistance: bool = False


def facts_from(application: Known, register: Known, received_on: date) -> Facts:
    """The facts: as for a place, and of each of ``register``'s ``guardians`` its entry ``juminzei``.

    Raises ValueError without a day wanted, which the form does not let pass.
    """
    place = place_facts(application, register, received_on)
    entries = list(_tax_entries(application, register, _tax_year(place.wanted_from)))
    known = None not in entries and len(entries) == len(place.guardians)
    levies = [number(entry.get("income_levy")) or 0 for entry in entries if entry]
    return Facts(
        place,
        sum(levies) if known else None,
        known and all(entry["taxation"] == "exempt" for entry in entries if entry),
        answers_of(application).get("public_assistance") is True,
    )


def _tax_year(on: date) -> int:
    return on.year if on.month >= _SEPTEMBER else on.year - 1


def _tax_entries(application: Known, register: Known, year: int) -> Iterator[Known | None]:
    known = register.get("guardians") or {}
    for item in items(answers_of(application).get("guardians")):
        entry = (known.get(str(item.get("id"))) or {}).get("juminzei") or {}
        yield entry if str(entry.get("fiscal_year")) == str(year) else None


def decide(application: Mapping[str, Any], facts: Facts, as_of: date, parameters: Parameters) -> Decision:
    """The certification of each child, as :func:`~yakuba.procedures.rules.hoiku.decide.decide` comes to it."""
    found = decide_place(application, facts.place, as_of, parameters)
    children = [
        _row(cast("dict[str, Json]", row), facts, parameters)
        for row in cast("list[Json]", found.results.get("children", []))
    ]
    return replace(
        found,
        results={**found.results, "children": children},
        effects=tuple(_certification(effect) for effect in found.effects),
        due=due_date(PROCEDURE, facts.place.applied_on, parameters),
    )


def _row(row: dict[str, Json], facts: Facts, parameters: Parameters) -> Json:
    kept = {key: value for key, value in row.items() if key != "points"}
    return {**kept, "fee_ceiling_yen": _ceiling(row, facts, parameters)}


def _ceiling(row: Mapping[str, Json], facts: Facts, parameters: Parameters) -> int | None:
    if facts.levy is None and not facts.public_assistance:
        return None
    family = Family(
        cast("Any", row["classification"]), cast("Any", row["hours"]), facts.levy or 0, facts.exempt,
        needy=len(facts.place.guardians) == 1, public_assistance=facts.public_assistance,
    )  # fmt: skip
    try:
        return ceiling(family, facts.place.wanted_from, parameters).yen
    except ParameterError:
        return None


def _certification(effect: RegisterEffect) -> RegisterEffect:
    return replace(
        effect, items={key: value for key, value in effect.items.items() if key not in _OF_A_PLACE}
    )
