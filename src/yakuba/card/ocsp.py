"""Asking whether one certificate is revoked (OCSP, RFC 6960): the question, and reading the answer strictly.

An answer counts only if the issuing root signed it, or a responder to whom that root itself gave an
id-kp-OCSPSigning certificate marked id-pkix-ocsp-nocheck; if it speaks of exactly the certificate asked for;
if it carries our nonce (RFC 8954), so that an old answer is not played to us again; and if it says until when
it holds.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPResponse,
    OCSPResponseStatus,
    OCSPSingleResponse,
    load_der_ocsp_response,
)

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import (
    Certificate,
    parse_certificate,
    rsa_public_key,
    subject_key_identifier,
    whole_bits,
)
from yakuba.card.crl import Entry
from yakuba.card.extension_values import is_authority, key_usage
from yakuba.card.policy import DIGITAL_SIGNATURE
from yakuba.card.revocation import Answer
from yakuba.card.trust import Root, signature_is_right

MAX_ANSWER_OCTETS: Final = 32_768
NONCE_OCTETS: Final = 32
CLOCK_DIFFERENCE: Final = timedelta(minutes=5)
_OCSP_SIGNING: Final = w.sequence(w.oid("1.3.6.1.5.5.7.3.9"))
_EXTENDED_KEY_USAGE: Final = "2.5.29.37"
_NO_CHECK: Final = "1.3.6.1.5.5.7.48.1.5"
_NONCE: Final = "1.3.6.1.5.5.7.48.1.2"
_MOST_CERTIFICATES: Final = 1


class UnusableAnswer(ValueError):
    """An OCSP answer that must not be used; says why."""


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """A verified answer about one certificate: ``entry`` if revoked or on hold, None if good; ``octets`` as it came."""

    entry: Entry | None
    this_update: datetime
    next_update: datetime
    octets: bytes

    def for_verdict(self) -> Answer:
        """As a verdict takes it from any source."""
        return Answer(self.entry, 0, self.this_update, self.next_update, self.octets)


def key_bits(public_key_info: bytes) -> bytes:
    """The key's own octets, which RFC 6960 section 4.1.1 hashes into issuerKeyHash."""
    parts = der.Reader(public_key_info).enter(der.SEQUENCE)
    parts.raw(der.SEQUENCE)
    return parts.content(der.BIT_STRING)[1:]


def question(root: Root, serial: int, nonce: bytes) -> bytes:
    """An OCSPRequest (section 4.1) for ``serial`` of ``root``, with ``nonce``."""
    issuer = root.certificate
    asked = w.sequence(
        oids.SHA256_WITH_NULL,
        w.octets(hashlib.sha256(issuer.subject).digest()),
        w.octets(hashlib.sha256(key_bits(issuer.public_key_info)).digest()),
        w.integer(serial),
    )
    extension = w.sequence(w.oid(_NONCE), w.octets(w.octets(nonce)))
    return w.sequence(w.sequence(w.sequence(w.sequence(asked)), w.explicit(2, w.sequence(extension))))


def read_answer(raw: bytes, root: Root, serial: int, nonce: bytes | None, at: datetime) -> OcspAnswer | None:
    """What ``raw`` says of ``serial`` of ``root`` at ``at``; None if the responder does not know it.

    ``nonce`` None: the answer came without being asked for (stapled, from a file).

    Raises:
        UnusableAnswer: any reason not to believe it.
    """
    if len(raw) > MAX_ANSWER_OCTETS:
        raise UnusableAnswer("larger than an answer about one certificate can be")
    try:
        der.check(raw)
        answer = load_der_ocsp_response(raw)
        if (
            answer.response_status is OCSPResponseStatus.SUCCESSFUL
            and _algorithm(raw) != oids.SHA256_WITH_RSA
        ):
            raise UnusableAnswer("signed otherwise than with SHA-256 and RSA")
        return _told(_believed(answer, root, serial, nonce, at), raw)
    except UnusableAnswer:
        raise
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm) as problem:
        raise UnusableAnswer(f"not of the form of an OCSP answer ({problem})") from problem


def _told(one: OCSPSingleResponse, raw: bytes) -> OcspAnswer | None:
    if one.next_update_utc is None:
        raise UnusableAnswer("the answer does not say until when it holds")
    if one.certificate_status is OCSPCertStatus.UNKNOWN:
        return None
    return OcspAnswer(_entry(one), one.this_update_utc, one.next_update_utc, raw)


def _believed(
    answer: OCSPResponse, root: Root, serial: int, nonce: bytes | None, at: datetime
) -> OCSPSingleResponse:
    if answer.response_status is not OCSPResponseStatus.SUCCESSFUL:
        raise UnusableAnswer(f"the responder refuses: {answer.response_status.name}")
    _check_signature(answer, root, at)
    _check_extensions(answer, nonce)
    (one,) = _exactly_one(answer.responses)
    if not _is_about(one, root, serial):
        raise UnusableAnswer("the answer is about another certificate (RFC 6960 3.2 (1))")
    if one.this_update_utc > at + CLOCK_DIFFERENCE:
        raise UnusableAnswer("the answer is of a time to come (RFC 6960 3.2 (5))")
    return one


