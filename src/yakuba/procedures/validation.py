"""Checks answers and says what is wrong in the resident's words, page by page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from yakuba.base.texts import Text
from yakuba.procedures.answers import (
    ITEM_ID,
    clean,
    clean_page,
    is_item_id,
    visible_fields,
    visible_item_fields,
)
from yakuba.procedures.components.base import message
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import View, items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.roles import role_label
from yakuba.procedures.slots import numbered, page_slots

MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: the id of the control it is about (``children-0-birth_date-year``), the words, the page."""

    path: str
    message: Text
    page: str


def validate_page(
    procedure: Procedure,
    page_id: str,
    answers: Answers,
    context: Context,
    uploaded: Collection[str] | None = None,
) -> list[Problem]:
    """What is wrong on one page. ``uploaded``: the slot keys that have a file; ``None`` leaves files unchecked.

    Raises:
        KeyError: no such page.
    """
    page = procedure.page(page_id)
    if page is procedure.eligibility:
        return list(_page_problems(page, clean_page(page, answers, context), context, None))
    return list(_page_problems(page, clean(procedure, answers, context), context, uploaded))


def validate_all(
    procedure: Procedure, answers: Answers, context: Context, uploaded: Collection[str] | None = None
) -> list[Problem]:
    """What is wrong on any visible page, in order; empty means it can be signed and sent."""
    problems: list[Problem] = []
    if not procedure.allows(context.role):
        problems.append(Problem("role", _role_message(context), procedure.pages[0].id))
    cleaned = clean(procedure, answers, context)
    view = View(cleaned, context)
    for page in procedure.pages:
        if page.when.holds(view):
            problems.extend(_page_problems(page, cleaned, context, uploaded))
    return problems


def _role_message(context: Context) -> Text:
    return message("role_not_allowed", label=role_label(context.role))


def _page_problems(
    page: Page, cleaned: Answers, context: Context, uploaded: Collection[str] | None
) -> Iterator[Problem]:
    for field in visible_fields(page, cleaned, context):
        found = (
            _group_problems(field, cleaned, context)
            if field.is_group
            else field_problems(field, cleaned, context, field.id)
        )
        for path, words in found:
            yield Problem(path, words, page.id)
    view = View(cleaned, context)
    for check in page.checks:
        if check.wrong_when.holds(view):
            yield Problem(check.field, check.message, page.id)
    if uploaded is not None:
        yield from _file_problems(page, cleaned, context, uploaded)


def field_problems(field: Field, answers: Answers, context: Context, name: str) -> Iterator[tuple[str, Text]]:
    """What is wrong with one field (not a group) of the form or of an item, whose control is called ``name``."""
    kind = component(field)
    if not kind.answered:
        return
    if field.id not in answers:
        if field.required:
            yield _path(name, kind.first_part(field)), kind.missing(field)
        return
    for fault in kind.faults(field, answers[field.id], context):
        yield _path(name, fault.part or kind.first_part(field)), fault.message


def _path(name: str, part: str) -> str:
    return f"{name}-{part}" if part else name


def least_items(group: Field) -> int:
    return group.minimum if group.minimum is not None else int(group.required)


def most_items(group: Field) -> int:
    return group.maximum or MOST_ITEMS


def _group_problems(group: Field, cleaned: Answers, context: Context) -> Iterator[tuple[str, Text]]:
    found = items(cleaned, group.id)
    if len(found) < least_items(group) and (found or group.required):
        yield group.id, message("missing_group", label=group.label, count=least_items(group))
    if len(found) > most_items(group):
        yield group.id, message("too_many", label=group.label, count=most_items(group))
    for index, item in enumerate(found):
        if not is_item_id(item.get(ITEM_ID)):
            yield f"{group.id}-{index}", message("unexpected", label=numbered(group, index + 1))
        for field in visible_item_fields(group, cleaned, item, context):
            yield from field_problems(field, item, context, f"{group.id}-{index}-{field.id}")


def _file_problems(
    page: Page, cleaned: Answers, context: Context, uploaded: Collection[str]
) -> Iterator[Problem]:
    for slot in page_slots(page, cleaned, context):
        if slot.required and not slot.can_follow_later and slot.key not in uploaded:
            yield Problem(slot.key, message("missing_file", label=slot.label), page.id)
