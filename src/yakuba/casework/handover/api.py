"""The door for outside core systems (基幹系): fetch, acknowledge, return results, state what one has.

JSON over HTTPS inside the My Number segment; ``Authorization: Bearer <system id>.<secret>``; the municipality in
the path. Every POST carries a ``message_id`` of the sender's: sent again, it gets the same answer and does nothing.
The description (OpenAPI 3.1) is at ``openapi.json`` under the same path.
"""

from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, NinjaAPI, Schema

from yakuba.base.clock import now, utc_text
from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.base.tenancy import under
from yakuba.base.web import audience, keep_gate
from yakuba.casework.handover import inbound, service, systems
from yakuba.casework.handover.errors import HandoverTrouble
from yakuba.casework.handover.models import Batch, OutsideSystem

AUDIENCE = "outside_system"
api = NinjaAPI(
    title="yakuba 連携 (hand-over)",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="handover-api",
    description="決定した申請を外部の基幹システムへ渡し、受領と結果を受け取る。",
)
MessageId = Field(
    min_length=8, max_length=80, description="送信側が付ける番号(UUIDなど)。再送には同じ番号を使う。"
)


class File(Schema):
    """One file of a batch."""

    name: str = Field(max_length=200)
    size: int = Field(ge=0, le=2**53 - 1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class BatchOut(Schema):
    """A batch as listed."""

    batch: str
    procedure: str
    format: str
    made_at: str
    cases: int
    files: list[File]


class Refused(Schema):
    """Why a call was not taken: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


class WrongForm(Schema):
    """What of a call is not of the form described."""

    detail: list[dict[str, Any]] | str


class Fetch(Schema):
    """Ask for a new batch of what is ready."""

    message_id: str = MessageId
    procedure: str


class Acknowledge(Schema):
    """Say that a batch has arrived: names and SHA-256 of its files as received."""

    message_id: str = MessageId
    batch: UUID
    files: list[File]


class Result(Schema):
    """What became of one case outside."""

    receipt_number: str
    outcome: Literal["accepted", "rejected"]
    outside_number: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=500)
    values: dict[str, str] = {}


class Results(Schema):
    """Results of cases sent before; all or none are taken in."""

    message_id: str = MessageId
    results: list[Result] = Field(min_length=1, max_length=10_000)


class Statement(Schema):
    """All receipt numbers the system has: what reconciliation compares with."""

    message_id: str = MessageId
    receipt_numbers: list[str] = Field(max_length=200_000)


REFUSALS: dict[int, Any] = {
    400: WrongForm,
    401: Refused,
    404: Refused,
    409: Refused,
    422: Refused | WrongForm,
}
_FILE = {
    "responses": {
        200: {
            "description": "the file",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("application/json", "application/x-ndjson", "text/csv", "application/xml")
            },
        }
    }
}


def gate(request: HttpRequest, _audience: str) -> HttpResponse | None:
    """Lets in whoever carries the token of an open system of the municipality in the path."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    municipality = str(request.resolver_match.kwargs.get("municipality")) if request.resolver_match else ""
    system = _system(municipality, token) if scheme.lower() == "bearer" else None
    if system is None:
        words = "トークンが正しくありません。見出し Authorization: Bearer <トークン> を付けてください。"
        refusal = JsonResponse({"code": "not_signed_in", "message": words}, status=401)
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    request.outside_system = system  # type: ignore[attr-defined]
    return None


def _system(municipality: str, token: str) -> OutsideSystem | None:
    try:
        with under(municipality):
            return systems.by_token(token)
    except InvalidMunicipalityCode:
        return None


def _caller(request: HttpRequest) -> OutsideSystem:
    return cast(OutsideSystem, request.outside_system)  # type: ignore[attr-defined]


def _received(request: HttpRequest, municipality: str, kind: str, message: Schema) -> dict[str, Any]:
    body = message.model_dump(mode="json")
    with under(municipality):
        return inbound.receive(_caller(request), kind, body.pop("message_id"), body, now())


@api.exception_handler(HandoverTrouble)
def _trouble(request: HttpRequest, problem: HandoverTrouble) -> HttpResponse:
    answer = {"code": problem.code, "message": str(problem)}
    return api.create_response(request, answer, status=problem.status)


@api.get(
    "{municipality}/batches",
    response={200: list[BatchOut], **REFUSALS},
    summary="バッチの一覧(新しい順、100件まで)",
)
def batches(request: HttpRequest, municipality: str) -> list[dict[str, Any]]:
    """The newest batches this system may fetch."""
    with under(municipality):
        return [_shown(batch) for batch in inbound.batches_for(_caller(request))[:100]]


@api.get(
    "{municipality}/batches/{batch_id}/files/{name}",
    response=REFUSALS,
    openapi_extra=_FILE,
    summary="ファイルの取得",
)
def file(request: HttpRequest, municipality: str, batch_id: UUID, name: str) -> HttpResponse:
    """One file of a batch, as it is in the manifest."""
    with under(municipality):
        try:
            data = service.file_of(inbound.batch_for(_caller(request), batch_id), name)
        except KeyError:
            return api.create_response(
                request, {"code": "unknown_file", "message": f"ファイル {name} はありません。"}, status=404
            )
    return HttpResponse(data, content_type=service.media_type(name))


@api.post(
    "{municipality}/fetch",
    response={200: dict[str, Any], **REFUSALS},
    summary="未送信の申請を新しいバッチにする",
)
def fetch(request: HttpRequest, municipality: str, message: Fetch) -> dict[str, Any]:
    """Make a batch of what is ready."""
    return _received(request, municipality, "fetch", message)


@api.post("{municipality}/acknowledge", response={200: dict[str, Any], **REFUSALS}, summary="受領の通知")
def acknowledge(request: HttpRequest, municipality: str, message: Acknowledge) -> dict[str, Any]:
    """A batch has arrived; files whose digest differs are named and nothing is acknowledged."""
    return _received(request, municipality, "acknowledge", message)


@api.post("{municipality}/results", response={200: dict[str, Any], **REFUSALS}, summary="結果の返却")
def results(request: HttpRequest, municipality: str, message: Results) -> dict[str, Any]:
    """What became of cases."""
    return _received(request, municipality, "results", message)


@api.post(
    "{municipality}/statement",
    response={200: dict[str, Any], **REFUSALS},
    summary="保有する受付番号の通知(突合用)",
)
def statement(request: HttpRequest, municipality: str, message: Statement) -> dict[str, Any]:
    """What the system has."""
    return _received(request, municipality, "statement", message)


def _shown(batch: Batch) -> dict[str, Any]:
    return {
        "batch": str(batch.id),
        "procedure": batch.procedure,
        "format": batch.format,
        "made_at": utc_text(batch.made_at),
        "cases": batch.cases,
        "files": batch.files,
    }


@audience("public")
def description(request: HttpRequest) -> HttpResponse:
    """The API described (OpenAPI), for anyone in the segment: it holds no data."""
    prefix = request.path.removesuffix("openapi.json")
    return JsonResponse(api.get_openapi_schema(path_prefix=prefix), json_dumps_params={"ensure_ascii": False})


def declared_urls() -> tuple[list[Any], str, str]:
    """The API's URLs, each declared for outside systems."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        assert pattern.callback is not None
        audience(AUDIENCE)(pattern.callback)
    return patterns, app_name, namespace


keep_gate(AUDIENCE, gate)
