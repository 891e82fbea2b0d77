"""Every answer a procedure can have, as documentation and as a list for mapping tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from yakuba.procedures import registry
from yakuba.procedures.components.compound import Compound
from yakuba.procedures.components.kinds import component
from yakuba.procedures.conditions import ALWAYS
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.prefill import register_mapping

_HEAD = """# Answers (申請の項目)

This page is written from `src/yakuba/procedures/definitions/` by `scripts/write_answers_page.py`; a test compares the two.
Paths are those of `answers` in the canonical application. `children[].x` is a field of each item of a repeating group
(every item also has an `id`); a `file` row is the key of a slot for attachments, `<id>` being the item's id. Dates are
`YYYY-MM-DD`, with `00` for a day or month not known (不詳); yes_no and declaration are true or false; numbers are whole.
"""


@dataclass(frozen=True, slots=True)
class AnswerPath:
    """One place in ``application["answers"]``: ``children[].name.kana``; for files, the slot's key."""

    path: str
    kind: str
    label: str
    required: bool
    conditional: bool
    register: str | None
    review_only: bool
    values: tuple[str, ...]


def answer_paths(procedure: Procedure) -> tuple[AnswerPath, ...]:
    """Every answer path and file slot of a procedure, in the order of its pages."""
    mapping = register_mapping(procedure)
    return tuple(
        path
        for page in procedure.pages
        for field in page.fields
        for path in _paths(page, field, field.id, mapping)
    )


def _paths(page: Page, field: Field, path: str, mapping: dict[str, str]) -> Iterator[AnswerPath]:
    if field.is_group:
        for inner in field.fields:
            separator = "-<id>-" if inner.type == "file" else "[]."
            yield from _paths(page, inner, f"{field.id}{separator}{inner.id}", mapping)
        return
    kind = component(field)
    if isinstance(kind, Compound):
        for part in kind.parts(field):
            needed = field.required and part.required
            yield _path(page, field, f"{path}.{part.key}", needed, mapping, part.values)
    elif kind.answered or field.type == "file":
        values = tuple(option.value for option in field.options)
        yield _path(page, field, path, field.required, mapping, values)


def _path(
    page: Page, field: Field, path: str, required: bool, mapping: dict[str, str], values: tuple[str, ...]
) -> AnswerPath:
    return AnswerPath(
        path=path,
        kind=field.type,
        label=field.label.ja,
        required=required,
        conditional=page.when != ALWAYS or field.when != ALWAYS,
        register=mapping.get(path),
        review_only=field.review_only,
        values=values,
    )


def answers_page() -> str:
    """``docs/answers.md``: the newest version of every procedure."""
    tables = [as_markdown(registry.versions(one)[-1]) for one in registry.procedure_ids()]
    return _HEAD + "\n" + "\n".join(tables)


def as_markdown(procedure: Procedure) -> str:
    """The answer paths of one version as a Markdown table."""
    head = f"## {procedure.title.ja} (`{procedure.id}`, version {procedure.version})\n\n"
    rows = ["| answer | kind | 項目 | needed | register item |", "|---|---|---|---|---|"]
    rows += [_row(path) for path in answer_paths(procedure)]
    return head + "\n".join(rows) + "\n"


def _row(path: AnswerPath) -> str:
    needed = "yes" if path.required else "no"
    needed += ", when shown" if path.required and path.conditional else ""
    register = path.register or ("review only" if path.review_only else "")
    values = f": {', '.join(path.values)}" if path.values else ""
    return f"| `{path.path}` | {path.kind}{values} | {path.label} | {needed} | {register} |"
