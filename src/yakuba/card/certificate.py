"""One X.509 certificate taken apart by RFC 5280 section 4.1, strictly; nothing is judged here but its
form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from yakuba.card import der, oids
from yakuba.card.derwrite import oid_content

_COMMON_NAME: Final = oid_content(oids.COMMON_NAME)
_TEXT_TAGS: Final = (der.UTF8_STRING, der.PRINTABLE_STRING)
MAX_SERIAL_OCTETS: Final = 20  # RFC 5280 section 4.1.2.2
PUBLIC_EXPONENT: Final = 65_537


class WrongForm(der.NotDer):
    """Right DER, but not what RFC 5280 section 4.1 asks of a certificate."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension (RFC 5280 section 4.2): whether it is critical, and its DER."""

    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate's fields; names, keys and algorithms as their raw DER, to be compared byte by byte."""

    raw: bytes
    to_be_signed: bytes
    serial: int
    inner_algorithm: bytes
    issuer: bytes
    not_before: datetime
    not_after: datetime
    subject: bytes
    public_key_info: bytes
    extensions: Mapping[bytes, Extension]
    outer_algorithm: bytes
    signature: bytes

    def extension(self, dotted: str) -> Extension | None:
        """The extension named ``dotted``, if there."""
        return self.extensions.get(oid_content(dotted))


def parse_certificate(raw: bytes) -> Certificate:
    """Take ``raw`` apart. The caller has run :func:`yakuba.card.der.check` over it.

    Raises:
        NotDer: anything RFC 5280 section 4.1 does not allow in a version 3 certificate.
    """
    outside = der.Reader(raw)
    parts = outside.enter(der.SEQUENCE)
    outside.done()
    to_be_signed = parts.raw(der.SEQUENCE)
    algorithm = parts.raw(der.SEQUENCE)
    signature = whole_bits(parts)
    parts.done()
    body = der.Reader(to_be_signed).enter(der.SEQUENCE)
    _version_3(body)
    serial, inner_algorithm, issuer = _serial(body), body.raw(der.SEQUENCE), body.raw(der.SEQUENCE)
    validity = body.enter(der.SEQUENCE)
    not_before, not_after = validity.time(), validity.time()
    validity.done()
    subject, public_key_info = body.raw(der.SEQUENCE), body.raw(der.SEQUENCE)
    found = extensions(body.enter(der.CONTEXT | der.CONSTRUCTED | 3))
    body.done()
    return Certificate(
        raw, to_be_signed, serial, inner_algorithm, issuer, not_before, not_after, subject, public_key_info,
        found, algorithm, signature,
    )  # fmt: skip


def issuer_and_serial(raw: bytes) -> tuple[bytes, int]:
    """Only what names a certificate (RFC 5652 section 10.2.4), of any version.

    Raises:
        NotDer: not even that can be read.
    """
    body = der.Reader(raw).enter(der.SEQUENCE).enter(der.SEQUENCE)
    if body.next_is(der.CONTEXT | der.CONSTRUCTED | 0):
        body.raw()
    serial = body.integer()
    body.raw(der.SEQUENCE)
    return body.raw(der.SEQUENCE), serial


def _version_3(body: der.Reader) -> None:
    wrapped = body.enter(der.CONTEXT | der.CONSTRUCTED | 0)
    if wrapped.integer() != 2:
        raise WrongForm("a certificate with extensions is version 3 (RFC 5280 4.1.2.1)", wrapped.position)
    wrapped.done()


def _serial(body: der.Reader) -> int:
    begin = body.position
    octets = body.content(der.INTEGER)
    serial = int.from_bytes(octets, "big", signed=True)
    if serial <= 0 or len(octets) > MAX_SERIAL_OCTETS:
        raise WrongForm("serial number not positive or over 20 octets (RFC 5280 4.1.2.2)", begin)
    return serial


def whole_bits(parts: der.Reader) -> bytes:
    """The next BIT STRING, all of whose octets count."""
    begin = parts.position
    content = parts.content(der.BIT_STRING)
    if content[:1] != b"\x00":
        raise WrongForm("a bit string of whole octets was expected", begin)
    return content[1:]


def extensions(wrapped: der.Reader) -> Mapping[bytes, Extension]:
    """The extensions in ``wrapped`` by the content octets of their identifier; none twice (RFC 5280 4.2)."""
    listed = wrapped.enter(der.SEQUENCE)
    wrapped.done()
    found: dict[bytes, Extension] = {}
    while listed.more():
        one = listed.enter(der.SEQUENCE)
        name = one.content(der.OID)
        critical = one.next_is(der.BOOLEAN)
        if critical and one.content(der.BOOLEAN) != b"\xff":
            raise WrongForm("DEFAULT FALSE is not written in DER (X.690 11.5)", one.position)
        if name in found:
            raise WrongForm("the same extension twice (RFC 5280 4.2)", one.position)
        found[name] = Extension(critical, one.content(der.OCTET_STRING))
        der.check(found[name].value)
        one.done()
    return found


def common_name(name: bytes) -> str:
    """The last common name in a distinguished name's DER; empty if it has none."""
    found, parts = "", der.Reader(name).enter(der.SEQUENCE)
    while parts.more():
        relative = parts.enter(der.SET)
        while relative.more():
            pair = relative.enter(der.SEQUENCE)
            is_common_name = pair.content(der.OID) == _COMMON_NAME
            text = der.Reader(pair.raw())
            if is_common_name and any(text.next_is(tag) for tag in _TEXT_TAGS):
                found = text.content(text.data[0]).decode("utf-8")
            pair.done()
    return found


def rsa_public_key(info: bytes, *, smallest: int, largest: int) -> RSAPublicKey:
    """The RSA key in a SubjectPublicKeyInfo (RFC 3279 section 2.3.1), of ``smallest`` to ``largest`` bits.

    Size and exponent are looked at before any arithmetic: a key made to be slow is refused for nothing.

    Raises:
        NotDer: another algorithm, size or exponent, or an even modulus.
    """
    parts = der.Reader(info).enter(der.SEQUENCE)
    algorithm = parts.raw(der.SEQUENCE)
    key = whole_bits(parts)
    parts.done()
    der.check(key)
    numbers = der.Reader(key).enter(der.SEQUENCE)
    modulus, exponent = numbers.integer(), numbers.integer()
    numbers.done()
    right_size = modulus > 0 and smallest <= modulus.bit_length() <= largest
    if algorithm != oids.RSA or exponent != PUBLIC_EXPONENT or not right_size or not modulus & 1:
        raise WrongForm("not an RSA key of the allowed size with exponent 65537")
    return RSAPublicNumbers(exponent, modulus).public_key()


def subject_key_identifier(certificate: Certificate) -> bytes | None:
    """The subject key identifier (RFC 5280 section 4.2.1.2), if there."""
    extension = certificate.extension(oids.SUBJECT_KEY_IDENTIFIER)
    return None if extension is None else der.Reader(extension.value).content(der.OCTET_STRING)
