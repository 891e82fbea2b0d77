"""The position in line, alone: a page with script asks for it; others reload the page they wait for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from yakuba.portal.pages import page, show
from yakuba.portal.towns import Town
from yakuba.portal.waiting import gate


@require_safe
@page("visitor")
def position(request: HttpRequest, town: Town) -> HttpResponse:
    """The state of the wait. Nothing is sent while nothing has changed, so that nothing is read out twice."""
    if not request.headers.get("HX-Request"):
        return redirect("portal:home", town)
    waiting = gate.in_line(request, town)
    if waiting is None:
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    if request.GET.get("was") == str(waiting.position):
        return HttpResponse(status=204)
    return show(request, town, "portal/_waiting.html", waiting=waiting)
