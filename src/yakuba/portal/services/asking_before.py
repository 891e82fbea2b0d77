"""The questions before typing of a life event's procedures, asked once on one page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yakuba.portal.models import Bundle
from yakuba.portal.services import bundling
from yakuba.portal.texts import say
from yakuba.procedures import before_typing
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.for_household import for_you
from yakuba.procedures.shared import Form, Shared


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions worth asking now, the answers they have, and which of these the town gave."""

    forms: tuple[Form, ...]
    questions: tuple[Shared, ...]
    answers: Mapping[str, Any]
    known: frozenset[str]

    @property
    def context(self) -> Context:
        return self.forms[0].context

    @property
    def form(self) -> Procedure:
        """The page as a form of its own, for the engine."""
        page = before_typing.page_of(self.questions, say("bundle.questions_title"))
        return replace(self.forms[0].procedure, eligibility=page, hints=())


def asking(bundle: Bundle, at: datetime) -> Asking:
    """What is to be asked for ``bundle``; a question whose procedure is settled without it is left alone."""
    forms = tuple(bundling.forms_of(bundling.offers_of(bundle.event, at), at))
    answers = bundling.answers_before(bundle, forms)
    open_ = {one.key: for_you(one.procedure, answers[one.key], one.context).open for one in forms}
    questions = before_typing.to_ask(before_typing.merged(forms), forms, answers, open_)
    said = before_typing.gathered(questions, bundle.asked)
    shown = before_typing.gathered(questions, answers)
    return Asking(forms, questions, shown, frozenset(name for name in shown if name not in said))


def take(bundle: Bundle, it: Asking, given: Mapping[str, Any]) -> None:
    """Keep what the page said. What still reads as the town has it stays the town's."""
    own = {name: value for name, value in given.items() if name not in it.known or value != it.answers[name]}
    changed = [one for one in it.questions if one.id in own or one.id not in it.known]
    bundle.asked = before_typing.spread(changed, own, bundle.asked)
