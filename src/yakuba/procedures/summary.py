"""The answers in words: one reading for the review page, the card agent's page, the clerk and the notice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from yakuba.base.texts import Language, Text, ruby, without_readings
from yakuba.procedures.answers import ITEM_ID, clean, visible_fields, visible_item_fields, visible_pages
from yakuba.procedures.components.base import part
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import items
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.slots import numbered, slot_key

Attachment = Mapping[str, object]  # as in the canonical application: slot, filename, media_type, size, sha256


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. ``label`` and ``value`` are plain text; the ``_html`` forms are escaped, with ruby where ours.

    ``path`` names the control (``children-0-name``), ``slot`` the place of files if the row is about files.
    """

    label: str
    value: str
    path: str
    label_html: str
    value_html: str
    answered: bool = True
    review_only: bool = False
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A page's answers, or one item's of a repeating group."""

    title: str
    title_html: str
    page: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """What every row needs."""

    cleaned: Answers
    attachments: Mapping[str, Sequence[str]]
    context: Context
    language: Language


def summary(
    procedure: Procedure,
    answers: Answers,
    attachments: Sequence[Attachment],
    language: Language,
    context: Context,
) -> tuple[Section, ...]:
    """Every visible question with its answer in words, page by page; nothing that will be sent is left out."""
    cleaned = clean(procedure, answers, context)
    files: dict[str, list[str]] = {}
    for attachment in attachments:
        files.setdefault(str(attachment["slot"]), []).append(str(attachment["filename"]))
    look = _Look(cleaned, files, context, language)
    return tuple(
        section for page in visible_pages(procedure, answers, context) for section in _sections(page, look)
    )


def rows(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """All (label, value) pairs, flat: for the card agent's page."""
    return [(row.label, row.value) for section in sections for row in section.rows]


def _sections(page: Page, look: _Look) -> Iterator[Section]:
    own: list[Row] = []
    groups: list[Section] = []
    for field in visible_fields(page, look.cleaned, look.context):
        if field.is_group:
            groups.extend(_item_sections(page, field, look))
        else:
            own.extend(_rows(field, look.cleaned, field.id, slot_key(field.id), look))
    if own:
        yield _section(page, page.title, own, look)
    yield from groups


def _section(page: Page, title: Text, found: list[Row], look: _Look) -> Section:
    words = title.in_language(look.language)
    return Section(without_readings(words), ruby(words), page.id, tuple(found))


def _item_sections(page: Page, group: Field, look: _Look) -> Iterator[Section]:
    for index, item in enumerate(items(look.cleaned, group.id)):
        found: list[Row] = []
        for field in visible_item_fields(group, look.cleaned, item, look.context):
            key = slot_key(field.id, group.id, str(item.get(ITEM_ID)))
            found.extend(_rows(field, item, f"{group.id}-{index}-{field.id}", key, look))
        yield _section(page, numbered(group, index + 1), found, look)


def _rows(field: Field, source: Answers, path: str, slot: str, look: _Look) -> Iterator[Row]:
    if field.type == "file":
        yield _file_row(field, slot, look)
    elif component(field).answered:
        yield _answer_row(field, source.get(field.id), path, look)


def _answer_row(field: Field, value: object, path: str, look: _Look) -> Row:
    label = field.label.in_language(look.language)
    if value is None:
        nothing = part("not_answered").in_language(look.language)
        return _row(label, without_readings(nothing), ruby(nothing), path, field, answered=False)
    kind = component(field)
    shown = kind.show(field, value, look.language)
    if kind.own_words and not list(kind.faults(field, value, look.context)):
        return _row(label, without_readings(shown), ruby(shown), path, field)
    return _row(label, shown, escape(shown), path, field)


def _row(label: str, value: str, value_html: str, path: str, field: Field, *, answered: bool = True) -> Row:
    return Row(without_readings(label), value, path, ruby(label), value_html, answered, field.review_only)


def _file_row(field: Field, slot: str, look: _Look) -> Row:
    names = look.attachments.get(slot, ())
    label = field.label.in_language(look.language)
    nothing = part("not_attached").in_language(look.language)
    value = "\n".join(names) or without_readings(nothing)
    html = escape(value) if names else ruby(nothing)
    return Row(without_readings(label), value, slot, ruby(label), html, bool(names), field.review_only, slot)
