"""A small foreign PKI whose end certificates are asked about by OCSP (RFC 6960)."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from yakuba.card.paths import PathQuestion

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_DAY = timedelta(days=1)


@cache
def _key(whose: str) -> RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: str, *, authority: bool) -> x509.Certificate:
    issuer_key = _key("authority")
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name("authority"))
        .public_key(_key(subject).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - 100 * _DAY)
        .not_valid_after(AT + 100 * _DAY)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(_key(subject).public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not authority:
        asked = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.example/")
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([asked]), critical=False)
    return builder.sign(issuer_key, SHA256())


def _self_signed(subject: str) -> x509.Certificate:
    key = _key(subject)
    builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(subject))
    builder = builder.not_valid_before(AT - 100 * _DAY).not_valid_after(AT + 100 * _DAY)
    return builder.public_key(key.public_key()).serial_number(1).sign(key, SHA256())


@cache
def _pki() -> tuple[x509.Certificate, x509.Certificate]:
    return _certificate("authority", authority=True), _certificate("holder", authority=False)


def question(status: OCSPCertStatus, *, by_stranger: bool = False) -> PathQuestion:
    """The holder's certificate with an OCSP answer of ``status``, signed by the authority or by a stranger."""
    authority, holder = _pki()
    revoked = status is OCSPCertStatus.REVOKED
    answer = (
        OCSPResponseBuilder()
        .add_response(
            cert=holder, issuer=authority, algorithm=SHA256(), cert_status=status,
            this_update=AT - _DAY / 24, next_update=AT + _DAY,
            revocation_time=AT - _DAY if revoked else None,
            revocation_reason=x509.ReasonFlags.superseded if revoked else None,
        )
        .responder_id(OCSPResponderEncoding.NAME, _self_signed("stranger") if by_stranger else authority)
        .sign(_key("stranger" if by_stranger else "authority"), SHA256())
    )  # fmt: skip
    return PathQuestion(
        target=holder.public_bytes(Encoding.DER), at=AT, anchors=(authority.public_bytes(Encoding.DER),),
        ocsp=(answer.public_bytes(Encoding.DER),),
    )  # fmt: skip
