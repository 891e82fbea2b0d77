"""The form a page gives to the card agent on the resident's own machine. No key and no PIN ever comes here."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yakuba.base.texts import Language
from yakuba.portal.towns import Town


@dataclass(frozen=True, slots=True)
class AgentForm:
    """The fields of a plain HTML form posted to the agent (works without JavaScript)."""

    action: str
    operation: str
    content: str
    title: str
    summary: str
    lang: Language
    ticket: str
    return_url: str


def origin(request: HttpRequest) -> str:
    """This portal's origin as the resident's browser sees it."""
    return str(getattr(settings, "PORTAL_ORIGIN", "")) or f"{request.scheme}://{request.get_host()}"


def agent_form(
    request: HttpRequest, town: Town, operation: str, content: bytes, secret: str,
    title: str, language: Language, summary: Sequence[tuple[str, str]] = (),
) -> AgentForm:  # fmt: skip
    """The form for one ticket. ``summary`` is what the agent shows beside what is signed."""
    return AgentForm(
        action=f"{settings.CARD_AGENT_ORIGIN}/sign",
        operation=operation,
        content=base64.b64encode(content).decode("ascii"),
        title=title,
        summary=json.dumps([list(pair) for pair in summary], ensure_ascii=False),
        lang=language,
        ticket=secret,
        return_url=origin(request) + reverse("portal:card-return", args=[town]),
    )


def lets_agent_see_origin(response: HttpResponse) -> HttpResponse:
    """The agent checks the ``Origin`` header; under ``same-origin`` browsers would send it ``null`` (Fetch standard,
    "append a request Origin header"). ``origin`` tells the origin, also from https to the agent on loopback, and nothing of the path."""
    response.headers["Referrer-Policy"] = "origin"
    return response
