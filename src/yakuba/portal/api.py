"""The public API (OpenAPI at ``/api/openapi.json``): what a town offers, handing in a signed application, and where
one's own application stands."""

from collections.abc import Callable
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError

from yakuba.base.clock import now, today
from yakuba.base.ids import receipt_number as numbered
from yakuba.base.tenancy import under
from yakuba.base.texts import Text
from yakuba.base.web import audience
from yakuba.portal.models import Application
from yakuba.portal.ratelimits import SUBMIT, over
from yakuba.portal.services.following import standing
from yakuba.portal.services.handing_in import HandedFile, NotTaken, hand_in
from yakuba.portal.services.offers import Offer, offers
from yakuba.portal.services.signin import goes_on
from yakuba.portal.towns import Town, towns
from yakuba.portal.visitors import Visitor, visitor

api = NinjaAPI(title="yakuba portal", version="1", docs_url=None, urls_namespace="portal-api")


class Words(Schema):
    """A text in three languages; ``easy`` carries readings as ``{漢字|かんじ}``."""

    ja: str
    en: str
    easy: str


class TownOut(Schema):
    code: str
    name: Words
    prefecture: Words


class ProcedureOut(Schema):
    id: str
    version: str
    title: Words
    summary: Words
    open: bool
    signature: str
    life_events: list[str]
    deadline: Words
    laws: list[str]


class Problem(Schema):
    """Why a call was not taken."""

    detail: list[dict[str, Any]] | str


REFUSALS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 404: Problem}


class StatusOut(Schema):
    receipt_number: str
    procedure: str
    status: str
    status_text: Words
    status_at: str
    due: str | None


def _words(text: Text) -> Words:
    return Words(ja=text.ja, en=text.en, easy=text.easy)


def _town(code: str) -> Town:
    try:
        return towns()[code]
    except KeyError as error:
        raise Http404 from error


def _resident(request: HttpRequest, town: Town) -> Visitor:
    who = visitor(request, town)
    if who.owner is None or not goes_on(who.sign_in):
        raise HttpError(401, "sign in first: a receipt number alone tells nothing")
    return who


@api.get("/towns", response=list[TownOut])
def list_towns(request: HttpRequest) -> list[TownOut]:
    """The municipalities this portal serves."""
    return [
        TownOut(code=one.code, name=_words(one.name), prefecture=_words(one.prefecture))
        for one in towns().values()
    ]


@api.get("/{code}/procedures", response={200: list[ProcedureOut], 404: Problem})
def list_procedures(request: HttpRequest, code: str) -> list[ProcedureOut]:
    """The procedures a town offers today."""
    with under(_town(code).code):
        return [_procedure(one) for one in offers(today())]


def _procedure(one: Offer) -> ProcedureOut:
    procedure = one.procedure
    return ProcedureOut(
        id=procedure.id, version=procedure.version, title=_words(procedure.title),
        summary=_words(procedure.summary), open=one.opening.open, signature=procedure.signature,
        life_events=list(procedure.life_events), deadline=_words(procedure.deadline.text),
        laws=[f"{law.law} {law.article}".strip() for law in procedure.laws],
    )  # fmt: skip


@api.get("/{code}/status/{receipt_number}", response={200: StatusOut, **REFUSALS})
def status(request: HttpRequest, code: str, receipt_number: str) -> StatusOut:
    """Where one's own application stands, by receipt number. Only for the resident signed in; the number alone opens
    nothing."""
    town = _town(code)
    with under(town.code):
        owner = _resident(request, town).owner
        found = Application.objects.filter(owner=owner, receipt_number=receipt_number).first()
    if found is None:
        raise Http404
    return StatusOut(
        receipt_number=found.receipt_number, procedure=found.procedure, status=found.status,
        status_text=_words(standing(found)), status_at=found.status_at.isoformat(),
        due=found.due.isoformat() if found.due else None,
    )  # fmt: skip


class ReceivedOut(Schema):
    receipt_number: str
    application_id: str


class NotTakenOut(Schema):
    code: str
    message: Words
    details: list[dict[str, str]]


_HAND_IN = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["document", "signature"],
                    "properties": {
                        "document": {
                            "type": "string",
                            "format": "binary",
                            "description": "canonical application",
                        },
                        "signature": {
                            "type": "string",
                            "format": "binary",
                            "description": "CMS, DER, detached",
                        },
                        "cosignature": {
                            "type": "string",
                            "format": "binary",
                            "description": "a second person's CMS over the same document, where the town takes one",
                        },
                    },
                    "additionalProperties": {
                        "type": "string",
                        "format": "binary",
                        "description": "file:<slot>",
                    },
                }
            }
        },
    }
}


@api.post(
    "/{code}/applications",
    response={201: ReceivedOut, 422: NotTakenOut | Problem, 429: Problem, **REFUSALS},
    openapi_extra=_HAND_IN,
)
def hand_in_application(request: HttpRequest, code: str) -> Status[ReceivedOut | NotTakenOut]:
    """Hand in a whole signed application, files named ``file:<slot>``. For the resident signed in; the receipt number
    comes back at once, and the same application handed in again is the same application."""
    town = _town(code)
    with under(town.code):
        who = _resident(request, town)
    if wait := over(SUBMIT, request):
        raise HttpError(429, f"too many requests; try again in {wait} seconds")
    content, cms = _sent(request, "document"), _sent(request, "signature")
    second = _sent(request, "cosignature") if "cosignature" in request.FILES else None
    files = [
        HandedFile(name.removeprefix("file:"), one.name or "", one.read())
        for name in request.FILES
        if name.startswith("file:")
        for one in request.FILES.getlist(name)
    ]
    try:
        with under(town.code):
            taken = hand_in(town.code, who, content, cms, files, now(), second)
    except NotTaken as problem:
        return Status(
            422,
            NotTakenOut(code=problem.code, message=_words(problem.message), details=list(problem.details)),
        )
    return Status(201, ReceivedOut(receipt_number=numbered(taken), application_id=str(taken)))


def _sent(request: HttpRequest, name: str) -> bytes:
    sent = request.FILES.get(name)
    if not isinstance(sent, UploadedFile):
        raise HttpError(
            422, f"the part {name!r} is missing: send it as a file of a multipart/form-data request"
        )
    return bytes(sent.read())


def api_urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The API's URL table. django-ninja makes the views; each is for visitors (the sign-in's time limits apply)."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        view = audience("visitor")(cast(Callable[..., Any], pattern.callback))
        # django-ninja exempts its views; this API knows its caller by the session cookie, so the token is demanded
        view.csrf_exempt = False  # type: ignore[attr-defined]
    return patterns, app, namespace
