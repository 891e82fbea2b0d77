"""Pages about the portal itself: how accessible it is, what it keeps; and what is said when something goes wrong."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from yakuba.base.web import audience
from yakuba.portal.pages import show


@audience("visitor")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return show(request, None, "portal/accessibility.html")


@audience("visitor")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What this portal keeps, where, and for how long."""
    return show(request, None, "portal/privacy.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not yours: the same words for both."""
    return show(request, None, "portal/problem.html", problem="not_found", status=404)


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page (CSRF): go back, reload, send again. A program is told in its own form."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"detail": "the X-CSRFToken header is missing or old; get it from a page first"}, status=403
        )
    return show(request, None, "portal/problem.html", problem="old_form", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. The draft is in the database."""
    return show(request, None, "portal/problem.html", problem="broken", status=500)
