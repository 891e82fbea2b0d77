"""What the town's registers already answer of the questions before typing, so that "for you" need not ask them.

A question says how (``known_from``); one that says nothing, or about which the town knows nothing, stays open::

    {found: true}                    yes: the person is in the town's resident register
    {item: juki.moved_in_on}         the register item itself
    {present: jidou_teate.start_month}   yes: the person's entry has this item (its absence says nothing)
    {until: kaigo_hoken.certified_until} yes from the day before it on, no after it
    {youngest: {less_than: 18}}      the birth date of the household's youngest member below that age
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yakuba.procedures import datetext
from yakuba.procedures.context import Context, age_attained
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.prefill import Values

BIRTH = "juki.birth_date"


@dataclass(frozen=True, slots=True)
class TownKnows:
    """What the town answered about the person whose card was read; ``found``: it knows the person at all."""

    found: bool
    values: Values
    household: Sequence[Values]


NOTHING = TownKnows(False, {}, ())


def known_items(procedure: Procedure) -> tuple[str, ...]:
    """The register items of the person that the questions before typing rest on, each once."""
    found = {item for one in procedure.eligibility.fields for item in _items(one.known_from)}
    return tuple(sorted(found))


def asks_about_household(procedure: Procedure) -> bool:
    """Whether a question before typing rests on the birth dates of the household."""
    return any("youngest" in one.known_from for one in procedure.eligibility.fields)


def known_answers(procedure: Procedure, town: TownKnows, context: Context) -> dict[str, Any]:
    """The answers that the town knows, by question. Only about the person who signed in: a proxy's record says nothing
    of the person the application is for."""
    if context.role != "self":
        return {}
    answers = ((one.id, _answer(one, town, context)) for one in procedure.eligibility.fields)
    return {name: value for name, value in answers if value is not None}


def _items(way: Mapping[str, object]) -> Iterator[str]:
    for name in ("item", "present", "until"):
        if name in way:
            yield str(way[name])
    if "youngest" in way:
        yield BIRTH


def _answer(question: Field, town: TownKnows, context: Context) -> object:
    way = question.known_from
    if "found" in way:
        return True if town.found else None
    if "item" in way:
        return town.values.get(str(way["item"])) or None
    if "present" in way:
        return True if town.values.get(str(way["present"])) else None
    if "until" in way:
        return _still(town.values.get(str(way["until"])), context)
    ages = way.get("youngest")
    return _youngest(town.household, int(ages["less_than"]), context) if isinstance(ages, Mapping) else None


def _still(last_day: object, context: Context) -> bool | None:
    if not isinstance(last_day, str) or not datetext.is_date(last_day):
        return None
    return context.today <= datetext.day_meant(last_day)


def _youngest(household: Sequence[Values], below: int, context: Context) -> str | None:
    births = [str(one[BIRTH]) for one in household if datetext.is_date(str(one.get(BIRTH, "")))]
    young = [one for one in births if age_attained(datetext.day_meant(one), context.today) < below]
    return max(young, default=None)
