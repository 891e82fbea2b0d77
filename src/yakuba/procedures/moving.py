"""Answers on their way from one version of a form to another: a draft outlives a change of the law, and says what changed.

Nothing is dropped in silence: an answer that has no place any more is named with its value, and so is each question that
has come new.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.base.texts import Language, Text
from yakuba.procedures.answers import ITEM_ID, visible_fields, visible_pages
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.slots import numbered


@dataclass(frozen=True, slots=True)
class Lost:
    """An answer without a place in the new form: its question, and its value in words."""

    label: Text
    value: str


@dataclass(frozen=True, slots=True)
class Moved:
    """``answers`` as the new form takes them; what of the old did not fit; questions the old form did not ask.

    ``pages`` are the pages of the new form on which something is new, or was lost: they have to be looked at again.
    """

    answers: Mapping[str, Any]
    lost: tuple[Lost, ...] = ()
    fresh: tuple[Text, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.lost or self.fresh)


@dataclass(slots=True)
class _Move:
    """What is gathered on the way. ``pages``: where the questions of the new form stand."""

    context: Context
    language: Language
    lost: list[Lost] = field(default_factory=list)

    def drop(self, old: Field, value: object, label: Text | None = None) -> None:
        if old.is_group or not component(old).answered:
            return
        self.lost.append(Lost(label or old.label, component(old).show(old, value, self.language)))


def moved(old: Procedure, new: Procedure, answers: Answers, context: Context, language: Language) -> Moved:
    """``answers`` given on the form ``old``, for the form ``new``.

    An answer stays where the new form asks a question of the same id and type and, among choices, still offers it. A value
    that the new form finds wrong stays too: it is pointed at like any other.
    """
    before, after = _fields(old), _fields(new)
    move = _Move(context, language)
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        if name not in before:
            continue
        found = _kept(before[name], after.get(name), value, move)
        if found is not None:
            kept[name] = found
    fresh = [(page, one) for page, one in _visible(new, kept, context) if one.id not in before]
    pages = {page for page, _ in fresh} | {
        page for page, one in new_places(new) if one in _lost_names(answers, kept)
    }
    return Moved(kept, tuple(move.lost), tuple(one.label for _, one in fresh), tuple(sorted(pages)))


def _fields(procedure: Procedure) -> dict[str, Field]:
    return {one.id: one for _, one in procedure.fields()}


def new_places(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Each field's page and id."""
    for page, one in procedure.fields():
        yield page.id, one.id


def _lost_names(answers: Answers, kept: Mapping[str, Any]) -> set[str]:
    return {name for name, value in answers.items() if kept.get(name) != value}


def _visible(procedure: Procedure, answers: Answers, context: Context) -> Iterator[tuple[str, Field]]:
    for page in visible_pages(procedure, answers, context):
        for one in visible_fields(page, answers, context):
            if one.is_group or component(one).answered or one.type == "file":
                yield page.id, one


def _kept(old: Field, new: Field | None, value: object, move: _Move) -> object:
    if old.is_group:
        return _kept_items(old, new, value, move)
    if new is None or new.type != old.type or not _still_offered(new, value):
        move.drop(old, value)
        return None
    return value


def _still_offered(new: Field, value: object) -> bool:
    """Whether every chosen value is among the choices; a list the municipality keeps decides later."""
    if not new.options:
        return True
    offered = {one.value for one in new.options}
    chosen = value if isinstance(value, list) else [value]
    return all(one in offered for one in chosen)


def _kept_items(old: Field, new: Field | None, value: object, move: _Move) -> list[dict[str, Any]] | None:
    inner = {one.id: one for one in new.fields} if new is not None and new.is_group else {}
    was = {one.id: one for one in old.fields}
    found = []
    for number, item in enumerate(items({old.id: value}, old.id), 1):
        kept: dict[str, Any] = {ITEM_ID: item.get(ITEM_ID)}
        for name, each in item.items():
            if name not in was:
                continue
            field_, target = was[name], inner.get(name)
            if target is None or target.type != field_.type or not _still_offered(target, each):
                move.drop(field_, each, numbered(old, number, field_.label))
            else:
                kept[name] = each
        found.append(kept)
    return found if inner else None
