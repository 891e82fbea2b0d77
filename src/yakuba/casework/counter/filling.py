"""The form at the counter: the same pages as the portal's, without places for files.

No file enters this zone at the counter: what comes from outside is rebuilt in the LGWAN zone, which stands before this
one. The clerk looks at the original document instead and marks that it was seen; the mark counts as the place filled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yakuba.casework.counter.offers import Offer
from yakuba.casework.counter.visits import context_of
from yakuba.casework.models import CounterVisit
from yakuba.procedures.answers import clean, visible_pages
from yakuba.procedures.definition import Field, Page, Procedure
from yakuba.procedures.slots import Slot, page_slots
from yakuba.procedures.validation import Problem, validate_all, validate_page

LONGEST_NOTE = 100


@dataclass(frozen=True, slots=True)
class PageState:
    """A page of the form: ``filled`` (nothing is missing), ``asked`` (something is), by how many points."""

    page: Page
    missing: int
    seen: bool

    @property
    def filled(self) -> bool:
        """Whether nothing is left to ask on it."""
        return self.missing == 0


def without_files(procedure: Procedure) -> Procedure:
    """``procedure`` as it is laid out at the counter: places for files are shown apart, as originals to be looked at."""
    return replace(
        procedure, pages=tuple(replace(one, fields=_no_files(one.fields)) for one in procedure.pages)
    )


def _no_files(fields: Iterable[Field]) -> tuple[Field, ...]:
    kept = (one for one in fields if one.type != "file")
    return tuple(replace(one, fields=_no_files(one.fields)) if one.is_group else one for one in kept)


def slots_of(visit: CounterVisit, chosen: Offer, page: Page, at: datetime) -> tuple[Slot, ...]:
    """The places for documents on one page."""
    context = context_of(visit, at)
    return tuple(page_slots(page, clean(chosen.procedure, visit.answers, context), context))


def seen(visit: CounterVisit) -> frozenset[str]:
    """The slots whose original the clerk has seen."""
    return frozenset(visit.originals)


def mark_originals(
    visit: CounterVisit, slots: Iterable[Slot], posted: Mapping[str, str], clerk: str, moment: str
) -> None:
    """Take the ticks of one page: which originals were seen, what they were, by whom and when."""
    marks = dict(visit.originals)
    for slot in slots:
        if posted.get(f"seen:{slot.key}") != "yes":
            marks.pop(slot.key, None)
            continue
        before = marks.get(slot.key, {"by": clerk, "at": moment})
        note = posted.get(f"note:{slot.key}", "").strip()[:LONGEST_NOTE]
        marks[slot.key] = {**before, "label": slot.label.ja, "note": note}
    visit.originals = marks


def problems_on(visit: CounterVisit, chosen: Offer, page: str, at: datetime) -> list[Problem]:
    """What is still missing or wrong on a page, in the words of the portal."""
    return validate_page(chosen.procedure, page, visit.answers, context_of(visit, at), seen(visit))


def problems_of(visit: CounterVisit, chosen: Offer, at: datetime) -> list[Problem]:
    """The same of the whole form."""
    return validate_all(chosen.procedure, visit.answers, context_of(visit, at), seen(visit))


def states(visit: CounterVisit, chosen: Offer, at: datetime) -> list[PageState]:
    """Every visible page with what is left to ask."""
    pages = visible_pages(chosen.procedure, visit.answers, context_of(visit, at))
    return [
        PageState(one, len(problems_on(visit, chosen, one.id, at)), one.id in visit.seen_pages)
        for one in pages
    ]


def next_to_ask(visit: CounterVisit, chosen: Offer, at: datetime, after: str = "") -> str:
    """The page on which something is left to ask, beginning after ``after`` and going round; empty if there is none."""
    found = states(visit, chosen, at)
    ids = [one.page.id for one in found]
    start = ids.index(after) + 1 if after in ids else 0
    turned = [*found[start:], *found[:start]]
    return next((one.page.id for one in turned if not one.filled), "")
