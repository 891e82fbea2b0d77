"""A time-stamp token (RFC 3161): who says that a digest was there, and when. Read strictly, judged in one hop.

The authority's certificate must hang directly on a pinned root, be for time-stamping and nothing else, and be valid
both when it stamped and at the moment the stamp is relied on; renewal (:mod:`yakuba.card.evidence`) moves that moment.
Its revocation is not looked up here: a compromised authority's root is taken out of the pinned ones.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import Certificate, issuer_and_serial, parse_certificate, rsa_public_key
from yakuba.card.derwrite import oid_content
from yakuba.card.extension_values import authority_key, is_authority, key_usage
from yakuba.card.policy import DIGITAL_SIGNATURE
from yakuba.card.trust import TrustStore, signature_is_right

MAX_TOKEN_BYTES: Final = 32_768
_CONTEXT_0: Final = der.CONTEXT | der.CONSTRUCTED | 0
_SHA256: Final = (oids.SHA256, oids.SHA256_WITH_NULL)
_DIGEST_LISTS: Final = tuple(w.set_of(one) for one in _SHA256)
_SIGNATURE_ALGORITHMS: Final = (oids.RSA, oids.SHA256_WITH_RSA)
_KNOWN: Final = {
    oid_content(dotted)
    for dotted in (
        oids.KEY_USAGE, oids.EXTENDED_KEY_USAGE, oids.BASIC_CONSTRAINTS, oids.CERTIFICATE_POLICIES,
        oids.AUTHORITY_KEY_IDENTIFIER,
    )
}  # fmt: skip
_ONLY_TIME_STAMPING: Final = w.sequence(w.oid(oids.TIME_STAMPING))


class BadStamp(ValueError):
    """The token is not a usable time-stamp; ``reason`` is a code for programs."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token says: the digest (SHA-256), when, and until when its authority's certificate is valid."""

    digest: bytes
    at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class _Token:
    info: bytes
    certificates: tuple[bytes, ...]
    issuer: bytes
    serial: int
    signed_bytes: bytes
    attributes: Mapping[bytes, bytes]
    signature: bytes


def verify_stamp(token: bytes, *, trust: TrustStore) -> Stamp:
    """The stamp in ``token``, made by an authority under one of the pinned roots of ``trust``.

    Raises:
        BadStamp: anything else.
    """
    try:
        if len(token) > MAX_TOKEN_BYTES:
            raise BadStamp("stamp_too_large")
        der.check(token)
        found = _taken_apart(token)
        digest, at = _info(found.info)
        certificate = _certificate(found)
        _check_signature(found, certificate)
        _check_issuer(certificate, trust)
    except (der.NotDer, KeyError, IndexError) as problem:
        raise BadStamp("stamp_not_readable") from problem
    if not certificate.not_before <= at <= certificate.not_after:
        raise BadStamp("stamped_outside_validity")
    return Stamp(digest, at, certificate.not_after)


def _taken_apart(token: bytes) -> _Token:
    """SignedData with the stamp inside and one signer (RFC 3161 section 2.4.2)."""
    wrapper = der.Reader(token).enter(der.SEQUENCE)
    if wrapper.content(der.OID) != oid_content(oids.SIGNED_DATA):
        raise BadStamp("stamp_not_readable")
    body = wrapper.enter(_CONTEXT_0).enter(der.SEQUENCE)
    if body.integer() != 3:
        raise BadStamp("stamp_not_readable")
    if (
        body.raw(der.SET) not in _DIGEST_LISTS
    ):  # it stands outside what is signed, so it can have one form only
        raise BadStamp("stamp_algorithm")
    inside = body.enter(der.SEQUENCE)
    if inside.content(der.OID) != oid_content(oids.TIMESTAMP_INFO):
        raise BadStamp("stamp_not_readable")
    info = inside.enter(_CONTEXT_0).content(der.OCTET_STRING)
    certificates = _all(body.enter(_CONTEXT_0))
    signers = body.enter(der.SET)
    signer = signers.enter(der.SEQUENCE)
    signers.done()
    if signer.integer() != 1:
        raise BadStamp("stamp_not_readable")
    named = signer.enter(der.SEQUENCE)
    issuer, serial = named.raw(der.SEQUENCE), named.integer()
    if signer.raw(der.SEQUENCE) not in _SHA256:
        raise BadStamp("stamp_algorithm")
    signed_bytes = bytes((der.SET,)) + signer.raw(_CONTEXT_0)[1:]
    if signer.raw(der.SEQUENCE) not in _SIGNATURE_ALGORITHMS:
        raise BadStamp("stamp_algorithm")
    signature = signer.content(der.OCTET_STRING)
    signer.done()
    return _Token(info, certificates, issuer, serial, signed_bytes, _attributes(signed_bytes), signature)


