"""What stands inside the extensions of certificates and revocation lists (RFC 5280 sections 4.2 and 5.2).

Every function takes an extension's DER and raises NotDer where it is not of the form the section gives.
"""

from dataclasses import dataclass
from typing import Final

from yakuba.card import der

_CONTEXT_0: Final = der.CONTEXT | der.CONSTRUCTED | 0
_CONTEXT_1: Final = der.CONTEXT | der.CONSTRUCTED | 1
_DIRECTORY_NAME: Final = der.CONTEXT | der.CONSTRUCTED | 4
_ONLY_USER_CERTIFICATES: Final = der.CONTEXT | 1


@dataclass(frozen=True, slots=True)
class AuthorityKey:
    """authorityKeyIdentifier: the issuer's key, and the issuer's own certificate where it is named."""

    key_id: bytes
    issuer: bytes | None
    serial: int | None


def authority_key(value: bytes) -> AuthorityKey:
    """authorityKeyIdentifier with its key identifier (section 4.2.1.1)."""
    parts = der.Reader(value).enter(der.SEQUENCE)
    key_id = parts.content(der.CONTEXT | 0)
    issuer, serial = None, None
    if parts.more():
        issuer = _directory_name(parts.enter(_CONTEXT_1))
        serial = int.from_bytes(parts.content(der.CONTEXT | 2), "big", signed=True)
    parts.done()
    return AuthorityKey(key_id, issuer, serial)


def _directory_name(names: der.Reader) -> bytes:
    """The one name in GeneralNames, a directoryName, as the raw DER of the Name."""
    one = names.enter(_DIRECTORY_NAME)
    names.done()
    name = one.raw(der.SEQUENCE)
    one.done()
    return name


def key_usage(value: bytes) -> int:
    """keyUsage bits 0 (128) to 7 (1) (section 4.2.1.3); a ninth bit, decipherOnly, adds 256."""
    content = der.Reader(value).content(der.BIT_STRING)
    usage = content[1] if len(content) > 1 else 0
    return usage | (0x100 if len(content) > 2 else 0)


def is_authority(value: bytes) -> bool:
    """basicConstraints: whether cA is true (section 4.2.1.9)."""
    return der.Reader(value).enter(der.SEQUENCE).next_is(der.BOOLEAN)


def policies(value: bytes) -> list[bytes]:
    """certificatePolicies: the identifiers' content octets (section 4.2.1.4)."""
    listed = der.Reader(value).enter(der.SEQUENCE)
    found = []
    while listed.more():
        found.append(listed.enter(der.SEQUENCE).content(der.OID))
    return found


def distribution_point(value: bytes) -> bytes:
    """cRLDistributionPoints: its one point's directoryName as raw DER (section 4.2.1.13).

    JPKI gives each certificate one point. Several points, reasons or another CRL issuer would each be a way
    to have a different list than the municipality's looked at, and are refused.
    """
    points = der.Reader(value).enter(der.SEQUENCE)
    point = points.enter(der.SEQUENCE)
    points.done()
    name = _point_name(point)
    point.done()
    return name


def issuing_distribution_point(value: bytes) -> bytes:
    """issuingDistributionPoint: its directoryName as raw DER (section 5.2.5).

    Only "all reasons, not indirect" is read; onlyContainsUserCerts may be set, for it leaves out no resident.
    """
    point = der.Reader(value).enter(der.SEQUENCE)
    name = _point_name(point)
    if point.next_is(_ONLY_USER_CERTIFICATES):
        point.content(_ONLY_USER_CERTIFICATES)
    point.done()
    return name


def _point_name(point: der.Reader) -> bytes:
    wrapped = point.enter(_CONTEXT_0)
    full_name = wrapped.enter(_CONTEXT_0)
    wrapped.done()
    return _directory_name(full_name)
