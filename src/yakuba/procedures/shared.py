"""Questions that several forms ask alike are asked once, and the answer is copied into each application.

Two fields ask the same when they have the same meaning and take the same kind of answer. The meaning is data: the
field's ``means``, or else the register item it maps to. Of a repeating group (the children), the columns that all the
forms have are shared; each form keeps the rows of the ages it is about. Files and declarations are never shared: each
application carries its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures import datetext
from yakuba.procedures.answers import ITEM_ID, visible_fields
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import ALWAYS, View, items, references
from yakuba.procedures.context import Answers, Context, age_attained
from yakuba.procedures.definition import Field, Page, Procedure

PAGE = "together"
_OWN_ONLY = ("file", "static", "declaration")
_BIRTH = "juki.birth_date"


@dataclass(frozen=True, slots=True)
class Words:
    """How a shared question is put where the first form's own words would be too narrow."""

    label: Text
    hint: Text | None = None
    item_name: Text | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form of several that are filled in together; ``key`` names it among them."""

    key: str
    procedure: Procedure
    context: Context


@dataclass(frozen=True, slots=True)
class Shared:
    """One question asked once: ``field`` as it is put, and the field of each form (by key) that gets its answer."""

    field: Field
    places: Mapping[str, Field]

    @property
    def id(self) -> str:
        return self.field.id

    @property
    def weight(self) -> int:
        """How many questions it is to the resident: the columns of a group, one row of it."""
        return len(self.field.fields) if self.field.is_group else 1


def meaning(field: Field) -> str:
    """What a field asks, as an id; empty where only its own form knows."""
    if field.type in _OWN_ONLY:
        return ""
    if field.means or field.is_group or not field.register:
        return field.means
    parts = "_".join(f"{part}_{item}" for part, item in sorted(field.register.items()))
    return "r_" + re.sub("[^a-z0-9_]", "_", f"{field.register_of}_{parts}".lower())


def shared_questions(forms: Sequence[Form], words: Mapping[str, Words] | None = None) -> tuple[Shared, ...]:
    """The questions at least two of ``forms`` ask from the start, in the order they are met. Those that only an answer
    calls for stay in their own form: they may never be asked.

    Args:
        words: how to put a question, by meaning.
    """
    found: dict[str, dict[str, Field]] = {}
    for form in forms:
        for field in _from_the_start(form):
            if name := meaning(field):
                found.setdefault(name, {}).setdefault(form.key, field)
    candidates = (_asked_once(name, places, (words or {}).get(name)) for name, places in found.items())
    return tuple(one for one in candidates if one is not None)


def _from_the_start(form: Form) -> Iterator[Field]:
    view = View({}, form.context)
    for page in form.procedure.pages:
        if page.when.holds(view):
            yield from visible_fields(page, {}, form.context)


def _asked_once(name: str, places: Mapping[str, Field], words: Words | None) -> Shared | None:
    first, *_ = places.values()
    alike = {key: one for key, one in places.items() if same_answer(first, one)}
    if len(alike) < 2:
        return None
    fields = tuple(alike.values())
    asked = _group(fields) if first.is_group else _strictest(fields)
    if asked is None:
        return None
    put = {"label": words.label, "hint": words.hint, "item_name": words.item_name} if words else {}
    return Shared(replace(asked, id=name, when=ALWAYS, **put), alike)  # type: ignore[arg-type]


def same_answer(one: Field, other: Field) -> bool:
    """Whether an answer to one field is an answer to the other."""
    return _form_of_answer(one) == _form_of_answer(other)


def _form_of_answer(field: Field) -> tuple[object, ...]:
    options = tuple(one.value for one in field.options)
    return (field.type, options, field.options_from, field.digits, field.unit)


def _strictest(fields: Sequence[Field]) -> Field:
    """The first field, as strict as the strictest: what is right here is right in every form (each checks again)."""
    first = fields[0]
    lengths = [one.max_length for one in fields if one.max_length is not None]
    return replace(
        first,
        required=any(one.required for one in fields),
        uncertain=all(one.uncertain for one in fields),
        kana="required" if any(one.kana == "required" for one in fields) else "optional",
        max_length=min(lengths) if lengths else None,
        default=None,
    )


def _group(fields: Sequence[Field]) -> Field | None:
    """The columns that all the groups have; None if there are none."""
    first = fields[0]
    columns: list[Field] = []
    for column in first.fields:
        alike = [one for group in fields for one in group.fields if _same_column(column, one)]
        asked_before = {one.id for one in columns}
        depends = {ref.name for ref in references(column.when) if ref.scope == "item"}
        if len(alike) == len(fields) and depends <= asked_before and not _looks_outside(column):
            columns.append(_strictest(alike))
    if not columns:
        return None
    return replace(
        first, fields=tuple(columns), required=any(one.required for one in fields), household=_widest(fields),
        minimum=None, maximum=None, review_only=False,
    )  # fmt: skip


def _same_column(one: Field, other: Field) -> bool:
    return (
        one.id == other.id
        and one.type not in _OWN_ONLY
        and same_answer(one, other)
        and one.when == other.when
    )


def _looks_outside(column: Field) -> bool:
    return any(ref.scope == "root" for ref in references(column.when))


def _widest(groups: Sequence[Field]) -> Mapping[str, int]:
    """Who of the household fills the rows: everybody whom one of the forms is about."""
    if not all(one.household for one in groups):
        return {}
    return {
        "at_least": min(one.household.get("at_least", 0) for one in groups),
        "less_than": max(one.household.get("less_than", 200) for one in groups),
    }


def page_of(shared: Sequence[Shared], title: Text) -> Page:
    """The page on which the shared questions are asked."""
    return Page(PAGE, title, tuple(one.field for one in shared))


def copied(
    shared: Sequence[Shared], key: str, given: Answers, answers: Answers, context: Context, before: Answers
) -> dict[str, Any]:
    """The ``answers`` of the form ``key`` with the shared ones as ``given``. Rows that were on the shared page
    ``before`` and are no more go; rows of the form's own stay."""
    out = dict(answers)
    for one in shared:
        place = one.places.get(key)
        if place is None:
            continue
        if place.is_group:
            rows = _rows(one, place, given, out, context, before)
            if rows or place.id in out:
                out[place.id] = rows
        elif one.id in given:
            out[place.id] = given[one.id]
        else:
            out.pop(place.id, None)
    return out


