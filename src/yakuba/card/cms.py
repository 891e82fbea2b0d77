"""A CMS SignedData message (RFC 5652) taken apart: the one narrow form an application's signature has.

Each fault raises :class:`Refused` with the check it belongs to. What the sender may leave open (embedded
certificates beside the signer's own) is carried along but never used; what could be changed without breaking
the signature (unsigned attributes, embedded revocation lists, other algorithm identifiers) is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yakuba.card import der, oids
from yakuba.card.derwrite import oid_content
from yakuba.card.outcomes import CheckCode, Reason

_SIGNED_DATA: Final = oid_content(oids.SIGNED_DATA)
_DATA: Final = oid_content(oids.DATA)
_SIGNATURE_TIME_STAMP: Final = oid_content(oids.SIGNATURE_TIME_STAMP)
_SHA256: Final = (oids.SHA256, oids.SHA256_WITH_NULL)
_SIGNATURE_ALGORITHMS: Final = (oids.RSA, oids.SHA256_WITH_RSA)
_ATTRIBUTES: Final = {
    oid_content(dotted): dotted
    for dotted in (
        oids.CONTENT_TYPE, oids.MESSAGE_DIGEST, oids.SIGNING_TIME, oids.SIGNING_CERTIFICATE_V2,
        oids.ALGORITHM_PROTECTION,
    )
}  # fmt: skip
_EXPECTED: Final = {oids.CONTENT_TYPE, oids.MESSAGE_DIGEST, oids.SIGNING_TIME, oids.SIGNING_CERTIFICATE_V2}
_CONTEXT_0: Final = der.CONTEXT | der.CONSTRUCTED | 0
_CONTEXT_1: Final = der.CONTEXT | der.CONSTRUCTED | 1
MAX_EMBEDDED: Final = 8


class Refused(Exception):
    """The message fails a check; ``facts`` never hold anything a sender wrote."""

    def __init__(self, code: CheckCode, reason: Reason, **facts: str | int) -> None:
        self.code, self.reason, self.facts = code, reason, facts
        super().__init__(f"{code}: {reason}")


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """The signer's part (RFC 5652 section 5.3). ``issuer`` and ``serial``, or ``key_id``, name the
    certificate.
    """

    issuer: bytes | None
    serial: int | None
    key_id: bytes | None
    digest_algorithm: bytes
    signature_algorithm: bytes
    signed_bytes: bytes
    attributes: Mapping[str, bytes]
    signing_time: datetime | None
    signature: bytes
    time_stamp: bytes | None
    """A time-stamp token over the signature (RFC 3161 appendix A), beside what is signed; not looked at here."""


@dataclass(frozen=True, slots=True)
class SignedData:
    """The message: every embedded certificate's DER as it came, and the one signer."""

    certificates: tuple[bytes, ...]
    signer: SignerInfo


def parse_signed_data(message: bytes, *, in_pdf: bool = False) -> SignedData:
    """Take ``message`` apart. The caller has run :func:`yakuba.card.der.check` over it.

    With ``in_pdf`` the attribute signing-time must be absent, else it must be there; and a time-stamp over the
    signature may stand among the attributes that are not signed, which else must be absent.

    Raises:
        Refused: it fails one of the checks STRUCTURE to SIGNED_ATTRIBUTES.
        NotDer: a field of unexpected type (the caller counts it as STRUCTURE).
    """
    wrapper = der.Reader(message).enter(der.SEQUENCE)
    if wrapper.content(der.OID) != _SIGNED_DATA:
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE)
    wrapped = wrapper.enter(_CONTEXT_0)
    wrapper.done()
    body = wrapped.enter(der.SEQUENCE)
    wrapped.done()
    version = body.integer()
    digest_algorithms = _all(body.enter(der.SET))
    _check_detached(body.enter(der.SEQUENCE))
    certificates = _certificates(body)
    signers = _all(body.enter(der.SET))
    body.done()
    if len(signers) != 1:
        raise Refused(CheckCode.ONE_SIGNER, Reason.NOT_ONE_SIGNER, signers=len(signers))
    signer = _signer(der.Reader(signers[0]).enter(der.SEQUENCE), in_pdf)
    # RFC 5652 section 5.1: version 3 if a signer is named by key identifier, else 1 for plain data.
    if version != (1 if signer.key_id is None else 3):
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE, version=version)
    if digest_algorithms != [signer.digest_algorithm]:
        raise Refused(CheckCode.ALGORITHMS, Reason.WRONG_ALGORITHM)
    return SignedData(certificates, signer)


def _all(values: der.Reader) -> list[bytes]:
    found = []
    while values.more():
        found.append(values.raw())
    return found


def _check_detached(content: der.Reader) -> None:
    content_type = content.content(der.OID)
    if content.more():
        raise Refused(CheckCode.DETACHED, Reason.NOT_DETACHED)
    if content_type != _DATA:
        raise Refused(CheckCode.CONTENT_TYPE, Reason.WRONG_CONTENT_TYPE)


