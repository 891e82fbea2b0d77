"""The JPKI certificate profile, as the test authority writes it: names, extensions, and the pieces of DER.

Everything a certificate says is in a :class:`Request`, so that a test can ask for one that is wrong in
exactly one place. Names say TEST and policies stand under the example arc: nothing made here passes for a
real card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import SubjectKeyIdentifier

from yakuba.base.municipality import municipality_code
from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.attributes import Attributes, write_attributes
from yakuba.card.certificate import Extension
from yakuba.card.outcomes import Kind

_UNITS: Final[Mapping[Kind, str]] = {
    "sign": "JPKI TEST for digital signature",
    "auth": "JPKI TEST for user authentication",
}
_POLICIES: Final[Mapping[Kind, str]] = {"sign": oids.TEST_SIGN_POLICY, "auth": oids.TEST_AUTH_POLICY}
_KEY_USAGES: Final[Mapping[Kind, bytes]] = {"sign": w.named_bits(0, 1), "auth": w.named_bits(0)}
_KEY_CERT_SIGN_AND_CRL_SIGN: Final = w.named_bits(5, 6)


@dataclass(frozen=True, slots=True)
class Request:
    """All a certificate says; names are raw DER, extensions by dotted identifier."""

    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    public_key: bytes
    extensions: Mapping[str, Extension]


def distinguished_name(*parts: tuple[str, str]) -> bytes:
    """A Name of one attribute a step: PrintableString for the country, UTF8String otherwise."""
    return w.sequence(
        *(
            w.set_of(w.sequence(w.oid(kind), w.printable(text) if kind == oids.COUNTRY else w.utf8(text)))
            for kind, text in parts
        )
    )


def authority_name(kind: Kind) -> bytes:
    """The name all roots of a kind share."""
    return distinguished_name(
        (oids.COUNTRY, "JP"), (oids.ORGANIZATION, "yakuba TEST"), (oids.ORGANIZATIONAL_UNIT, _UNITS[kind])
    )


def holder_name(municipality: str, issuing_number: str) -> bytes:
    """The subject: the common name is an issuing number (発行番号), never the person's name."""
    return distinguished_name(
        (oids.COUNTRY, "JP"), (oids.LOCALITY, municipality), (oids.COMMON_NAME, issuing_number)
    )


def distribution_point_name(kind: Kind, municipality: str) -> bytes:
    """The directory name of a municipality's revocation list.

    Raises:
        InvalidMunicipalityCode: ``municipality`` is not a code.
    """
    return distinguished_name(
        (oids.COUNTRY, "JP"), (oids.ORGANIZATION, "yakuba TEST"), (oids.ORGANIZATIONAL_UNIT, _UNITS[kind]),
        (oids.ORGANIZATIONAL_UNIT, "CRL Distribution Points"),
        (oids.COMMON_NAME, f"{municipality_code(municipality)} CRLDP"),
    )  # fmt: skip


def public_key_info(key: RSAPublicKey) -> bytes:
    """SubjectPublicKeyInfo of ``key``."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_identifier(key: RSAPublicKey) -> bytes:
    """RFC 5280 section 4.2.1.2 method 1: SHA-1 of the key, a name for it and not a protection."""
    return SubjectKeyIdentifier.from_public_key(key).digest


def root_extensions(key: RSAPublicKey) -> dict[str, Extension]:
    """What a root carries."""
    return {
        oids.SUBJECT_KEY_IDENTIFIER: Extension(False, w.octets(key_identifier(key))),
        oids.KEY_USAGE: Extension(True, _KEY_CERT_SIGN_AND_CRL_SIGN),
        oids.BASIC_CONSTRAINTS: Extension(True, w.sequence(w.boolean(True))),
    }


def point(name: bytes) -> bytes:
    """A DistributionPointName's fullName with one directoryName, tagged as in both extensions that hold
    it.
    """
    return w.explicit(0, w.explicit(0, w.explicit(4, name)))


def authority_key_identifier(key_id: bytes, issuer: bytes, serial: int) -> Extension:
    """The issuer's key, name and serial (section 4.2.1.1)."""
    number = w.integer(serial)[2:]
    parts = (w.implicit(0, key_id), w.explicit(1, w.explicit(4, issuer)), w.implicit(2, number))
    return Extension(False, w.sequence(*parts))


def holder_extensions(
    kind: Kind, authority: Extension, municipality: str, attributes: Attributes
) -> dict[str, Extension]:
    """What a resident's certificate carries; the holder's attributes only in the signing one."""
    place = w.sequence(w.sequence(point(distribution_point_name(kind, municipality))))
    found = {
        oids.AUTHORITY_KEY_IDENTIFIER: authority,
        oids.KEY_USAGE: Extension(True, _KEY_USAGES[kind]),
        oids.CERTIFICATE_POLICIES: Extension(True, w.sequence(w.sequence(w.oid(_POLICIES[kind])))),
        oids.CRL_DISTRIBUTION_POINTS: Extension(False, place),
    }
    if kind == "sign":
        found[oids.SUBJECT_ALT_NAME] = Extension(False, write_attributes(attributes))
    return found


def write_extensions(extensions: Mapping[str, Extension]) -> bytes:
    """Extensions as DER; "critical" is written only where it is true (X.690 11.5)."""
    return w.sequence(
        *(
            w.sequence(w.oid(dotted), *([w.boolean(True)] if one.critical else []), w.octets(one.value))
            for dotted, one in extensions.items()
        )
    )


def sign_certificate(request: Request, key: RSAPrivateKey) -> bytes:
    """The certificate asked for, signed with ``key``."""
    to_be_signed = w.sequence(
        w.explicit(0, w.integer(2)),
        w.integer(request.serial),
        oids.SHA256_WITH_RSA,
        request.issuer,
        w.sequence(w.time(request.not_before), w.time(request.not_after)),
        request.subject,
        request.public_key,
        w.explicit(3, write_extensions(request.extensions)),
    )
    return signed(to_be_signed, key)


def signed(to_be_signed: bytes, key: RSAPrivateKey) -> bytes:
    """``to_be_signed``, algorithm and signature: the frame of certificates and revocation lists."""
    return w.sequence(
        to_be_signed, oids.SHA256_WITH_RSA, w.bits(key.sign(to_be_signed, PKCS1v15(), SHA256()))
    )
