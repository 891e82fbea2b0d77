"""What the templates show for each field: everything worked out here, so that templates only lay out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from yakuba.base.texts import Language, Text, ruby, without_readings
from yakuba.procedures.answers import ITEM_ID, visible_fields, visible_item_fields
from yakuba.procedures.components.base import part
from yakuba.procedures.components.dates import show_date
from yakuba.procedures.components.kinds import component
from yakuba.procedures.computed import PLACE
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page
from yakuba.procedures.forms import new_item_id
from yakuba.procedures.slots import numbered, slot_key
from yakuba.procedures.validation import Problem, least_items, most_items

_JAPANESE = re.compile("[ぁ-ヿ㐀-鿿]")
FieldView = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file already received in a slot. ``id`` is the portal's own; ``size`` in words."""

    id: str
    filename: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page is rendered with. ``cleaned`` decides what is visible, ``answers`` (raw) fill the controls."""

    answers: Answers
    cleaned: Answers
    context: Context
    language: Language
    problems: Sequence[Problem] = ()
    known: frozenset[str] = frozenset()
    uploaded: Mapping[str, Sequence[UploadedFile]] = field(default_factory=dict)
    computed: Mapping[str, str | int] = field(default_factory=dict)

    def say(self, text: Text) -> str:
        return text.in_language(self.language)

    def html(self, text: Text) -> str:
        return ruby(self.say(text))


def page_views(page: Page, sight: Sight) -> list[FieldView]:
    """The views of a page's visible fields, in order."""
    return [view for one in visible_fields(page, sight.cleaned, sight.context) if (view := _view(one, sight))]


def _view(one: Field, sight: Sight) -> FieldView | None:
    if one.is_group:
        return _group_view(one, sight)
    return _field_view(one, one.id, slot_key(one.id), sight.answers, sight, "")


def _field_view(
    one: Field, name: str, slot: str, source: Answers, sight: Sight, prefix: str
) -> FieldView | None:
    if one.type == "static":
        return _static_view(one, name, sight, prefix)
    kind = component(one)
    file = one.type == "file"
    control = f"file:{slot}" if file else name
    ident = slot if file else name
    return {
        "kind": kind.template,
        "grouped": kind.grouped,
        "name": control,
        "id": ident,
        "shown": name,
        "label": sight.html(one.label),
        "label_plain": without_readings(sight.say(one.label)),
        "required": one.required,
        "hint": sight.html(one.hint) if one.hint else "",
        "example": _example(one, kind.template, sight),
        "known": name in sight.known,
        "autocomplete": _autocomplete(one),
        "original_needed": one.original_needed,
        "can_follow_later": one.can_follow_later,
        "files": [_file_row(one_file, sight) for one_file in sight.uploaded.get(slot, ())] if file else [],
        "slot": slot,
        "multiple": file and (one.maximum or 1) > 1,
        **(wrong := _errors(ident, kind.template, sight)),
        **_localised(
            kind.controls(one, source.get(one.id, _default(one, sight)), sight.language), ident, wrong, sight
        ),
    }


def _file_row(file: UploadedFile, sight: Sight) -> dict[str, str]:
    remove = part("remove_file", name=file.filename)
    return {
        "id": file.id,
        "filename": file.filename,
        "size": file.size,
        "remove": without_readings(sight.say(remove)),
    }


def _default(one: Field, sight: Sight) -> object:
    if one.default == "today":
        return sight.context.today.isoformat()
    if one.default is not None and one.default in sight.computed:
        return sight.computed[one.default]
    return one.default


def _autocomplete(one: Field) -> str:
    return "" if one.autocomplete in (None, "on") else str(one.autocomplete)


def _example(one: Field, template: str, sight: Sight) -> dict[str, str]:
    example = component(one).example(one) if template in ("text", "long_text", "date") else ""
    return {"text": example, "lang": "ja" if sight.language == "en" and _JAPANESE.search(example) else ""}


def _errors(ident: str, template: str, sight: Sight) -> FieldView:
    """The messages at the field and, for compounds, those at its parts."""
    own = [problem for problem in sight.problems if _is_about(problem.path, ident)]
    parts: dict[str, list[str]] = {}
    whole: list[str] = []
    for problem in own:
        sub = problem.path[len(ident) + 1 :]
        words = sight.html(problem.message)
        (parts.setdefault(sub, []) if template == "compound" and sub else whole).append(words)
    return {
        "errors": whole,
        "part_errors": parts,
        "wrong_parts": {problem.path[len(ident) + 1 :] for problem in own},
        "has_errors": bool(own),
    }


def _is_about(path: str, ident: str) -> bool:
    return path == ident or path.startswith(f"{ident}-")