def _certificates(body: der.Reader) -> tuple[bytes, ...]:
    found = _all(body.enter(_CONTEXT_0)) if body.next_is(_CONTEXT_0) else []
    if body.next_is(_CONTEXT_1):  # embedded revocation lists: only the town's own are ever used
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE)
    if len(found) > MAX_EMBEDDED or found != sorted(found):
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE, certificates=len(found))
    return tuple(found)


def _signer(parts: der.Reader, in_pdf: bool) -> SignerInfo:
    version = parts.integer()
    issuer, serial, key_id = _signer_identifier(parts)
    if version != (1 if key_id is None else 3):
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE, signer_version=version)
    digest_algorithm = parts.raw(der.SEQUENCE)
    if not parts.next_is(_CONTEXT_0):
        raise Refused(CheckCode.SIGNED_ATTRIBUTES, Reason.WRONG_SIGNED_ATTRIBUTES)
    # RFC 5652 section 5.4: what is signed is the DER of the attributes as an explicit SET OF.
    signed_bytes = bytes((der.SET,)) + parts.raw(_CONTEXT_0)[1:]
    signature_algorithm = parts.raw(der.SEQUENCE)
    signature = parts.content(der.OCTET_STRING)
    time_stamp = _time_stamp(parts) if in_pdf and parts.next_is(_CONTEXT_1) else None
    parts.done()
    attributes = _attributes(der.Reader(signed_bytes).enter(der.SET), in_pdf)
    if digest_algorithm not in _SHA256 or signature_algorithm not in _SIGNATURE_ALGORITHMS:
        raise Refused(CheckCode.ALGORITHMS, Reason.WRONG_ALGORITHM)
    _check_algorithm_protection(attributes, digest_algorithm, signature_algorithm)
    signing_time = None if in_pdf else der.Reader(attributes[oids.SIGNING_TIME]).time()
    return SignerInfo(
        issuer, serial, key_id, digest_algorithm, signature_algorithm, signed_bytes, attributes, signing_time,
        signature, time_stamp,
    )  # fmt: skip


def _time_stamp(parts: der.Reader) -> bytes:
    """The one unsigned attribute that may be there (ETSI EN 319 122-1 section 5.3), with its one value."""
    unsigned = parts.enter(_CONTEXT_1)
    only = unsigned.enter(der.SEQUENCE)
    unsigned.done()
    if only.content(der.OID) != _SIGNATURE_TIME_STAMP:
        raise Refused(CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE)
    values = only.enter(der.SET)
    only.done()
    token = values.raw(der.SEQUENCE)
    values.done()
    return token


def _signer_identifier(parts: der.Reader) -> tuple[bytes | None, int | None, bytes | None]:
    if parts.next_is(der.CONTEXT | 0):
        return None, None, parts.content(der.CONTEXT | 0)
    pair = parts.enter(der.SEQUENCE)
    issuer, serial = pair.raw(der.SEQUENCE), pair.integer()
    pair.done()
    return issuer, serial, None


def _attributes(listed: der.Reader, in_pdf: bool) -> Mapping[str, bytes]:
    """Each signed attribute's single value: those expected, all of them, none twice, in DER's order."""
    found: dict[str, bytes] = {}
    raws = _all(listed)
    for raw in raws:
        one = der.Reader(raw).enter(der.SEQUENCE)
        name = _ATTRIBUTES.get(one.content(der.OID), "")
        values = _all(one.enter(der.SET))
        one.done()
        if not name or name in found or len(values) != 1:
            raise Refused(CheckCode.SIGNED_ATTRIBUTES, Reason.WRONG_SIGNED_ATTRIBUTES)
        found[name] = values[0]
    expected = _EXPECTED - {oids.SIGNING_TIME} if in_pdf else _EXPECTED
    if found.keys() - {oids.ALGORITHM_PROTECTION} != expected or raws != sorted(raws):
        raise Refused(CheckCode.SIGNED_ATTRIBUTES, Reason.WRONG_SIGNED_ATTRIBUTES)
    return found


def _check_algorithm_protection(attributes: Mapping[str, bytes], digest: bytes, signature: bytes) -> None:
    """RFC 6211: where the signer protected the algorithms, those outside the signature must be the same."""
    if oids.ALGORITHM_PROTECTION not in attributes:
        return
    parts = der.Reader(attributes[oids.ALGORITHM_PROTECTION]).enter(der.SEQUENCE)
    protected = (parts.raw(der.SEQUENCE), parts.raw(_CONTEXT_1))
    parts.done()
    if protected != (digest, bytes((_CONTEXT_1,)) + signature[1:]):
        raise Refused(CheckCode.ALGORITHMS, Reason.WRONG_ALGORITHM)
