"""Trying a draft out: its pages filled in and checked as a resident would, kept only in the writer's own session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest

from yakuba.office.models import DefinitionDraft
from yakuba.procedures.answers import clean, visible_pages
from yakuba.procedures.authoring.documents import checked, in_example_town, showable
from yakuba.procedures.authoring.edits import Node
from yakuba.procedures.context import ROLES, Context, Role
from yakuba.procedures.definition import Page, Procedure
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.validation import Problem, validate_page


@dataclass(slots=True)
class Trial:
    """One person's trial of one draft."""

    procedure: Procedure
    today: date
    role: Role = "self"
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return Context(self.today, self.role)

    def pages(self) -> tuple[Page, ...]:
        """The pages a resident would see with these answers."""
        return tuple(visible_pages(self.procedure, self.answers, self.context))

    def slots(self) -> tuple[str, ...]:
        """The places for files, all of which a trial takes as filled."""
        return tuple(one.key for one in attachment_slots(self.procedure, self.answers, self.context))

    def problems(self, page_id: str) -> list[Problem]:
        return validate_page(self.procedure, page_id, self.answers, self.context, self.slots())

    def after(self, page_id: str) -> Page | None:
        """The page that follows, ``None`` after the last."""
        pages = self.pages()
        at = next((number for number, page in enumerate(pages) if page.id == page_id), len(pages))
        return pages[at + 1] if at + 1 < len(pages) else None


def _key(draft: DefinitionDraft) -> str:
    return f"trial-{draft.id}"


def trial_of(request: HttpRequest, draft: DefinitionDraft, today: date) -> Trial:
    """The trial that is under way, or a fresh one.

    Raises:
        InvalidDefinition: the draft cannot be shown yet.
    """
    procedure = in_example_town(checked(showable(draft.document), draft.procedure)[-1])
    kept: Mapping[str, Any] = request.session.get(_key(draft), {})
    roles = [one.role for one in procedure.applicants]
    role = next((one for one in ROLES if one == kept.get("role") and one in roles), roles[0])
    return Trial(procedure, today, role, dict(kept.get("answers", {})))


def remember(request: HttpRequest, draft: DefinitionDraft, trial: Trial) -> None:
    """Keep the trial in the session."""
    request.session[_key(draft)] = {"role": trial.role, "answers": trial.answers}


def begin(request: HttpRequest, draft: DefinitionDraft, role: str) -> None:
    """Begin anew, in a role."""
    request.session[_key(draft)] = {"role": role, "answers": {}}


def example_of(trial: Trial, document: Mapping[str, Any], title: str) -> Node:
    """The trial's answers as an example of the definition."""
    taken = {one["id"] for one in document["examples"]["sets"]}
    number = next(n for n in range(1, len(taken) + 2) if f"example{n}" not in taken)
    words = title.strip() or f"記入例 {number}"
    return {
        "id": f"example{number}",
        "title": {"ja": words, "en": words, "easy": words},
        "role": trial.role,
        "today": trial.today.isoformat(),
        "answers": clean(trial.procedure, trial.answers, trial.context),
        "attachments": list(trial.slots()),
    }
