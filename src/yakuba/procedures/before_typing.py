"""The questions before typing of several procedures on one page: those with one meaning are asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yakuba.base.texts import Text
from yakuba.procedures.answers import clean_page, visible_fields
from yakuba.procedures.conditions import ALWAYS
from yakuba.procedures.context import Answers
from yakuba.procedures.definition import Field, Page
from yakuba.procedures.shared import Form, Shared, meaning, same_answer

PAGE = "before"
ByForm = Mapping[str, Answers]


def merged(forms: Sequence[Form]) -> tuple[Shared, ...]:
    """Every question before typing of ``forms``, each with the forms that ask it."""
    found: dict[str, dict[str, Field]] = {}
    for form in forms:
        for field in form.procedure.eligibility.fields:
            own = f"q_{form.key.replace('-', '_')}_{field.id}"
            name = meaning(field) or own
            alike = same_answer(next(iter(found[name].values())), field) if name in found else True
            found.setdefault(name if alike else own, {})[form.key] = field
    return tuple(_question(name, places) for name, places in found.items())


def _question(name: str, places: Mapping[str, Field]) -> Shared:
    first = next(iter(places.values()))
    return Shared(replace(first, id=name, when=ALWAYS, required=False), places)


def to_ask(
    questions: Sequence[Shared], forms: Sequence[Form], answers: ByForm, open_: Mapping[str, Sequence[Field]]
) -> tuple[Shared, ...]:
    """Those worth showing: answered already (so that an answer can be changed), or open where a form still waits for it."""
    shown = {form.key: _visible(form, answers.get(form.key, {})) for form in forms}
    waiting = {(key, one.id) for key, fields in open_.items() for one in fields}

    def is_shown(key: str, field: Field) -> bool:
        answered = field.id in answers.get(key, {})
        return field.id in shown.get(key, ()) and (answered or (key, field.id) in waiting)

    return tuple(one for one in questions if any(is_shown(key, field) for key, field in one.places.items()))


def _visible(form: Form, answers: Answers) -> set[str]:
    page = form.procedure.eligibility
    return {one.id for one in visible_fields(page, clean_page(page, answers, form.context), form.context)}


def gathered(questions: Sequence[Shared], answers: ByForm) -> dict[str, Any]:
    """The answers as the one page shows them."""
    found: dict[str, Any] = {}
    for one in questions:
        values = [
            answers[key][field.id] for key, field in one.places.items() if field.id in answers.get(key, {})
        ]
        if values:
            found[one.id] = values[0]
    return found


def spread(questions: Sequence[Shared], given: Answers, before: ByForm) -> dict[str, dict[str, Any]]:
    """``before`` with what the one page says, for every form that asks it; an emptied answer goes."""
    out = {key: dict(values) for key, values in before.items()}
    for one in questions:
        for key, field in one.places.items():
            mine = out.setdefault(key, {})
            mine.pop(field.id, None)
            if one.id in given:
                mine[field.id] = given[one.id]
    return out


def page_of(questions: Sequence[Shared], title: Text) -> Page:
    """The page that asks them."""
    return Page(PAGE, title, tuple(one.field for one in questions))
