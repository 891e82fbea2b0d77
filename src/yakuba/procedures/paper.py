"""A form on paper (紙の様式), made from the same definition as the page on the screen: what is answered, and room for the rest.

A blank form shows every question, because paper cannot hide one; a question that is asked in some cases only says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yakuba.base.texts import Language, Text
from yakuba.procedures.answers import clean, visible_fields, visible_item_fields, visible_pages
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import ALWAYS, items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Option, Page, Procedure
from yakuba.procedures.slots import numbered

FieldsOf = Callable[[Page], Iterable[Field]]
InnerOf = Callable[[Field, Mapping[str, object]], Iterable[Field]]
_BLANK_ITEMS = 2  # room for two of what repeats; a further sheet serves for more
_LINES = {"long_text": 5, "address": 3, "bank_account": 4, "person_name": 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option with its box."""

    label: Text
    ticked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question on paper.

    ``kind``: ``write`` (``lines`` of room), ``date``, ``tick`` (``choices``), ``attach`` (a document goes with the paper), ``read`` (text).
    ``value``: the answer in words, empty where it is to be written. ``sometimes``: asked in some cases only.
    """

    label: Text
    kind: str
    value: str = ""
    lines: int = 1
    choices: tuple[Choice, ...] = ()
    hint: Text | None = None
    optional: bool = False
    sometimes: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions under one heading."""

    title: Text
    lines: tuple[Line, ...]
    sometimes: bool = False


_YES_NO = (
    (True, Text("はい", "Yes", "はい")),
    (False, Text("いいえ", "No", "いいえ")),
)


def blank_sheets(procedure: Procedure, language: Language) -> tuple[Sheet, ...]:
    """The whole form to be filled in by hand."""
    return tuple(
        _sheets_of(procedure.pages, {}, language, lambda page: page.fields, lambda group, _: group.fields)
    )


def filled_sheets(
    procedure: Procedure, answers: Answers, context: Context, language: Language
) -> tuple[Sheet, ...]:
    """The form as it is asked with these answers, the answers written in."""
    cleaned = clean(procedure, answers, context)
    return tuple(
        _sheets_of(
            visible_pages(procedure, answers, context), cleaned, language,
            lambda page: visible_fields(page, cleaned, context),
            lambda group, item: visible_item_fields(group, cleaned, item, context),
        )
    )  # fmt: skip


def _sheets_of(
    pages: Iterable[Page], answers: Answers, language: Language, fields_of: FieldsOf, inner_of: InnerOf
) -> Iterator[Sheet]:
    for page in pages:
        own: list[Line] = []
        for field in fields_of(page):
            if not field.is_group:
                own += _line(field, answers, language)
                continue
            if own:
                yield _sheet(page, page.title, own)
                own = []
            found = items(answers, field.id) or [{}] * _BLANK_ITEMS
            for number, item in enumerate(found, 1):
                lines = [line for inner in inner_of(field, item) for line in _line(inner, item, language)]
                yield _sheet(page, numbered(field, number), lines, field)
        if own:
            yield _sheet(page, page.title, own)


def _sheet(page: Page, title: Text, lines: Sequence[Line], group: Field | None = None) -> Sheet:
    return Sheet(title, tuple(lines), page.when != ALWAYS or (group is not None and group.when != ALWAYS))


def _line(field: Field, answers: Mapping[str, object], language: Language) -> list[Line]:
    if field.type == "static":  # one that shows a value worked out on the screen has nothing to say on paper
        return [] if "<" in field.label.ja else [Line(field.label, "read", hint=field.hint)]
    asked = Line(
        field.label, "attach", hint=field.hint, optional=not field.required, sometimes=field.when != ALWAYS
    )
    if field.type == "file":
        return [asked]
    value = answers.get(field.id)
    if field.options or field.type in ("yes_no", "declaration"):
        return [replace(asked, kind="tick", choices=_choices(field, value))]
    words = "" if value is None else component(field).show(field, value, language)
    kind = "date" if field.type == "date" else "write"
    return [replace(asked, kind=kind, value=words, lines=_LINES.get(field.type, 1), unit=field.unit or "")]


def _choices(field: Field, value: object) -> tuple[Choice, ...]:
    if field.type == "yes_no":
        return tuple(Choice(words, value is one) for one, words in _YES_NO)
    if field.type == "declaration":
        return (Choice(field.label, value is True),)
    chosen = value if isinstance(value, list) else [value]
    return tuple(Choice(_with_rank(one, chosen, field), one.value in chosen) for one in field.options)


def _with_rank(option: Option, chosen: Sequence[object], field: Field) -> Text:
    if field.type != "ranked" or option.value not in chosen:
        return option.label
    rank = list(chosen).index(option.value) + 1
    return Text(f"({rank}) {option.label.ja}", f"({rank}) {option.label.en}", f"({rank}) {option.label.easy}")
