"""The form on paper: blank, or with what a draft holds; and the way back from paper to the draft."""

from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now, today
from yakuba.base.ids import is_receipt_number
from yakuba.portal import languages
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START
from yakuba.portal.services import drafting, papers
from yakuba.portal.services.offers import Offer, UnknownProcedure, offer
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import locked_draft
from yakuba.portal.visitors import visitor
from yakuba.procedures.paper import Sheet, blank_sheets, filled_sheets


@require_safe
@page("visitor")
def blank(request: HttpRequest, town: Town, procedure_id: str) -> HttpResponse:
    """The whole form to be filled in by hand."""
    try:
        chosen = offer(procedure_id, today())
    except UnknownProcedure as error:
        raise Http404 from error
    return _paper(request, town, chosen, blank_sheets(chosen.procedure, languages.chosen(request)), "")


@require_safe
@page("visitor")
def filled(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """The draft on paper, under a number that leads back to it."""
    draft = locked_draft(request, town, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    chosen = drafting.offer_of(draft, now())
    context = drafting.context_of(draft, now())
    sheets = filled_sheets(chosen.procedure, draft.answers, context, languages.chosen(request))
    return _paper(request, town, chosen, sheets, papers.number(draft), back=draft)


def _paper(
    request: HttpRequest, town: Town, chosen: Offer, sheets: tuple[Sheet, ...], code: str, **more: Any
) -> HttpResponse:
    one = chosen.procedure
    picture = segno.make(papers.marked(town.code, one.id, one.version, code), error="m").svg_inline(scale=3)
    return show(
        request, town, "portal/paper.html", procedure=one, sheets=sheets, code=code, picture=picture, **more
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor", limit=START)
def resume(request: HttpRequest, town: Town) -> HttpResponse:
    """From the number on a printed form to its draft, if that was begun without sign-in."""
    if request.method != "POST":
        return show(request, town, "portal/resume.html", typed="", wrong=False)
    typed = request.POST.get("code", "")[:40]
    code = papers.as_number(typed)
    who = visitor(request, town)
    draft = papers.open_with(code, who) if is_receipt_number(code) else None
    if draft is None:
        return show(request, town, "portal/resume.html", typed=typed, wrong=True, status=422)
    append(AuditEvent(who.actor, "portal.draft_opened_from_paper", f"draft:{draft.id}", town.code))
    return redirect("portal:draft", town, draft.id)
