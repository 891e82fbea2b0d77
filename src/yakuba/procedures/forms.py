"""Reads form posts into answers. Nothing typed is lost: what cannot be understood is kept and pointed at later."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from yakuba.procedures.answers import (
    ITEM_ID,
    clean,
    clean_page,
    is_item_id,
    visible_fields,
    visible_item_fields,
)
from yakuba.procedures.components.base import FormData, Post
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page, Procedure

SHOWN = "shown"  # hidden inputs: which fields the posted form showed (an unticked box posts nothing)
ADD, REMOVE = "add", "remove"
_MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Action:
    """A button inside the form that changes a repeating group instead of going on."""

    kind: Literal["add", "remove"]
    group: str
    index: int


def form_action(page: Page, data: FormData) -> Action | None:
    """The repeating-group button that was pressed, if one was."""
    post = Post(data)
    groups = {field.id for field in page.fields if field.is_group}
    if (added := post.one(ADD)) in groups:
        return Action("add", added, -1)
    group, _, index = post.one(REMOVE).partition("-")
    if group in groups and index.isascii() and index.isdigit() and len(index) < 5:
        return Action("remove", group, int(index))
    return None


def new_item_id() -> str:
    """An id for a new item: random, so that a removed item's files never fall to the next one added."""
    return "i" + secrets.token_hex(4)


def parse_form(
    procedure: Procedure,
    page_id: str,
    data: FormData,
    answers: Answers,
    new_id: Callable[[], str] = new_item_id,
) -> dict[str, Any]:
    """``answers`` with what the post of one page says, its add and remove buttons carried out.

    Fields the post did not show keep their answers. Never raises on any form data.

    Raises:
        KeyError: no such page.
    """
    page, post = procedure.page(page_id), Post(data)
    merged = dict(answers)
    for field in page.fields:
        if not _was_shown(post, field.id):
            continue
        found = (
            _parse_group(field, post, merged, new_id)
            if field.is_group
            else _parse_field(field, post, field.id)
        )
        _put(merged, field, found)
    if action := form_action(page, data):
        _carry_out(action, merged, new_id)
    return merged


def _was_shown(post: Post, name: str) -> bool:
    return not post.has(SHOWN) or name in post.many(SHOWN)


def _parse_field(field: Field, post: Post, name: str) -> object:
    return component(field).parse(field, post, name)


def _put(target: dict[str, Any], field: Field, value: object) -> None:
    if not field.is_group and not component(field).answered:
        return
    if value is None:
        target.pop(field.id, None)
    else:
        target[field.id] = value


def _parse_group(
    group: Field, post: Post, answers: Answers, new_id: Callable[[], str]
) -> list[dict[str, Any]]:
    before = {str(item.get(ITEM_ID)): item for item in items(answers, group.id)}
    parsed: list[dict[str, Any]] = []
    taken: set[str] = set()
    for index in post.indexes(group.id)[:_MOST_ITEMS]:
        given = post.one(f"{group.id}-{index}-{ITEM_ID}")
        item_id = given if is_item_id(given) and given not in taken else new_id()
        taken.add(item_id)
        parsed.append(_parse_item(group, post, index, {**before.get(item_id, {}), ITEM_ID: item_id}))
    return parsed


def _parse_item(group: Field, post: Post, index: int, item: dict[str, Any]) -> dict[str, Any]:
    for field in group.fields:
        name = f"{group.id}-{index}-{field.id}"
        if _was_shown(post, name):
            _put(item, field, _parse_field(field, post, name))
    return item


def _carry_out(action: Action, answers: dict[str, Any], new_id: Callable[[], str]) -> None:
    found = list(items(answers, action.group))
    if action.kind == "add" and len(found) < _MOST_ITEMS:
        found.append({ITEM_ID: new_id()})
    elif action.kind == "remove" and action.index < len(found):
        del found[action.index]
    answers[action.group] = found


def revealed(
    procedure: Procedure, page_id: str, data: FormData, answers: Answers, context: Context
) -> tuple[str, ...]:
    """The fields of the page that became visible by this very post: show the page again before calling them missing.

    ``answers`` are those after :func:`parse_form`.
    """
    page, post = procedure.page(page_id), Post(data)
    if not post.has(SHOWN):
        return ()
    cleaned = _cleaned(procedure, page, answers, context)
    shown = set(post.many(SHOWN))
    names = [
        name for field in visible_fields(page, cleaned, context) for name in _names(field, cleaned, context)
    ]
    return tuple(name for name in names if name not in shown)


def _cleaned(procedure: Procedure, page: Page, answers: Answers, context: Context) -> dict[str, Any]:
    if page is procedure.eligibility:
        return clean_page(page, answers, context)
    return clean(procedure, answers, context)


def _names(field: Field, cleaned: Answers, context: Context) -> list[str]:
    from_items = [
        f"{field.id}-{index}-{inner.id}"
        for index, item in enumerate(items(cleaned, field.id))
        for inner in visible_item_fields(field, cleaned, item, context)
    ]
    return [field.id, *from_items] if field.is_group else [field.id]
