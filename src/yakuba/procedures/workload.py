"""How much a bundle of forms asks: questions alone and together, documents, an estimate of the time.

Counted is what is asked from the start, one row of each group; answers can call for more, which the page says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.procedures.answers import visible_fields, visible_item_fields
from yakuba.procedures.conditions import Condition, View, references
from yakuba.procedures.definition import Field
from yakuba.procedures.shared import Form, Shared, is_question

# What the estimate rests on: an assumption of this program, in seconds; no measurement of residents. Shown as 目安.
SECONDS_A_QUESTION: Final = 30
SECONDS_A_DOCUMENT: Final = 120


@dataclass(frozen=True, slots=True)
class Workload:
    """``alone``: questions if each form were filled in by itself; ``together``: with the shared ones asked once;
    ``shared``: how many are asked on the shared page. ``minutes``: estimated."""

    forms: int
    alone: int
    together: int
    shared: int
    documents: int

    @property
    def minutes(self) -> int:
        seconds = self.together * SECONDS_A_QUESTION + self.documents * SECONDS_A_DOCUMENT
        return max(5, -(-seconds // 300) * 5)


def workload(forms: Sequence[Form], shared: Sequence[Shared]) -> Workload:
    """What filling in ``forms`` together asks."""
    alone = sum(sum(is_question(one) for one in asked(form)) for form in forms)
    again = sum((len(one.places) - 1) * one.weight for one in shared)
    files = sum(one.type == "file" and one.required for form in forms for one in asked(form))
    return Workload(len(forms), alone, alone - again, sum(one.weight for one in shared), files)


def asked(form: Form) -> Iterator[Field]:
    """Every field a form asks from the start, the columns of its groups once."""
    view = View({}, form.context)
    for page in form.procedure.pages:
        if not page.when.holds(view):
            continue
        for field in visible_fields(page, {}, form.context):
            yield field
            if field.is_group:
                yield from visible_item_fields(field, {}, {}, form.context)


def documents(form: Form) -> list[tuple[Field, bool]]:
    """What to have at hand: every place for a document that can open in this role, and whether it is asked from the start."""
    view = View({}, form.context)
    certain = {id(one) for one in asked(form) if one.type == "file" and one.required}
    every = (
        (page, one) for page, field in form.procedure.fields() if _can_open(field.when, view)
        for one in (field, *field.fields)
    )  # fmt: skip
    return [
        (one, id(one) in certain) for page, one in every
        if one.type == "file" and _can_open(page.when, view) and _can_open(one.when, view)
    ]  # fmt: skip


def _can_open(when: Condition, view: View) -> bool:
    """Whether an answer can still open it: what asks for another role only (a letter of mandate) never opens."""
    return any(True for _ in references(when)) or when.holds(view)