def _all(values: der.Reader) -> tuple[bytes, ...]:
    found = []
    while values.more():
        found.append(values.raw())
    return tuple(found)


def _attributes(signed_bytes: bytes) -> Mapping[bytes, bytes]:
    """Each attribute's one value by the content of its identifier; none twice."""
    found: dict[bytes, bytes] = {}
    for raw in _all(der.Reader(signed_bytes).enter(der.SET)):
        one = der.Reader(raw).enter(der.SEQUENCE)
        name, values = one.content(der.OID), _all(one.enter(der.SET))
        if name in found or len(values) != 1:
            raise BadStamp("stamp_not_readable")
        found[name] = values[0]
    return found


def _info(info: bytes) -> tuple[bytes, datetime]:
    """Digest and time in TSTInfo (section 2.4.2); what follows the time does not matter here."""
    der.check(info)
    parts = der.Reader(info).enter(der.SEQUENCE)
    version = parts.integer()
    parts.content(der.OID)
    imprint = parts.enter(der.SEQUENCE)
    algorithm, digest = imprint.raw(der.SEQUENCE), imprint.content(der.OCTET_STRING)
    imprint.done()
    if version != 1 or algorithm not in _SHA256:
        raise BadStamp("stamp_algorithm")
    parts.integer()
    return digest, der.moment(der.GENERALIZED_TIME, parts.content(der.GENERALIZED_TIME))


def _certificate(found: _Token) -> Certificate:
    named = (found.issuer, found.serial)
    raws = [raw for raw in found.certificates if issuer_and_serial(raw) == named]
    if len(raws) != 1:
        raise BadStamp("stamp_certificate_missing")
    return parse_certificate(raws[0])


def _check_signature(found: _Token, certificate: Certificate) -> None:
    """RFC 5652 section 5.4 and 5.6; RFC 5035: the signature itself says which certificate it was made with."""
    attributes = found.attributes
    digest = der.Reader(attributes[oid_content(oids.MESSAGE_DIGEST)]).content(der.OCTET_STRING)
    of_this_type = attributes[oid_content(oids.CONTENT_TYPE)] == w.oid(oids.TIMESTAMP_INFO)
    bound = attributes[oid_content(oids.SIGNING_CERTIFICATE_V2)]
    first = der.Reader(bound).enter(der.SEQUENCE).enter(der.SEQUENCE).enter(der.SEQUENCE)
    if first.next_is(der.SEQUENCE):  # SHA-256 is the DEFAULT; some authorities write it all the same
        first.raw()
    same = first.content(der.OCTET_STRING) == hashlib.sha256(certificate.raw).digest()
    key = rsa_public_key(certificate.public_key_info, smallest=2048, largest=4096)
    right = signature_is_right(key, found.signature, found.signed_bytes)
    if not (of_this_type and same and right and digest == hashlib.sha256(found.info).digest()):
        raise BadStamp("stamp_signature_wrong")


def _check_issuer(certificate: Certificate, trust: TrustStore) -> None:
    extension = certificate.extension(oids.AUTHORITY_KEY_IDENTIFIER)
    roots = trust.named(certificate.issuer, authority_key(extension.value).key_id) if extension else ()
    root = next((one for one in roots if one.signed(certificate.signature, certificate.to_be_signed)), None)
    if root is None or certificate.outer_algorithm != oids.SHA256_WITH_RSA:
        raise BadStamp("stamp_authority_not_trusted")
    # RFC 3161 section 2.3: a key for nothing but time-stamping, and critically so.
    purpose, usage = certificate.extension(oids.EXTENDED_KEY_USAGE), certificate.extension(oids.KEY_USAGE)
    constraints = certificate.extension(oids.BASIC_CONSTRAINTS)
    only = purpose is not None and purpose.critical and purpose.value == _ONLY_TIME_STAMPING
    signs = usage is None or key_usage(usage.value) & DIGITAL_SIGNATURE
    unknown = any(one.critical and name not in _KNOWN for name, one in certificate.extensions.items())
    if not only or not signs or unknown or (constraints and is_authority(constraints.value)):
        raise BadStamp("stamp_certificate_purpose")
