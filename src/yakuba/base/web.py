"""What every zone's web service does the same way: audiences by default deny, and security headers.

Every view declares who it is for with :func:`audience`. A view that declares nothing is never reached: the
middleware refuses it, and a test walks the URL tables for such views.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., Any])
Gatekeeper = Callable[[HttpRequest, str], HttpResponse | None]

_AUDIENCE = "yakuba_audience"
_gatekeepers: dict[str, Gatekeeper] = {}


def audience(name: str) -> Callable[[View], View]:
    """Declare whom a view is for: ``public``, or a name some room registered with :func:`keep_gate`."""

    def declare(view: View) -> View:
        setattr(view, _AUDIENCE, name)
        return view

    return declare


def audience_of(view: object) -> str | None:
    """The declared audience of a view (looking through ``functools.wraps`` and django-ninja's wrappers)."""
    found = getattr(view, _AUDIENCE, None)
    return found if isinstance(found, str) else None


def keep_gate(name: str, gatekeeper: Gatekeeper) -> None:
    """Register who may pass for audience ``name``: the gatekeeper returns ``None`` to let the request in,
    or the response to give instead (a redirect to sign-in, a refusal)."""
    _gatekeepers[name] = gatekeeper


def gate_of(name: str) -> Gatekeeper | None:
    """Who guards audience ``name``, if anybody does."""
    return _gatekeepers.get(name)


def _everyone(_request: HttpRequest, _audience: str) -> HttpResponse | None:
    return None


keep_gate("public", _everyone)


class DefaultDeny:
    """Middleware: a view without an audience, or whose audience has no gatekeeper, is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        name = audience_of(view)
        if name is None:
            raise ImproperlyConfigured(f"{getattr(view, '__qualname__', view)} declares no audience")
        gatekeeper = _gatekeepers.get(name)
        if gatekeeper is None:
            raise ImproperlyConfigured(f"audience {name!r} has no gatekeeper in this zone")
        return gatekeeper(request, name)


class SecurityHeaders:
    """Middleware: a Content-Security-Policy that allows own files only, and no caching of personal pages.

    ``settings.CARD_AGENT_ORIGIN`` (if set) is the one other place a form may be posted to: the card agent on the
    resident's own machine. A view may widen nothing; static files keep their own caching headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", _policy(getattr(settings, "CARD_AGENT_ORIGIN", ""))
        )
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


@cache
def _policy(agent: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {agent}".strip(),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
