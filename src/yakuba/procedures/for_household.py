"""Which procedures of a life event are "for you": from the questions before typing, answered by the resident or the town.

It informs and never decides, and never stops anybody from applying.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from yakuba.procedures.answers import clean_page, visible_fields
from yakuba.procedures.conditions import View, references
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Field, Hint, Procedure

Standing = Literal["applies", "does_not", "cannot_tell"]
_AGAINST = ("elsewhere", "unlikely")


@dataclass(frozen=True, slots=True)
class ForYou:
    """Where a procedure stands for this household, the hints that say so, and the questions still open."""

    standing: Standing
    reasons: tuple[Hint, ...]
    open: tuple[Field, ...]


def for_you(procedure: Procedure, answers: Answers, context: Context) -> ForYou:
    """What the answers to the questions before typing say.

    A hint against weighs more than one for; one that says "ask" leaves it open. A hint counts only when every question
    it looks at is answered: what is not known yet speaks for nothing.
    """
    cleaned = clean_page(procedure.eligibility, answers, context)
    hints = tuple(_settled(procedure, cleaned, context))
    open_ = tuple(
        one for one in visible_fields(procedure.eligibility, cleaned, context) if one.id not in cleaned
    )
    against = tuple(one for one in hints if one.verdict in _AGAINST)
    if against:
        return ForYou("does_not", against, ())
    unsure = tuple(one for one in hints if one.verdict == "ask")
    if unsure:
        return ForYou("cannot_tell", unsure, open_)
    if hints:
        return ForYou("applies", hints, ())
    return ForYou("cannot_tell", (), open_)


def _settled(procedure: Procedure, cleaned: Answers, context: Context) -> Iterator[Hint]:
    view = View(cleaned, context)
    for hint in procedure.hints:
        if all(ref.name in cleaned for ref in references(hint.when)) and hint.when.holds(view):
            yield hint
