"""The counter and its card agent: the form given to it, and the one address it brings results to."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yakuba.base.clock import now
from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.base.tenancy import under
from yakuba.base.texts import Language
from yakuba.base.web import audience
from yakuba.casework.counter import readings
from yakuba.casework.staff.sessions import StaffRequest


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
    """The desk's origin as the counter's browser sees it."""
    return str(getattr(settings, "DESK_ORIGIN", "")) or f"{request.scheme}://{request.get_host()}"


def agent_form(
    request: StaffRequest, operation: str, content: bytes, secret: str, title: str, language: Language = "ja",
    summary: Sequence[tuple[str, str]] = (),
) -> AgentForm:  # fmt: skip
    """The form for one order. ``summary`` is what the agent shows beside what is signed."""
    return AgentForm(
        action=f"{settings.CARD_AGENT_ORIGIN}/sign",
        operation=operation,
        content=base64.b64encode(content).decode("ascii"),
        title=title[:200],
        summary=json.dumps([list(pair) for pair in summary], ensure_ascii=False),
        lang=language,
        ticket=secret,
        return_url=origin(request) + reverse("casework:counter_return", args=[request.staff.municipality]),
    )


def lets_agent_see_origin(response: HttpResponse) -> HttpResponse:
    """The agent checks the ``Origin`` header; under ``same-origin`` browsers would send it ``null``."""
    response.headers["Referrer-Policy"] = "origin"
    return response


@csrf_exempt
@require_POST
@audience("counter_agent")
def card_return(request: HttpRequest, municipality: str) -> HttpResponse:
    """Take the agent's result under its one-time ticket. The page sends the browser on to where its own cookie counts."""
    try:
        code = municipality_code(municipality)
    except InvalidMunicipalityCode:
        return HttpResponse(status=404)
    result, error = _brought(request)
    with under(code):
        reading = readings.bring_back(request.POST.get("ticket", ""), result, error, now())
    status = 200 if reading else 400
    return render(request, "casework/counter/returned.html", {"reading": reading}, status=status)


def _brought(request: HttpRequest) -> tuple[bytes | None, str]:
    error = request.POST.get("error", "")
    try:
        return base64.b64decode(request.POST.get("result", ""), validate=True) or None, error
    except (binascii.Error, ValueError):
        return None, error or "unreadable"
