"""Signing with any card: a detached CMS signature over an application, and a signed challenge for log-in."""

import hashlib
from datetime import datetime

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import parse_certificate
from yakuba.card.interface import Authentication, Card, Session


def sign_cms(card: Card, content: bytes, pin: str, *, at: datetime) -> bytes:
    """A detached CMS SignedData (RFC 5652) over ``content``, signed now by the card's clock-keeper ``at``.

    Signed attributes: content type, message digest, signing time, signing certificate (RFC 5035) and the
    algorithms (RFC 6211). The signer's certificate is the only one embedded.

    Raises:
        CardError: the PIN was not right, or the card cannot sign.
    """
    with card.unlocked("sign", pin) as session:
        return signed_data(session, content, at)


def authenticate(card: Card, challenge: bytes, pin: str) -> Authentication:
    """Sign ``challenge`` with the authentication key.

    Raises:
        CardError: the PIN was not right, or the card cannot sign.
    """
    with card.unlocked("auth", pin) as session:
        signature = session.sign_digest(hashlib.sha256(challenge).digest())
        return Authentication(session.certificate, signature)


def signed_data(session: Session, content: bytes, at: datetime) -> bytes:
    """The message, signed in an open session."""
    certificate = parse_certificate(session.certificate)
    attributes = signed_attributes(session.certificate, hashlib.sha256(content).digest(), at)
    signature = session.sign_digest(hashlib.sha256(attributes).digest())
    named = w.sequence(certificate.issuer, w.integer(certificate.serial))
    signer = signer_info(named, attributes, signature)
    return wrapped(session.certificate, signer)


def signer_info(named: bytes, attributes: bytes, signature: bytes) -> bytes:
    """SignerInfo version 1 (RFC 5652 section 5.3); the attributes' SET tag becomes ``[0]``."""
    tagged = bytes((der.CONTEXT | der.CONSTRUCTED | 0,)) + attributes[1:]
    return w.sequence(w.integer(1), named, oids.SHA256, tagged, oids.SHA256_WITH_RSA, w.octets(signature))


def wrapped(certificate: bytes, signer: bytes) -> bytes:
    """ContentInfo around SignedData version 1 with one signer and without its content (section 5.1, 5.2)."""
    return w.sequence(
        w.oid(oids.SIGNED_DATA),
        w.explicit(
            0,
            w.sequence(
                w.integer(1),
                w.set_of(oids.SHA256),
                w.sequence(w.oid(oids.DATA)),
                w.explicit(0, certificate),
                w.set_of(signer),
            ),
        ),
    )


def signed_attributes(certificate: bytes, digest: bytes, at: datetime) -> bytes:
    """The attributes that are signed, as SET OF (sections 5.3, 5.4, 11)."""
    protection = oids.SHA256 + bytes((der.CONTEXT | der.CONSTRUCTED | 1,)) + oids.SHA256_WITH_RSA[1:]
    return w.set_of(
        attribute(oids.CONTENT_TYPE, w.oid(oids.DATA)),
        attribute(oids.MESSAGE_DIGEST, w.octets(digest)),
        attribute(oids.SIGNING_TIME, w.time(at)),
        attribute(oids.SIGNING_CERTIFICATE_V2, signing_certificate(certificate)),
        attribute(oids.ALGORITHM_PROTECTION, w.sequence(protection)),
    )


def attribute(dotted: str, *values: bytes) -> bytes:
    """One attribute."""
    return w.sequence(w.oid(dotted), w.set_of(*values))


def signing_certificate(certificate: bytes) -> bytes:
    """SigningCertificateV2 (RFC 5035 section 3): SHA-256 of the certificate, its issuer and serial."""
    parsed = parse_certificate(certificate)
    named = w.sequence(w.sequence(w.explicit(4, parsed.issuer)), w.integer(parsed.serial))
    return w.sequence(w.sequence(w.sequence(w.octets(hashlib.sha256(certificate).digest()), named)))
