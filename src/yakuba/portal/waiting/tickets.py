"""The number in the cookie, signed with the zone's key: it cannot be made, and says nothing about its holder."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from yakuba.portal.waiting.rule import LET_IN


def _signer(town: str) -> Signer:
    return Signer(salt=f"yakuba.portal.waiting:{town}")


def _name(town: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}_waiting_{town}"


def number_of(request: HttpRequest, town: str) -> int | None:
    """The number this browser holds for ``town``; ``None`` without one, or with one that was not given out here."""
    try:
        return int(_signer(town).unsign(request.COOKIES.get(_name(town), "")))
    except (BadSignature, ValueError):
        return None


def hand_out(response: HttpResponse, town: str, number: int) -> None:
    """Give the browser its number."""
    response.set_cookie(
        _name(town), _signer(town).sign(str(number)), max_age=int(LET_IN.total_seconds()), httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE), samesite="Lax",
    )  # fmt: skip