def _exactly_one(responses: Iterable[OCSPSingleResponse]) -> list[OCSPSingleResponse]:
    found = list(responses)
    if len(found) != 1:
        raise UnusableAnswer("one certificate was asked about, several are answered")
    return found


def _check_extensions(answer: OCSPResponse, nonce: bytes | None) -> None:
    given = None
    for extension in answer.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            given = extension.value.nonce
        elif extension.critical:
            raise UnusableAnswer("a critical part of the answer is not understood (RFC 6960 4.4)")
    if any(extension.critical for extension in answer.single_extensions):
        raise UnusableAnswer("a critical part of the answer is not understood (RFC 6960 4.4)")
    if nonce is not None and given != nonce:
        raise UnusableAnswer("the answer does not carry our nonce: it may be an old one (RFC 8954 2)")


def _is_about(one: OCSPSingleResponse, root: Root, serial: int) -> bool:
    if not isinstance(one.hash_algorithm, SHA1 | SHA256):
        return False
    # SHA-1 only names the issuer here and proves nothing; many responders still answer with it.
    name = hashlib.new(one.hash_algorithm.name, root.certificate.subject, usedforsecurity=False).digest()
    bits = key_bits(root.certificate.public_key_info)
    key = hashlib.new(one.hash_algorithm.name, bits, usedforsecurity=False).digest()
    return (one.issuer_name_hash, one.issuer_key_hash, one.serial_number) == (name, key, serial)


def _entry(one: OCSPSingleResponse) -> Entry | None:
    if one.certificate_status is OCSPCertStatus.GOOD:
        return None
    if one.revocation_time_utc is None:
        raise UnusableAnswer("revoked, but not since when")
    reason = one.revocation_reason.value if one.revocation_reason else "unspecified"
    return Entry(reason, one.revocation_time_utc)


def _check_signature(answer: OCSPResponse, root: Root, at: datetime) -> None:
    signature, signed = answer.signature, answer.tbs_response_bytes
    if root.signed(signature, signed):
        if not _names(answer, root.certificate):
            raise UnusableAnswer("the answer names another responder than the one who signed it")
        return
    embedded = answer.certificates
    if len(embedded) != _MOST_CERTIFICATES:
        raise UnusableAnswer("not signed by the issuer, and not exactly one responder's certificate is there")
    responder = parse_certificate(embedded[0].public_bytes(Encoding.DER))
    _check_responder(responder, root, at)
    key = rsa_public_key(responder.public_key_info, smallest=2048, largest=4096)
    if not _names(answer, responder) or not signature_is_right(key, signature, signed):
        raise UnusableAnswer("the responder did not sign this answer (RFC 6960 3.2 (2), (3))")


def _algorithm(raw: bytes) -> bytes:
    """BasicOCSPResponse.signatureAlgorithm, parameters and all: it stands outside what is signed."""
    body = der.Reader(raw).enter(der.SEQUENCE)
    body.raw(der.ENUMERATED)
    wrapped = body.enter(der.CONTEXT | der.CONSTRUCTED | 0).enter(der.SEQUENCE)
    wrapped.raw(der.OID)
    basic = wrapped.content(der.OCTET_STRING)
    der.check(basic)
    parts = der.Reader(basic).enter(der.SEQUENCE)
    parts.raw(der.SEQUENCE)
    algorithm = parts.raw(der.SEQUENCE)
    whole_bits(parts)  # the library does not look at the count of unused bits
    return algorithm


def _names(answer: OCSPResponse, responder: Certificate) -> bool:
    """responderID (section 4.2.1): the signer's name, or the SHA-1 of its key."""
    if answer.responder_name is not None:
        return answer.responder_name.public_bytes() == responder.subject
    bits = key_bits(responder.public_key_info)
    return answer.responder_key_hash == hashlib.sha1(bits, usedforsecurity=False).digest()


def _check_responder(responder: Certificate, root: Root, at: datetime) -> None:
    """Section 4.2.2.2: named and signed by the issuer itself, for OCSP and nothing else, in force."""
    purpose, usage = responder.extension(_EXTENDED_KEY_USAGE), responder.extension(oids.KEY_USAGE)
    constraints = responder.extension(oids.BASIC_CONSTRAINTS)
    right = (
        responder.issuer == root.certificate.subject
        and responder.inner_algorithm == responder.outer_algorithm == oids.SHA256_WITH_RSA
        and root.signed(responder.signature, responder.to_be_signed)
        and responder.not_before <= at <= responder.not_after
        and purpose is not None
        and purpose.value == _OCSP_SIGNING
        and usage is not None
        and key_usage(usage.value) == DIGITAL_SIGNATURE
        and (constraints is None or not is_authority(constraints.value))
        and responder.extension(_NO_CHECK) is not None
        and subject_key_identifier(responder) != root.key_id
        and not _unknown_critical(responder)
    )
    if not right:
        raise UnusableAnswer("the issuer gave this responder no right to answer for it (RFC 6960 4.2.2.2)")


def _unknown_critical(responder: Certificate) -> bool:
    known = {_EXTENDED_KEY_USAGE, oids.KEY_USAGE, oids.BASIC_CONSTRAINTS, oids.AUTHORITY_KEY_IDENTIFIER}
    understood = {w.oid_content(name) for name in known}
    return any(one.critical and name not in understood for name, one in responder.extensions.items())