def _localised(controls: Mapping[str, Any], ident: str, wrong: FieldView, sight: Sight) -> FieldView:
    """The component's own values, its words as HTML and its parts with their errors attached."""
    view = dict(controls)
    if "options" in view:
        view["options"] = [_option(row, index, ident) for index, row in enumerate(view["options"])]
    for row in view.get("parts", ()):
        row["options"] = [_option(option, index, ident) for index, option in enumerate(row["options"])]
        row["label_html"] = ruby(row["label"])
        row["errors"] = wrong["part_errors"].get(row["key"], [])
        row["lang"] = "ja" if sight.language == "en" and _JAPANESE.search(row["example"]) else ""
    for row in view.get("ranks", ()):
        row["label_html"] = ruby(row["label"])
        row["wrong"] = row["rank"] in wrong["wrong_parts"]
        row["options"] = [_option(option, index, ident) for index, option in enumerate(row["options"])]
    return view


def _option(row: Mapping[str, Any], index: int, ident: str) -> FieldView:
    return {
        **row,
        "id": f"{ident}-{index}",
        "label_html": ruby(row["label"]),
        "label_plain": without_readings(row["label"]),
        "hint_html": ruby(row.get("hint") or ""),
    }


def _static_view(one: Field, name: str, sight: Sight, prefix: str) -> FieldView | None:
    """Text with worked-out values filled in; not shown while one of them is not known."""
    values = {**sight.computed, **_of_item(sight.computed, prefix)}
    texts = [sight.say(one.label), sight.say(one.hint) if one.hint else ""]
    wanted = {match[1] for text in texts for match in PLACE.finditer(text)}
    if wanted - set(values):
        return None
    filled = [PLACE.sub(lambda match: _shown(values[match[1]], sight.language), text) for text in texts]
    return {"kind": "static", "id": name, "shown": name, "label": ruby(filled[0]), "hint": ruby(filled[1])}


def _of_item(computed: Mapping[str, str | int], prefix: str) -> dict[str, str | int]:
    return {
        key.removeprefix(prefix): value
        for key, value in computed.items()
        if prefix and key.startswith(prefix)
    }


def _shown(value: str | int, language: Language) -> str:
    """A worked-out value in words: a date, a month (``2026-12``), a number."""
    if isinstance(value, int):
        return str(value)
    if len(value) == 7:
        return show_month(value, language)
    return show_date(value, language)


def show_month(month: str, language: Language) -> str:
    """``2026-12`` → 令和8年12月（2026年） or December 2026."""
    shown = show_date(f"{month}-01", language)
    return shown.partition(" ")[2] if language == "en" else shown.replace("月1日", "月")


def _group_view(group: Field, sight: Sight) -> FieldView:
    found = items(sight.answers, group.id) or [{ITEM_ID: new_item_id()} for _ in range(least_items(group))]
    name = group.item_name or group.label
    return {
        "kind": "group",
        "id": group.id,
        "name": group.id,
        "shown": group.id,
        "label": sight.html(group.label),
        "hint": sight.html(group.hint) if group.hint else "",
        "items": [_item_view(group, index, item, sight, len(found)) for index, item in enumerate(found)],
        "add": sight.html(part("add", name=name)) if len(found) < most_items(group) else "",
        "errors": [sight.html(problem.message) for problem in sight.problems if problem.path == group.id],
    }


def _item_view(group: Field, index: int, item: Answers, sight: Sight, number: int) -> FieldView:
    prefix = f"{group.id}-{index}-"
    item_id = str(item.get(ITEM_ID) or new_item_id())
    visible = visible_item_fields(
        group, sight.cleaned, _cleaned_item(group, index, sight, item), sight.context
    )
    views = (
        _field_view(one, f"{prefix}{one.id}", slot_key(one.id, group.id, item_id), item, sight, prefix)
        for one in visible
    )
    remove = part("remove", name=numbered(group, index + 1))
    return {
        "legend": sight.html(numbered(group, index + 1)),
        "id_name": f"{prefix}{ITEM_ID}",
        "id_value": item_id,
        "value": f"{group.id}-{index}",
        "fields": [view for view in views if view],
        "remove": sight.html(remove) if number > least_items(group) else "",
        "errors": [sight.html(one.message) for one in sight.problems if one.path == f"{group.id}-{index}"],
    }


def _cleaned_item(group: Field, index: int, sight: Sight, item: Answers) -> Answers:
    cleaned = items(sight.cleaned, group.id)
    return cleaned[index] if index < len(cleaned) else item


def summary_views(problems: Sequence[Problem], sight: Sight) -> Iterator[dict[str, str]]:
    """The entries of the error summary: a link to the control and the message."""
    for problem in problems:
        yield {"href": f"#{escape(problem.path)}", "message": sight.html(problem.message)}
