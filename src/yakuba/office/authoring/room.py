"""How a page of the workshop is declared: for operators of that municipality only, in a transaction under it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.office import gate
from yakuba.office.authoring import drafts
from yakuba.office.models import DefinitionDraft
from yakuba.office.operators import operator

TownView = TypeVar("TownView", bound=Callable[..., HttpResponse])


def in_town(view: TownView) -> TownView:
    """A view ``(request, town, …)`` for operators whose towns include ``town``; to others the page does not exist."""

    @audience("operator")
    @wraps(view)
    def shown(request: HttpRequest, town: str, *args: Any, **kwargs: Any) -> HttpResponse:
        known = operator(who(request))
        if known is None or town not in known.towns:
            raise Http404
        try:
            with under(town):
                return view(request, town, *args, **kwargs)
        except InvalidMunicipalityCode as error:
            raise Http404 from error

    return cast(TownView, shown)


def who(request: HttpRequest) -> str:
    """The operator's name."""
    return gate.signed_in(request)


def page(
    request: HttpRequest, town: str, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the workshop."""
    said = request.session.pop("workshop-said", "")
    basics = {"operator": who(request), "town": town, "said": said, "section": "procedures"}
    return render(request, f"office/authoring/{template}", {**basics, **context}, status=status)


def say(request: HttpRequest, words: str) -> None:
    """Words for the next page."""
    request.session["workshop-said"] = words


def own_draft(town: str, draft_id: UUID) -> DefinitionDraft:
    """The draft, locked.

    Raises:
        Http404: this municipality has none of this id.
    """
    draft = drafts.find(draft_id)
    if draft is None or draft.municipality != town:
        raise Http404
    return draft


def refused(request: HttpRequest, town: str, draft: DefinitionDraft, error: drafts.Refused) -> HttpResponse:
    """Say why a step was not taken, on the draft's page, where nothing has changed."""
    say(request, str(error))
    return redirect("office:draft", town, draft.id)
