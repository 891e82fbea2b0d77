"""Which register items a procedure can be pre-filled with, and how what the town knows goes into the answers.

Values come across the gateway for one draft and are kept nowhere else in the internet zone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from yakuba.procedures import datetext
from yakuba.procedures.answers import ITEM_ID
from yakuba.procedures.context import Answers, Context, age_attained
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.forms import new_item_id

Values = Mapping[str, object]


def prefill_items(procedure: Procedure) -> tuple[str, ...]:
    """The register items to ask the town for, each once: ``("juki.address", "juki.name", …)``."""
    found = {
        item for _, field in procedure.fields() for one in (field, *field.fields) for item in _items_of(one)
    }
    return tuple(sorted(found))


def _items_of(field: Field) -> Iterator[str]:
    if field.prefill:
        yield from field.register.values()


def register_mapping(procedure: Procedure) -> dict[str, str]:
    """Which answer belongs to which register item: ``{"account.bank_code": "jidou_teate.bank_code",
    "children[].birth_date": "juki.birth_date", …}``, for the clerk's comparison and the hand-over."""
    found: dict[str, str] = {}
    for _, field in procedure.fields():
        found |= _mapping(field, field.id)
        for inner in field.fields:
            found |= _mapping(inner, f"{field.id}[].{inner.id}")
    return found


def _mapping(field: Field, path: str) -> dict[str, str]:
    return {f"{path}.{part}" if part else path: item for part, item in field.register.items()}


def value_of(field: Field, values: Values) -> object:
    """The answer ``values`` give for a field; ``None`` if they say nothing about it."""
    if not field.prefill:
        return None
    if "" in field.register:
        return values.get(field.register[""]) or None
    parts = {part: values.get(item) for part, item in field.register.items()}
    known = {part: value for part, value in parts.items() if value not in (None, "")}
    return known or None


def apply_prefill(
    procedure: Procedure,
    answers: Answers,
    values: Values,
    household: Sequence[Values],
    context: Context,
    new_id: Callable[[], str] = new_item_id,
) -> dict[str, Any]:
    """``answers`` with unanswered fields filled from the town's ``values``; repeating groups that allow it from the
    members of the household. What the resident has answered is never overwritten."""
    filled = dict(answers)
    for _, field in procedure.fields():
        if field.id in filled or not _is_about_signer(field, context):
            continue
        if field.is_group:
            members = [values] if field.first_is_subject and values else []
            members += [one for one in household if _belongs(field, one, context)]
            if members:
                filled[field.id] = [_item(field, one, new_id) for one in members]
        elif (value := value_of(field, values)) is not None:
            filled[field.id] = value
    return filled


def _is_about_signer(field: Field, context: Context) -> bool:
    """The town answers about the person whose card was read: a proxy's record must not fill in the claimant."""
    return context.role == "self" or field.register_of == "signer"


def _item(group: Field, member: Values, new_id: Callable[[], str]) -> dict[str, Any]:
    known = {field.id: value_of(field, member) for field in group.fields}
    return {ITEM_ID: new_id(), **{key: value for key, value in known.items() if value is not None}}


def _belongs(group: Field, member: Values, context: Context) -> bool:
    """Whether a household member is of the age the group is about."""
    if not group.household:
        return False
    birth = member.get("juki.birth_date")
    if not isinstance(birth, str) or not datetext.is_date(birth):
        return False
    age = age_attained(datetext.day_meant(birth), context.today)
    return group.household.get("at_least", 0) <= age < group.household.get("less_than", 200)


def known_to_town(
    procedure: Procedure, answers: Answers, values: Values, household: Sequence[Values]
) -> frozenset[str]:
    """The names of fields whose answer is exactly what the town has on record (they are marked in the form)."""
    found: set[str] = set()
    for _, field in procedure.fields():
        if field.is_group:
            found.update(_known_items(field, answers, [values, *household]))
        elif field.id in answers and answers[field.id] == value_of(field, values):
            found.add(field.id)
    return frozenset(found)


def _known_items(group: Field, answers: Answers, household: Sequence[Values]) -> Iterator[str]:
    given = answers.get(group.id)
    for index, item in enumerate(given if isinstance(given, list) else ()):
        for field in group.fields:
            if field.id in item and any(item[field.id] == value_of(field, member) for member in household):
                yield f"{group.id}-{index}-{field.id}"
