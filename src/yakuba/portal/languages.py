"""Which of the three languages a page is shown in: the resident's choice, else the browser's wish, else Japanese."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yakuba.base.texts import LANGUAGES, Language

COOKIE = "yakuba_language"
_ONE_YEAR = 365 * 24 * 3600
HTML_LANG: dict[Language, str] = {"ja": "ja", "en": "en", "easy": "ja"}
OWN_NAME: dict[Language, str] = {"ja": "日本語", "en": "English", "easy": "やさしい日本語"}


def as_language(text: object) -> Language:
    """``text`` if it is one of the three, else ``ja``."""
    for language in LANGUAGES:
        if text == language:
            return language
    return "ja"


def chosen(request: HttpRequest) -> Language:
    """The language of this request's pages."""
    cookie = request.COOKIES.get(_cookie())
    return as_language(cookie) if cookie in LANGUAGES else _wished(request.headers.get("Accept-Language", ""))


def _wished(header: str) -> Language:
    """English for a browser that asks for a language other than Japanese first; Japanese when it says nothing."""
    first = header.split(",")[0].split(";")[0].strip().lower()
    return "ja" if not first or first == "*" or first.startswith("ja") else "en"


def remember(response: HttpResponse, language: Language) -> None:
    """Keep the choice for a year: not personal data, and needed before any sign-in."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        _cookie(), language, max_age=_ONE_YEAR, samesite="Lax", secure=secure, httponly=True, path="/"
    )


def _cookie() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE
