"""Assisted mode (代行入力): a helper at a counter or community centre fills in on their device, the resident agreeing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.portal import visitors
from yakuba.portal.forms import required, typed
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import START
from yakuba.portal.towns import Town


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor", limit=START)
def assist(request: HttpRequest, town: Town) -> HttpResponse:
    """Who helps, for which organisation, and the resident's consent. It ends with the session."""
    if request.method != "POST":
        return show(request, town, "portal/assist.html", posted={}, problems=())
    posted = request.POST.dict()
    problems = required(posted, "helper", "organisation", "consent", room="assist")
    if problems:
        return show(request, town, "portal/assist.html", posted=posted, problems=problems, status=422)
    visitors.start_assisting(request, typed(posted, "helper"), typed(posted, "organisation"))
    who = visitors.visitor(request, town)
    facts = {"organisation": typed(posted, "organisation")}
    append(AuditEvent(who.actor, "portal.assisting_began", f"visit:{who.browser[:16]}", town.code, facts))
    return redirect("portal:home", town)