def _rows(
    one: Shared, place: Field, given: Answers, answers: Answers, context: Context, before: Answers
) -> list[dict[str, Any]]:
    own = {str(row.get(ITEM_ID)): dict(row) for row in items(answers, place.id)}
    columns = [column.id for column in one.field.fields]
    asked = items(given, one.id)
    rows = [
        {**_without(own.get(str(row.get(ITEM_ID)), {}), columns), **dict(row)}
        for row in asked
        if _is_about(place, row, context)
    ]
    known = {str(row.get(ITEM_ID)) for row in (*asked, *items(before, one.id))}
    return rows + [row for name, row in own.items() if name not in known]


def _without(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def _is_about(group: Field, row: Answers, context: Context) -> bool:
    """Whether the group is about a person of this age; one without a birth date yet is shown everywhere."""
    column = next((one.id for one in group.fields if _BIRTH in one.register.values()), None)
    birth = row.get(column) if column else None
    if not group.household or not isinstance(birth, str) or not datetext.is_date(birth):
        return True
    age = age_attained(datetext.day_meant(birth), context.today)
    return group.household.get("at_least", 0) <= age < group.household.get("less_than", 200)


def changed_rows(shared: Sequence[Shared], key: str, answers: Answers, given: Answers) -> dict[str, Any]:
    """``given`` with what was changed in the rows of the form ``key`` itself, where they are shown with its own columns."""
    out = dict(given)
    for one in shared:
        place = one.places.get(key)
        if place is None or not place.is_group:
            continue
        own = {str(row.get(ITEM_ID)): row for row in items(answers, place.id)}
        out[one.id] = [_changed(one, row, own.get(str(row.get(ITEM_ID)))) for row in items(given, one.id)]
    return out


def _changed(one: Shared, row: Answers, own: Answers | None) -> dict[str, Any]:
    if own is None:
        return dict(row)
    columns = [column.id for column in one.field.fields]
    return {**_without(row, columns), **{name: own[name] for name in columns if name in own}}


def offered(
    source: Procedure,
    answers: Answers,
    target: Procedure,
    into: Answers,
    columns: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """``into`` with the answers of ``source`` to the same questions where ``target`` has none yet: for those that only
    an answer calls for (the account). ``columns``: fields of ``target`` to leave alone."""
    known = {meaning(one): (one, answers[one.id]) for _, one in source.fields() if one.id in answers}
    out = dict(into)
    for _, field in target.fields():
        name = meaning(field)
        if not name or field.is_group or field.id in out or field.id in columns or name not in known:
            continue
        asked, value = known[name]
        if same_answer(asked, field) and value not in (None, "", [], {}):
            out[field.id] = value
    return out


def asked_elsewhere(shared: Sequence[Shared], key: str) -> frozenset[str]:
    """The fields of the form ``key`` that the shared page asks and the form itself need not show. Groups stay: they
    have columns of their own."""
    return frozenset(
        field.id for one in shared for form, field in one.places.items() if form == key and not field.is_group
    )


def is_question(field: Field) -> bool:
    """Whether the resident has something to answer (a file is counted as a document instead)."""
    return not field.is_group and component(field).answered


__all__ = [
    "PAGE", "Form", "Shared", "Words", "asked_elsewhere", "changed_rows", "copied", "is_question", "meaning",
    "offered", "page_of", "same_answer", "shared_questions",
]  # fmt: skip
