"""Words on eligibility before typing: they inform and never stop anybody from applying."""

from yakuba.procedures.answers import clean_page
from yakuba.procedures.conditions import View
from yakuba.procedures.context import Answers, Context
from yakuba.procedures.definition import Hint, Procedure


def eligibility_hints(procedure: Procedure, answers: Answers, context: Context) -> tuple[Hint, ...]:
    """The hints that the answers to the page ``eligibility`` call for, in the definition's order."""
    view = View(clean_page(procedure.eligibility, answers, context), context)
    return tuple(hint for hint in procedure.hints if hint.when.holds(view))
