"""The places for files (添付書類) that given answers call for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from yakuba.base.texts import Text
from yakuba.procedures.answers import ITEM_ID, clean, visible_fields, visible_item_fields
from yakuba.procedures.conditions import View, items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.file_kinds import expanded


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for files. ``key`` stays the same while items around it come and go (it holds the item's id)."""

    key: str
    page: str
    label: Text
    required: bool
    original_needed: bool
    can_follow_later: bool
    accepts: tuple[str, ...]
    max_files: int
    hint: Text | None = None


def slot_key(field_id: str, group: str | None = None, item_id: str | None = None) -> str:
    """The key of a file field's slot: ``photo_front`` or ``children-i1a2b3c4-custody_statement``."""
    return field_id if group is None else f"{group}-{item_id}-{field_id}"


def attachment_slots(procedure: Procedure, answers: Answers, context: Context) -> tuple[Slot, ...]:
    """The slots that are visible for ``answers``, in the definition's order."""
    return visible_slots(procedure, clean(procedure, answers, context), context)


def visible_slots(procedure: Procedure, cleaned: Answers, context: Context) -> tuple[Slot, ...]:
    """As :func:`attachment_slots`, for answers that are clean already."""
    view = View(cleaned, context)
    return tuple(
        slot
        for page in procedure.pages
        if page.when.holds(view)
        for slot in page_slots(page, cleaned, context)
    )


def page_slots(page: Page, cleaned: Answers, context: Context) -> Iterator[Slot]:
    """The visible slots of one page, for cleaned answers."""
    for field in visible_fields(page, cleaned, context):
        if field.type == "file":
            yield _slot(page, field, slot_key(field.id), field.label)
        elif field.is_group:
            for number, item in enumerate(items(cleaned, field.id), 1):
                yield from _item_slots(page, field, number, item, cleaned, context)


def _item_slots(
    page: Page, group: Field, number: int, item: Answers, cleaned: Answers, context: Context
) -> Iterator[Slot]:
    for field in visible_item_fields(group, cleaned, item, context):
        if field.type == "file":
            key = slot_key(field.id, group.id, str(item.get(ITEM_ID)))
            yield _slot(page, field, key, numbered(group, number, field.label))


def numbered(group: Field, number: int, label: Text | None = None) -> Text:
    """``お子さん 2`` or ``お子さん 2：<label>``."""
    name = group.item_name or group.label

    def words(head: str, tail: str | None, colon: str) -> str:
        return f"{head} {number}" + (f"{colon}{tail}" if tail else "")

    return Text(
        words(name.ja, label.ja if label else None, "："),
        words(name.en, label.en if label else None, ": "),
        words(name.easy, label.easy if label else None, "："),
    )


def _slot(page: Page, field: Field, key: str, label: Text) -> Slot:
    return Slot(
        key=key,
        page=page.id,
        label=label,
        required=field.required,
        original_needed=field.original_needed,
        can_follow_later=field.can_follow_later,
        accepts=expanded(field.accepts),
        max_files=field.maximum or 1,
        hint=field.hint,
    )


def orphaned(
    procedure: Procedure, answers: Answers, context: Context, kept: Collection[str]
) -> tuple[str, ...]:
    """Of the slot keys under which files are ``kept``, those no visible slot has: they are not sent."""
    visible = {slot.key for slot in attachment_slots(procedure, answers, context)}
    return tuple(key for key in kept if key not in visible)
