"""A time-stamping authority for the demo town and for tests (RFC 3161). It proves nothing outside of them.

In its folder: ``roots/tsa.crt`` is what is pinned; ``private/`` holds the keys. A town in service takes its stamps
from an accredited authority (総務大臣認定の時刻認証業務) and pins that one's root.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from yakuba.base.files import PUBLIC, private_folder, write_atomically
from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card import pki_profile as profile
from yakuba.card.certificate import Certificate, Extension, parse_certificate
from yakuba.card.keyfiles import read_key, write_key
from yakuba.card.signing import attribute, signer_info, signing_certificate
from yakuba.card.testca import new_key
from yakuba.card.trust import read_root

ROOT_LIFE: Final = timedelta(days=20 * 365)
KEY_LIFE: Final = timedelta(days=10 * 365)
_ROOT_NAME: Final = profile.distinguished_name(
    (oids.COUNTRY, "JP"), (oids.ORGANIZATION, "yakuba TEST"), (oids.COMMON_NAME, "yakuba TEST TSA root")
)
_NAME: Final = profile.distinguished_name(
    (oids.COUNTRY, "JP"), (oids.ORGANIZATION, "yakuba TEST"), (oids.COMMON_NAME, "yakuba TEST TSA")
)


class TestTsa:
    """The authority over its folder; the newest key stamps."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.roots_folder, self._private = folder / "roots", folder / "private"
        newest = max(self._private.glob("stamp-*.key"), key=lambda path: int(path.stem.partition("-")[2]))
        self._key = read_key(newest)
        self.certificate = parse_certificate(newest.with_suffix(".crt").read_bytes())

    @classmethod
    def create(cls, folder: Path, *, now: datetime) -> "TestTsa":
        """Make an authority with one key.

        Raises:
            FileExistsError: there is one already.
        """
        private = folder / "private"
        if private.exists():
            raise FileExistsError(f"{private} に時刻認証局の鍵がすでにあります。")
        private_folder(private)
        (folder / "roots").mkdir(exist_ok=True)
        key, moment = new_key(), now.replace(microsecond=0)
        request = _request(1, _ROOT_NAME, moment, ROOT_LIFE, key, profile.root_extensions(key.public_key()))
        write_key(private / "root.key", key)
        root = profile.sign_certificate(request, key)
        write_atomically(folder / "roots" / "tsa.crt", root, mode=PUBLIC)
        new_stamping_key(folder, now=now)
        return cls(folder)

    def stamp(self, digest: bytes, *, at: datetime) -> bytes:
        """A token over a SHA-256 ``digest`` at ``at``."""
        time = w.value(der.GENERALIZED_TIME, at.strftime("%Y%m%d%H%M%SZ").encode())
        imprint = w.sequence(oids.SHA256_WITH_NULL, w.octets(digest))
        info = w.sequence(
            w.integer(1), w.oid(oids.TEST_TIMESTAMP_POLICY), imprint, w.integer(secrets.randbits(64)), time
        )
        return _token(info, self.certificate, self._key)


def ensure_tsa(folder: Path, *, now: datetime) -> TestTsa:
    """The authority in ``folder``, made if there is none; past half of its key's life it gets a new one."""
    if not (folder / "private").exists():
        folder.mkdir(parents=True, exist_ok=True)
        return TestTsa.create(folder, now=now)
    if now > TestTsa(folder).certificate.not_after - KEY_LIFE / 2:
        new_stamping_key(folder, now=now)
    return TestTsa(folder)


def new_stamping_key(folder: Path, *, now: datetime) -> None:
    """The authority's next key, from now on the one that stamps."""
    private, key = folder / "private", new_key()
    number = 1 + len(list(private.glob("stamp-*.key")))
    root = read_root((folder / "roots" / "tsa.crt").read_bytes())
    extensions = {
        oids.AUTHORITY_KEY_IDENTIFIER: profile.authority_key_identifier(
            root.key_id, root.certificate.issuer, root.certificate.serial
        ),
        oids.KEY_USAGE: Extension(True, w.named_bits(0)),
        oids.EXTENDED_KEY_USAGE: Extension(True, w.sequence(w.oid(oids.TIME_STAMPING))),
    }
    request = _request(number + 1, _NAME, now.replace(microsecond=0), KEY_LIFE, key, extensions)
    certificate = profile.sign_certificate(request, read_key(private / "root.key"))
    write_atomically(private / f"stamp-{number}.crt", certificate, mode=PUBLIC)
    write_key(private / f"stamp-{number}.key", key)


def _request(
    serial: int,
    name: bytes,
    begin: datetime,
    life: timedelta,
    key: RSAPrivateKey,
    extensions: dict[str, Extension],
) -> profile.Request:
    public = profile.public_key_info(key.public_key())
    return profile.Request(serial, _ROOT_NAME, name, begin, begin + life, public, extensions)


def _token(info: bytes, certificate: Certificate, key: RSAPrivateKey) -> bytes:
    """SignedData version 3 with the stamp inside (RFC 5652 section 5.1: its type is not plain data)."""
    attributes = w.set_of(
        attribute(oids.CONTENT_TYPE, w.oid(oids.TIMESTAMP_INFO)),
        attribute(oids.MESSAGE_DIGEST, w.octets(hashlib.sha256(info).digest())),
        attribute(oids.SIGNING_CERTIFICATE_V2, signing_certificate(certificate.raw)),
    )
    named = w.sequence(certificate.issuer, w.integer(certificate.serial))
    signature = key.sign(attributes, PKCS1v15(), SHA256())
    inside = w.sequence(w.oid(oids.TIMESTAMP_INFO), w.explicit(0, w.octets(info)))
    return w.sequence(
        w.oid(oids.SIGNED_DATA),
        w.explicit(
            0,
            w.sequence(
                w.integer(3), w.set_of(oids.SHA256), inside, w.explicit(0, certificate.raw),
                w.set_of(signer_info(named, attributes, signature)),
            ),
        ),
    )  # fmt: skip
