"""The certificate profile of the notice authority: what its root, its signing certificates and its lists say.

Names say TEST in the policy only (arc 2.999, ITU-T X.660 examples): a town that buys its certificate from a
recognised authority pins that authority's root instead and none of this is used.
"""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from yakuba.card.pdf_policy import NOTICE_POLICY_OID

CRL_LIFE = timedelta(days=60)
AUTHORITY_LIFE = timedelta(days=15 * 365)
# id-kp-documentSigning, RFC 9336 section 3.1.
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
AUTHORITY_NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "yakuba"),
        x509.NameAttribute(NameOID.COMMON_NAME, "yakuba notice authority (TEST)"),
    ]
)


def authority_certificate(key: RSAPrivateKey, at: datetime) -> x509.Certificate:
    """The self-signed root (RFC 5280 sections 4.2.1.2, .3, .9)."""
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(AUTHORITY_NAME)
        .issuer_name(AUTHORITY_NAME)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + AUTHORITY_LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )


def signing_certificate(
    public: RSAPublicKey,
    authority: x509.Certificate,
    authority_key: RSAPrivateKey,
    municipality: str,
    number: int,
    name: tuple[str, str],
    validity: tuple[datetime, datetime],
) -> x509.Certificate:
    """The certificate of a municipality's ``number``-th key; ``name`` is the town's and its head's (葉山町, 葉山町長)."""
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(municipality, name))
        .issuer_name(authority.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(_authority_key(authority), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(_policies(), critical=True)
        .add_extension(_points(municipality, number), critical=False)
        .sign(authority_key, SHA256())
    )


def crl_scope(certificate: x509.Certificate) -> x509.Name:
    """The directory name of the one revocation list that speaks for ``certificate``."""
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    name = (points[0].full_name or [])[0]
    assert isinstance(name, x509.DirectoryName)
    return name.value


def revocation_list(
    authority: x509.Certificate,
    authority_key: RSAPrivateKey,
    scope: x509.Name,
    certificate: x509.Certificate,
    revoked: tuple[datetime, x509.ReasonFlags] | None,
    at: datetime,
) -> x509.CertificateRevocationList:
    """The list of scope ``scope``, empty or with its one certificate (RFC 5280 section 5)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(at)
        .next_update(at + CRL_LIFE)
        .add_extension(_authority_key(authority), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(_issuing_point(scope), critical=True)
    )
    if revoked:
        since, reason = revoked
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
        entry = entry.revocation_date(since).add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority_key, SHA256())


def _subject(municipality: str, name: tuple[str, str]) -> x509.Name:
    town, head = name
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, town),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"GOVJP-{municipality}"),
            x509.NameAttribute(NameOID.COMMON_NAME, head),
        ]
    )


def _scope(municipality: str, number: int) -> x509.Name:
    return x509.Name(
        [*AUTHORITY_NAME, x509.NameAttribute(NameOID.COMMON_NAME, f"CRLDP {municipality}-{number}")]
    )


def _points(municipality: str, number: int) -> x509.CRLDistributionPoints:
    name = x509.DirectoryName(_scope(municipality, number))
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)])


def _issuing_point(scope: x509.Name) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.DirectoryName(scope)],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )


def _policies() -> x509.CertificatePolicies:
    policy = x509.ObjectIdentifier(NOTICE_POLICY_OID)
    return x509.CertificatePolicies([x509.PolicyInformation(policy, None)])


def _authority_key(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    key = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key)


def _usage(**bits: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})
