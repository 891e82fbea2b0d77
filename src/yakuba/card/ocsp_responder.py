"""An OCSP responder over the test authority's books (RFC 6960), for demo and tests.

Answers by the root's own key. ``respond`` is a function of bytes; :class:`Responder` is it as a WSGI
application, so that any HTTP server of the house can carry it.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPRequest,
    OCSPResponderEncoding,
    OCSPResponse,
    OCSPResponseBuilder,
    OCSPResponseStatus,
    load_der_ocsp_request,
)

from yakuba.card.books import NotIssued, RevokedRow
from yakuba.card.ocsp import MAX_ANSWER_OCTETS, key_bits
from yakuba.card.outcomes import Kind
from yakuba.card.testca import GENERATIONS, KINDS, TestCA
from yakuba.card.trust import Root

ANSWER_LIFE: Final = timedelta(hours=1)
_CONTENT_TYPE: Final = "application/ocsp-response"


def respond(request: bytes, authority: TestCA, *, now: datetime) -> bytes:
    """The OCSPResponse to ``request``; a refusal (malformed, unauthorized) is one too."""
    try:
        asked = load_der_ocsp_request(request)
        list(asked.extensions)
        issuer = _issuer(asked, authority)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return _refusal(OCSPResponseStatus.MALFORMED_REQUEST)
    if issuer is None:
        return _refusal(OCSPResponseStatus.UNAUTHORIZED)
    kind, generation, root = issuer
    signer = x509.load_der_x509_certificate(root.certificate.raw)
    builder = _status(OCSPResponseBuilder(), asked, root, authority, now)
    builder = builder.responder_id(OCSPResponderEncoding.NAME, signer)
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    key = authority.root_key(kind, generation)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _status(
    builder: OCSPResponseBuilder, asked: OCSPRequest, root: Root, authority: TestCA, now: datetime
) -> OCSPResponseBuilder:
    status, row = OCSPCertStatus.GOOD, None
    try:
        row = authority.standing(root.key_id.hex(), f"{asked.serial_number:x}")
        status = OCSPCertStatus.REVOKED if row else status
    except NotIssued:
        status = OCSPCertStatus.UNKNOWN
    this_update = now.replace(microsecond=0)
    return builder.add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=status,
        this_update=this_update,
        next_update=this_update + ANSWER_LIFE,
        revocation_time=row.at if row else None,
        revocation_reason=_reason(row) if row else None,
    )


def _reason(row: RevokedRow) -> x509.ReasonFlags | None:
    return None if row.reason == "unspecified" else x509.ReasonFlags(row.reason)


def _issuer(asked: OCSPRequest, authority: TestCA) -> tuple[Kind, str, Root] | None:
    if not isinstance(asked.hash_algorithm, SHA1 | SHA256):
        return None
    algorithm = asked.hash_algorithm.name
    for kind in KINDS:
        for generation in GENERATIONS:
            root = authority.root(kind, generation)
            named = tuple(
                hashlib.new(algorithm, part, usedforsecurity=False).digest()
                for part in (root.certificate.subject, key_bits(root.certificate.public_key_info))
            )
            if named == (asked.issuer_name_hash, asked.issuer_key_hash):
                return kind, generation, root
    return None


def _refusal(status: OCSPResponseStatus) -> bytes:
    refusal: OCSPResponse = OCSPResponseBuilder.build_unsuccessful(status)
    return refusal.public_bytes(Encoding.DER)


class Responder:
    """The responder over HTTP POST (RFC 6960 appendix A.1), as a WSGI application."""

    def __init__(self, authority: TestCA, now: Callable[[], datetime]) -> None:
        self._authority, self._now = authority, now

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request; another method than POST, or a body that is too large, gets an HTTP error."""
        if environ["REQUEST_METHOD"] != "POST":
            start_response("405 Method Not Allowed", [("Allow", "POST"), ("Content-Length", "0")])
            return []
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MAX_ANSWER_OCTETS:
            start_response("413 Content Too Large", [("Content-Length", "0")])
            return []
        body = environ["wsgi.input"].read(int(length))
        answer = respond(body, self._authority, now=self._now())
        start_response("200 OK", [("Content-Type", _CONTENT_TYPE), ("Content-Length", str(len(answer)))])
        return [answer]
