"""Which pages and fields are visible for given answers, and the answers without everything hidden or foreign."""

from collections.abc import Iterator, Mapping
from typing import Any

from yakuba.procedures.components.base import matches
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import View, items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page, Procedure

ITEM_ID = "id"
ITEM_ID_FORM = "[a-z][a-z0-9]{0,15}"


def clean(procedure: Procedure, answers: Answers, context: Context) -> dict[str, Any]:
    """``answers`` with only what visible fields carry, in the definition's order; wrong values stay as they are.

    This is what is validated, signed and sent; a draft keeps the rest, so that changing one's mind loses nothing.
    A condition only looks at fields before it, so one pass settles everything.
    """
    kept: dict[str, Any] = {}
    for page in procedure.pages:
        view = View(kept, context)
        if not page.when.holds(view):
            continue
        for field in page.fields:
            if field.id in answers and field.when.holds(view):
                _keep(field, answers[field.id], kept, view)
    return kept


def clean_page(page: Page, answers: Answers, context: Context) -> dict[str, Any]:
    """As :func:`clean` for one page that stands alone (the eligibility questions)."""
    kept: dict[str, Any] = {}
    view = View(kept, context)
    for field in page.fields:
        if field.id in answers and field.when.holds(view):
            _keep(field, answers[field.id], kept, view)
    return kept


def _keep(field: Field, value: object, kept: dict[str, Any], view: View) -> None:
    if field.is_group:
        if cleaned := _clean_items(field, value, view):
            kept[field.id] = cleaned
    elif component(field).answered and (plain := _plain(value)) not in (None, [], {}):
        kept[field.id] = plain


def _clean_items(group: Field, value: object, view: View) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    seen: set[str] = set()
    for item in items({group.id: value}, group.id):
        kept: dict[str, Any] = {ITEM_ID: _item_id(item, seen)}
        inside = View(view.root, view.context, kept)
        for field in group.fields:
            if field.id in item and field.when.holds(inside):
                _keep(field, item[field.id], kept, inside)
        cleaned.append(kept)
    return cleaned


def _item_id(item: Answers, seen: set[str]) -> str:
    """The item's id, or a made-up one where it is missing or given twice: a file slot must mean one item."""
    given = item.get(ITEM_ID)
    found = given if is_item_id(given) and given not in seen else None
    if found is None:
        number = len(seen)
        while (found := f"x{number}") in seen:
            number += 1
    seen.add(str(found))
    return str(found)


def is_item_id(value: object) -> bool:
    """Whether ``value`` may name an item of a repeating group."""
    return isinstance(value, str) and matches(ITEM_ID_FORM, value)


def _plain(value: object) -> object:
    """``value`` without what canonical JSON cannot carry: a number with a fraction becomes its text."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def visible_pages(procedure: Procedure, answers: Answers, context: Context) -> tuple[Page, ...]:
    """The pages to fill in: those whose condition holds and that show something."""
    view = View(clean(procedure, answers, context), context)
    return tuple(
        page
        for page in procedure.pages
        if page.when.holds(view) and any(field.when.holds(view) for field in page.fields)
    )


def visible_fields(page: Page, answers: Answers, context: Context) -> tuple[Field, ...]:
    """The fields of ``page`` to show, for *cleaned* answers."""
    view = View(answers, context)
    return tuple(field for field in page.fields if field.when.holds(view))


def visible_item_fields(group: Field, answers: Answers, item: Answers, context: Context) -> Iterator[Field]:
    """The fields to show in one item of a repeating group, for cleaned answers."""
    view = View(answers, context, item)
    return (field for field in group.fields if field.when.holds(view))


def is_clean(procedure: Procedure, answers: Answers, context: Context) -> bool:
    """Whether nothing hidden or foreign is in ``answers``."""
    return clean(procedure, answers, context) == dict(answers)
