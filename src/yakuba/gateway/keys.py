"""Keys of a zone and certificates of a link, made at set-up. Nothing that exists is ever overwritten.

A zone key (Ed25519) seals the zone's messages and signs its receipts and audit heads. Each link between two zones has
a certificate authority of its own that issues exactly one server and one client certificate: whoever presents
another certificate, even one of another link of the same town, is not let in.
"""

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from yakuba.base.clock import now
from yakuba.base.files import PUBLIC, write_new

LINK_LIFETIME = timedelta(days=365)
_AUTHORITY_LIFETIME = timedelta(days=3650)


def make_zone_key(folder: Path, zone: str) -> None:
    """Make ``<zone>.key`` (PKCS#8 PEM, readable by its owner only) and ``<zone>.pub`` in ``folder``, if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    key_file = folder / f"{zone}.key"
    write_new(key_file, _private_pem(ed25519.Ed25519PrivateKey.generate()))
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    write_new(folder / f"{zone}.pub", _public_pem(key), mode=PUBLIC)


def make_link(folder: Path, outer: str, inner: str, hosts: tuple[str, ...] = ("127.0.0.1",)) -> None:
    """Make the certificates of the link on which ``inner`` calls ``outer``, if missing, in ``folder``:

    ``ca.pem`` and ``ca.key`` (needed again only to renew), ``server.pem``/``server.key`` for ``outer``,
    ``client.pem``/``client.key`` for ``inner``. To renew, remove the server's or client's two files and call again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _make_authority(folder, f"{outer}-{inner}")
    for role, zone, usage in (
        ("server", outer, ExtendedKeyUsageOID.SERVER_AUTH),
        ("client", inner, ExtendedKeyUsageOID.CLIENT_AUTH),
    ):
        if not (folder / f"{role}.pem").exists():
            _issue(folder, role, zone, (usage,), hosts if role == "server" else ())


def make_broker(folder: Path, outer: str, inner: str, hosts: tuple[str, ...] = ("127.0.0.1",)) -> None:
    """Make the certificates of the broker that carries the link between ``outer`` and ``inner``, if missing, in ``folder``:

    an authority of its own (``ca.pem``, ``ca.key``), ``node`` for its servers (also among themselves), ``outer`` and
    ``inner`` for the two zones' relays, and ``keeper``, which sets up its streams. See :mod:`yakuba.gateway.broker`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _make_authority(folder, f"broker {outer}-{inner}")
    caller = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    for role, name, usages in (
        ("node", "node", (ExtendedKeyUsageOID.SERVER_AUTH, *caller)),
        ("outer", outer, caller),
        ("inner", inner, caller),
        ("keeper", "keeper", caller),
    ):
        if not (folder / f"{role}.pem").exists():
            _issue(folder, role, name, usages, hosts if role == "node" else ())


def _make_authority(folder: Path, link: str) -> None:
    key_file, certificate_file = folder / "ca.key", folder / "ca.pem"
    write_new(key_file, _private_pem(ec.generate_private_key(ec.SECP256R1())))
    if certificate_file.exists():
        return
    key = _ec_key(key_file)
    name, at = _name(f"yakuba link {link}"), now()
    certificate = (
        _builder(name, name, key.public_key(), at, _AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_new(certificate_file, certificate.public_bytes(serialization.Encoding.PEM), mode=PUBLIC)


def _issue(
    folder: Path, role: str, zone: str, usages: tuple[x509.ObjectIdentifier, ...], hosts: tuple[str, ...]
) -> None:
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    key_file = folder / f"{role}.key"
    write_new(key_file, _private_pem(ec.generate_private_key(ec.SECP256R1())))
    builder = _builder(
        _name(f"yakuba {zone}"), authority.subject, _ec_key(key_file).public_key(), now(), LINK_LIFETIME
    )
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=True)
    )
    if hosts:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_host_name(host) for host in hosts]), critical=False
        )
    certificate = builder.sign(_ec_key(folder / "ca.key"), hashes.SHA256())
    write_new(folder / f"{role}.pem", certificate.public_bytes(serialization.Encoding.PEM), mode=PUBLIC)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))  # zones' clocks differ a little
        .not_valid_after(at + lifetime)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, key_cert_sign=authority, crl_sign=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _ec_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic-curve key; links use P-256")
    return key


def _private_pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_pem(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
