"""What a zone's gateway answers to the one neighbour that may call it (mTLS lets nobody else in).

``POST pull``     what the caller took last time; answered with the next batch (waits a while if there is none)
``POST push``     what the caller brings; answered with what it may forget
``GET blobs/…``   a file of a message that waits for the caller, as a stream of bytes
``PUT blobs/…``   a file of a message the caller is about to bring
"""

import hashlib
import hmac
import time
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.gateway import blobs, exchange, hints, inbox, links, outbox, transit, wire
from yakuba.gateway.errors import BrokenMessage, MissingBlob
from yakuba.gateway.routes import inward_neighbour

LONGEST_WAIT = 10.0


class _Refused(Exception):
    """The request is answered with this status and these words."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


@audience("gateway-peer")
@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    """Answer with the next batch for the caller; ``X-Yakuba-Wait`` says how many seconds to wait for one."""
    try:
        peer = _peer()
        parcel = _parcel(request)
    except _Refused as refused:
        return _said(str(refused), refused.status)
    exchange.note_taken(parcel, peer)
    links.heard_from(peer)
    return _answer(_wait_for_batch(peer, _seconds(request)))


@audience("gateway-peer")
@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """Keep what the caller brings."""
    try:
        peer = _peer()
        parcel = _parcel(request)
    except _Refused as refused:
        return _said(str(refused), refused.status)
    links.heard_from(peer)
    return _answer(exchange.take_in(parcel))


@audience("gateway-peer")
@require_http_methods(["GET", "PUT"])
def blob(request: HttpRequest, municipality: str, message: uuid.UUID, sha256: str) -> HttpResponseBase:
    """Give or take one file of a message."""
    try:
        municipality_code(municipality)
        if request.method == "GET":
            return _give(municipality, message, sha256)
        return _take(request, municipality, message, sha256)
    except InvalidMunicipalityCode:
        return _said("no such municipality", 404)
    except MissingBlob:
        return _said("no such file", 404)
    except _Refused as refused:
        return _said(str(refused), refused.status)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _give(municipality: str, message: uuid.UUID, sha256: str) -> HttpResponseBase:
    """Only files of that message: the caller cannot read what residents have uploaded and not sent."""
    with under(municipality):
        number, size = blobs.held(municipality, sha256, [outbox.holder(message), transit.holder(message)])
        if size <= blobs.CHUNK:
            return _bytes(b"".join(blobs.pieces(municipality, number, size)), "application/octet-stream")
    return StreamingHttpResponse(
        blobs.stream(municipality, sha256),
        content_type="application/octet-stream",
        headers={"Content-Length": str(size)},
    )


def _take(request: HttpRequest, municipality: str, message: uuid.UUID, sha256: str) -> HttpResponse:
    data = _body(request, wire.LARGEST_FILE)
    if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), sha256):
        raise _Refused(422, "these bytes do not have the digest they were announced with")
    here = request.headers.get("X-Yakuba-Recipient") == settings.ZONE
    with under(municipality):
        blobs.keep(municipality, sha256, data, inbox.holder(message) if here else transit.holder(message))
    return HttpResponse(status=204)


def _wait_for_batch(peer: str, seconds: float) -> wire.Parcel:
    until = time.monotonic() + seconds
    if not exchange.waits(peer):
        with hints.listening(peer) as heard:
            while not exchange.waits(peer) and (left := until - time.monotonic()) > 0:
                heard(min(left, hints.LOOK_ANYWAY))
    return exchange.offer(peer)


def _peer() -> str:
    peer = inward_neighbour(settings.ZONE)
    if peer is None:
        raise _Refused(404, "nobody calls this zone")
    return peer


def _seconds(request: HttpRequest) -> float:
    try:
        return min(max(float(request.headers.get("X-Yakuba-Wait", "0")), 0.0), LONGEST_WAIT)
    except ValueError:
        return 0.0


def _parcel(request: HttpRequest) -> wire.Parcel:
    try:
        return wire.unpack(_body(request, wire.LONGEST_BODY))
    except BrokenMessage as error:
        raise _Refused(400, str(error)) from error


def _body(request: HttpRequest, most: int) -> bytes:
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise _Refused(411, "say Content-Length")
    if int(length) > most:
        raise _Refused(413, f"at most {most} bytes")
    data: Any = request.read(int(length))
    if len(data) != int(length):
        raise _Refused(400, "the body ends early")
    return bytes(data)


def _answer(parcel: wire.Parcel) -> HttpResponse:
    return _bytes(wire.pack(parcel), wire.CONTENT_TYPE)


def _bytes(data: bytes, content_type: str) -> HttpResponse:
    """With its length said, or the server would send it in chunks."""
    return HttpResponse(data, content_type=content_type, headers={"Content-Length": str(len(data))})
