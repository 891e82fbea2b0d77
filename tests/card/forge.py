"""Messages and certificates that are wrong in exactly one place, put together from parts."""

import hashlib
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.card.cast import CONTENT, NOW
from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import issuer_and_serial
from yakuba.card.signing import attribute
from yakuba.card.testca import Issued


@dataclass(frozen=True)
class Message:
    """Every part of a CMS message; tests replace one and build the bytes, signed over whatever stands there."""

    certificates: tuple[bytes, ...]
    key: RSAPrivateKey
    named: bytes
    attributes: tuple[bytes, ...]
    version: int = 1
    signer_version: int = 1
    digest_algorithms: tuple[bytes, ...] = (oids.SHA256,)
    content_info: tuple[bytes, ...] = (w.oid(oids.DATA),)
    digest_algorithm: bytes = oids.SHA256
    signature_algorithm: bytes = oids.SHA256_WITH_RSA
    after_certificates: bytes = b""
    after_signature: bytes = b""
    signers: int = 1
    attributes_in_order: bool = True

    def signer(self) -> bytes:
        """The SignerInfo."""
        parts = sorted(self.attributes) if self.attributes_in_order else self.attributes
        listed = b"".join(parts)
        signature = self.key.sign(w.value(der.SET, listed), PKCS1v15(), SHA256())
        return w.sequence(
            w.integer(self.signer_version),
            self.named,
            self.digest_algorithm,
            *([w.explicit(0, listed)] if self.attributes else []),
            self.signature_algorithm,
            w.octets(signature),
            self.after_signature,
        )

    def encoded(self) -> bytes:
        """The whole message."""
        certificates = [w.explicit(0, *self.certificates)] if self.certificates else []
        body = w.sequence(
            w.integer(self.version),
            w.set_of(*self.digest_algorithms),
            w.sequence(*self.content_info),
            *certificates,
            self.after_certificates,
            w.set_of(*[self.signer()] * self.signers),
        )
        return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))

    def without(self, dotted: str) -> "Message":
        """The message without one signed attribute."""
        begin = w.oid(dotted)
        kept = tuple(one for one in self.attributes if der.Reader(one).enter(der.SEQUENCE).raw() != begin)
        return replace(self, attributes=kept)

    def with_attribute(self, dotted: str, *values: bytes) -> "Message":
        """The message with one signed attribute put in another's place."""
        rest = self.without(dotted)
        return replace(rest, attributes=(*rest.attributes, attribute(dotted, *values)))


def message(issued: Issued, content: bytes = CONTENT, *, hashed: bytes | None = None) -> Message:
    """A right message by ``issued`` in parts; ``hashed`` is the certificate the signature says it was made with."""
    issuer, serial = issuer_and_serial(issued.certificate)
    certificate_hash = hashlib.sha256(hashed or issued.certificate).digest()
    protection = oids.SHA256 + bytes((der.CONTEXT | der.CONSTRUCTED | 1,)) + oids.SHA256_WITH_RSA[1:]
    attributes = (
        attribute(oids.CONTENT_TYPE, w.oid(oids.DATA)),
        attribute(oids.MESSAGE_DIGEST, w.octets(hashlib.sha256(content).digest())),
        attribute(oids.SIGNING_TIME, w.time(NOW)),
        attribute(
            oids.SIGNING_CERTIFICATE_V2, w.sequence(w.sequence(w.sequence(w.octets(certificate_hash))))
        ),
        attribute(oids.ALGORITHM_PROTECTION, w.sequence(protection)),
    )
    named = w.sequence(issuer, w.integer(serial))
    return Message((issued.certificate,), issued.key, named, attributes)
