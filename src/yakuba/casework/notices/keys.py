"""The town's notice keys on disk, for towns without an HSM and for the demonstration: a small authority of its own.

``make_notice_keys`` lays out::

    ca.key                            the authority's private key (mode 0600; a real town keeps it elsewhere)
    keys/<municipality>-<n>.pem       a signing key with its certificate; the highest <n> is the one in use
    certificates/<municipality>-<n>.crt  every certificate given, also for keys that are in an HSM
    public/roots/notice-ca.crt        what anyone pins to check notices
    public/crls/<municipality>-<n>.crl  one revocation list per signing certificate, renewed while that is valid

Each signing certificate has a list of its own, so that the last one issued before its end speaks for it for ever.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from yakuba.base.clock import now
from yakuba.base.files import PRIVATE, PUBLIC, write_atomically
from yakuba.casework.notices.certificates import (
    CRL_LIFE,
    authority_certificate,
    crl_scope,
    revocation_list,
    signing_certificate,
)
from yakuba.casework.notices.letterheads import letterhead, municipalities

# CRYPTREC and NIST SP 800-57 count RSA-2048 until 2030; notices signed today are checked longer than that.
KEY_BITS = 3072
KEY_LIFE = timedelta(days=3 * 365)


def make_notice_keys(
    folder: Path,
    codes: Iterable[str] | None = None,
    *,
    public: Path | None = None,
    at: datetime | None = None,
) -> None:
    """Make what is missing in ``folder``, and renew revocation lists past half their life. Safe to run again.

    Args:
        folder: made if it is not there; private parts are readable by their owner only.
        codes: municipalities to make keys for; those with a letterhead if left out.
        public: where the public part goes if not into ``folder``, so that the other zones need not see that;
            ``folder/public`` then leads there.
        at: the moment it is, for tests.
    """
    moment = (at or now()).replace(microsecond=0)
    if public is not None and not (folder / "public").exists():
        public.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "public").symlink_to(public.resolve())
    for part in ("keys", "public/roots", "public/crls"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "keys").chmod(0o700)
    _authority(folder, moment)
    for code in municipalities() if codes is None else codes:
        if not current_key(folder / "keys", code):
            rotate(folder, code, at=moment)
    renew_lists(folder, at=moment)


def rotate(folder: Path, municipality: str, *, at: datetime | None = None) -> Path:
    """Make the municipality's next signing key, from now on the one in use; earlier notices stay good.

    Returns:
        The new key's file.
    """
    moment = (at or now()).replace(microsecond=0)
    before = current_key(folder / "keys", municipality)
    number = int(before.stem.partition("-")[2]) + 1 if before else 1
    key = generate_private_key(65537, KEY_BITS)
    certificate = certify(folder, municipality, number, key.public_key(), moment, moment + KEY_LIFE)
    path = folder / "keys" / f"{municipality}-{number}.pem"
    _write_private(path, _pem(key) + certificate.public_bytes(Encoding.PEM))
    return path


def certify(
    folder: Path, municipality: str, number: int, public: RSAPublicKey, begin: datetime, end: datetime
) -> x509.Certificate:
    """The certificate for a municipality's ``number``-th key, wherever that key is (a file, an HSM), with its
    revocation list. The certificate is kept in ``folder/certificates``, where the lists are renewed from.
    """
    authority_key, authority = _authority(folder, begin)
    town = letterhead(municipality)
    name = (town.town.ja, town.head_title)
    certificate = signing_certificate(
        public, authority, authority_key, municipality, number, name, (begin, end)
    )
    path = folder / "certificates" / f"{municipality}-{number}.crt"
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, certificate.public_bytes(Encoding.DER), mode=PUBLIC)
    _write_list(folder, path, authority, authority_key, begin)
    return certificate


def current_key(keys: Path, municipality: str) -> Path | None:
    """The key file in use for a municipality, in the folder of key files: the highest number."""
    files = keys.glob(f"{municipality}-*.pem")
    return max(files, key=lambda file: int(file.stem.partition("-")[2]), default=None)


def revoke(
    folder: Path,
    name: str,
    *,
    at: datetime,
    reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise,
) -> None:
    """Put the certificate ``name`` (``143014-1``) on its revocation list from ``at`` on."""
    authority_key, authority = _authority(folder, at)
    (folder / f"{name}.revoked").write_text(f"{at.isoformat()} {reason.name}\n", encoding="ascii")
    _write_list(folder, folder / "certificates" / f"{name}.crt", authority, authority_key, at)


def renew_lists(folder: Path, *, at: datetime) -> None:
    """Issue again each list of a certificate still valid, once half of the list's life is over."""
    due = [
        path for path in sorted((folder / "certificates").glob("*-*.crt")) if _list_is_due(folder, path, at)
    ]
    if not due:  # reading the authority's key tests its primes, which takes a while
        return
    authority_key, authority = _authority(folder, at)
    for path in due:
        _write_list(folder, path, authority, authority_key, at)


def _list_is_due(folder: Path, path: Path, at: datetime) -> bool:
    issued = _list_path(folder, path)
    old = x509.load_der_x509_crl(issued.read_bytes()).last_update_utc if issued.exists() else None
    valid = at < _certificate_in(path).not_valid_after_utc
    return valid and (old is None or at - old > CRL_LIFE / 2)


def _authority(folder: Path, at: datetime) -> tuple[RSAPrivateKey, x509.Certificate]:
    path, public = folder / "ca.key", folder / "public" / "roots" / "notice-ca.crt"
    if path.exists():
        key = load_der_private_key(path.read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
        return key, x509.load_der_x509_certificate(public.read_bytes())
    key = generate_private_key(65537, KEY_BITS)
    certificate = authority_certificate(key, at)
    public.write_bytes(certificate.public_bytes(Encoding.DER))
    _write_private(path, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return key, certificate


def _write_list(
    folder: Path, path: Path, authority: x509.Certificate, authority_key: RSAPrivateKey, at: datetime
) -> None:
    certificate = _certificate_in(path)
    note = folder / f"{path.stem}.revoked"
    revoked = None
    if note.exists():
        since, reason = note.read_text(encoding="ascii").split()
        revoked = (datetime.fromisoformat(since), x509.ReasonFlags[reason])
    crl = revocation_list(authority, authority_key, crl_scope(certificate), certificate, revoked, at)
    write_atomically(_list_path(folder, path), crl.public_bytes(Encoding.DER), mode=PUBLIC)


def _list_path(folder: Path, path: Path) -> Path:
    return folder / "public" / "crls" / f"{path.stem}.crl"


def _certificate_in(path: Path) -> x509.Certificate:
    return x509.load_der_x509_certificate(path.read_bytes())


def read_key_file(path: Path) -> tuple[RSAPrivateKey, x509.Certificate]:
    """The key and certificate of a PEM file.

    Raises:
        ValueError: not an unencrypted RSA key with its certificate.
    """
    data = path.read_bytes()
    key, certificate = load_pem_private_key(data, None), x509.load_pem_x509_certificate(data)
    same = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if not isinstance(key, RSAPrivateKey) or _public(key) != same:
        raise ValueError(f"{path}: RSAの秘密鍵と、それに対応する証明書を1つのPEMファイルに入れてください。")
    return key, certificate


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name: 葉山町長."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_private(path: Path, data: bytes) -> None:
    write_atomically(path, data, mode=PRIVATE)
