"""What every zone's web service does the same way: audiences by default deny, and security headers.

Every view declares who it is for with :func:`audience`. A view that declares nothing is never reached: the
middleware refuses it, and a test walks the URL tables for such views.
"""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse

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
    """Middleware, the outermost: a Content-Security-Policy that allows own files only, no caching of personal pages, and
    over TLS the browser's promise to come back over TLS only. On every answer, also a refusal, a fault or a static file.

    ``settings.CARD_AGENT_ORIGIN`` (if set) is the one other place a form may be posted to: the card agent on the
    resident's own machine. A view may widen nothing; static files keep their own caching headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(status=405) if request.method in _NEVER else self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", _policy(getattr(settings, "CARD_AGENT_ORIGIN", ""))
        )
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_SECURE:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response


_NEVER = ("TRACE", "TRACK", "CONNECT")  # no page has any use for them
_HEADERS = {
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class RefusesNul:
    """Middleware: a text with the character NUL, which no form sends and no database keeps, is the caller's mistake."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not (isinstance(error, DataError) and "NUL" in str(error)):
            return None
        if "/api/" in request.path:
            return JsonResponse({"detail": "a text must not contain the character NUL (U+0000)"}, status=400)
        words = (
            "送られた文字の中に、使えない制御文字(NUL)があります。入力しなおして、もう一度送ってください。"
        )
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


class BehindProxies:
    """Middleware: who asks, where proxies of one's own stand before the zone (``settings.PROXIES``, their addresses).

    Their ``X-Forwarded-For`` is read from its end, for as long as each address is one of them; whatever a stranger wrote
    further left counts for nothing, and from a stranger the headers are not looked at at all. Limits and logs see the result
    as ``REMOTE_ADDR``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        forwarded = str(meta.pop("HTTP_X_FORWARDED_FOR", ""))
        scheme = meta.pop("HTTP_X_FORWARDED_PROTO", "")
        if meta.get("REMOTE_ADDR", "") in settings.PROXIES:
            meta["REMOTE_ADDR"] = caller(str(meta["REMOTE_ADDR"]), forwarded, settings.PROXIES)
            if scheme == "https":
                meta["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def caller(peer: str, forwarded: str, proxies: Collection[str]) -> str:
    """The address of whoever asked the outermost of ``proxies``. A function of values."""
    for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if peer not in proxies:
            break
        peer = address
    return peer


@cache
def _policy(agent: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "object-src 'none'",
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
