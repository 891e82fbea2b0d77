"""A test authority with JPKI's profile, for the demo town and for tests. It has nothing to do with J-LIS.

In its folder: ``roots/`` and ``crls/`` are public and are what the zones read; ``private/`` holds the
roots' keys, the counter's unlock key and the books, for the owner only. Three generations of roots share
one name for each kind: g1 has expired, g2 and g3 are in force (a renewed authority keeps its name).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from yakuba.base.files import PUBLIC, private_folder, write_atomically
from yakuba.card import pki_profile as profile
from yakuba.card.attributes import Attributes
from yakuba.card.books import Books, RevokedRow
from yakuba.card.certificate import PUBLIC_EXPONENT, Extension
from yakuba.card.crlwrite import ListFrame, Revoked, write_crl
from yakuba.card.keyfiles import read_key, write_key
from yakuba.card.outcomes import Kind
from yakuba.card.trust import Root, read_root

KINDS: Final[tuple[Kind, ...]] = ("sign", "auth")
GENERATIONS: Final = {"g1": (-12, -1), "g2": (-6, 4), "g3": (-1, 9)}
"""Roots by name: the years from the authority's making at which each begins and ends."""
NEWEST: Final = "g3"
CERTIFICATE_LIFE: Final = timedelta(days=5 * 365)
CRL_LIFE: Final = timedelta(days=7)
_YEAR: Final = timedelta(days=365)
_FIRST_FILLER: Final = 0x4000_0000
_KEY_BITS: Final = 2048
_UNLOCK_KEY_OCTETS: Final = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate and its private key."""

    kind: Kind
    certificate: bytes
    key: RSAPrivateKey
    issuer_key_id: str
    serial: str


@dataclass(frozen=True, slots=True)
class IssuedPair:
    """The two certificates of one card."""

    sign: Issued
    auth: Issued


def new_key() -> RSAPrivateKey:
    """A fresh RSA-2048 key."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, _KEY_BITS)


class TestCA:
    """The authority over its folder. Times are handed in; the clock is the caller's."""

    __test__ = False  # pytest: a test authority, not a test

    def __init__(self, folder: Path) -> None:
        self.roots_folder, self.crls_folder = folder / "roots", folder / "crls"
        self._private = folder / "private"
        self._books = Books(self._private / "books.json")
        self._keys: dict[tuple[Kind, str], RSAPrivateKey] = {}
        self._roots: dict[tuple[Kind, str], Root] = {
            (kind, generation): read_root((self.roots_folder / f"{kind}-{generation}.crt").read_bytes())
            for kind in KINDS
            for generation in GENERATIONS
        }

    @classmethod
    def create(cls, folder: Path, *, now: datetime, municipalities: Sequence[str]) -> "TestCA":
        """Make an authority in ``folder`` with empty lists for ``municipalities``.

        Raises:
            FileExistsError: there is one already; keys are never overwritten.
        """
        private = folder / "private"
        if private.exists():
            raise FileExistsError(
                f"{private} に認証局の鍵がすでにあります。別のフォルダーを指定してください。"
            )
        private_folder(private)
        (folder / "roots").mkdir(exist_ok=True)
        (folder / "crls").mkdir(exist_ok=True)
        write_atomically(private / "unlock.key", secrets.token_bytes(_UNLOCK_KEY_OCTETS))
        for kind in KINDS:
            for generation in GENERATIONS:
                _make_root(folder, kind, generation, now)
        Books.create(private / "books.json", municipalities)
        authority = cls(folder)
        authority.publish_crls(now=now)
        return authority

    @classmethod
    def open(cls, folder: Path) -> "TestCA":
        """The authority made in ``folder`` before.

        Raises:
            FileNotFoundError: there is none.
        """
        return cls(folder)

    @property
    def unlock_key(self) -> bytes:
        """What the counter's terminal holds to unlock cards made here."""
        return (self._private / "unlock.key").read_bytes()

    def root(self, kind: Kind, generation: str = NEWEST) -> Root:
        """A root."""
        return self._roots[kind, generation]

    def root_key(self, kind: Kind, generation: str = NEWEST) -> RSAPrivateKey:
        """A root's private key."""
        found = self._keys.get((kind, generation))
        if found is None:  # reading checks the key's primes, which takes a while: once will do
            found = self._keys[kind, generation] = read_key(self._private / f"{kind}-{generation}.key")
        return found

    def issue(
        self,
        holder: Attributes,
        municipality: str,
        *,
        now: datetime,
        not_after: datetime | None = None,
        generation: str = NEWEST,
        serials: tuple[int, int] | None = None,
        keys: tuple[RSAPrivateKey, RSAPrivateKey] | None = None,
    ) -> IssuedPair:
        """Issue both certificates of a card, valid from ``now`` to ``not_after`` (five years if not given).

        ``serials`` and ``keys`` (sign, auth) are chosen here if not given.

        Raises:
            AlreadyIssued: this root has issued one of ``serials`` before.
            InvalidMunicipalityCode: ``municipality`` is not a code.
        """
        keys = keys or (new_key(), new_key())
        made = []
        for place, kind in enumerate(KINDS):
            request = self.request(
                kind, holder, municipality, keys[place], now=now, not_after=not_after, generation=generation,
                serial=serials[place] if serials else None,
            )  # fmt: skip
            made.append(self._issued(kind, request, generation, keys[place]))
        return IssuedPair(*made)

    def _issued(self, kind: Kind, request: profile.Request, generation: str, key: RSAPrivateKey) -> Issued:
        key_id = self.root(kind, generation).key_id.hex()
        return Issued(kind, self.certify(kind, request, generation), key, key_id, f"{request.serial:x}")

    def request(
        self,
        kind: Kind,
        holder: Attributes,
        municipality: str,
        key: RSAPrivateKey,
        *,
        now: datetime,
        not_after: datetime | None = None,
        generation: str = NEWEST,
        serial: int | None = None,
    ) -> profile.Request:
        """What a certificate by the profile says; enters its serial in the books."""
        root = self.root(kind, generation)
        begin = now.replace(microsecond=0)
        number = self._books.enter(kind, root.key_id.hex(), municipality, serial)
        authority = self.authority(kind, generation)
        return profile.Request(
            number,
            root.certificate.subject,
            profile.holder_name(municipality, f"{begin:%Y%m%d%H%M%S}{number:012d}"),
            begin,
            not_after or begin + CERTIFICATE_LIFE,
            profile.public_key_info(key.public_key()),
            profile.holder_extensions(kind, authority, municipality, holder),
        )

    def authority(self, kind: Kind, generation: str = NEWEST) -> Extension:
        """The authorityKeyIdentifier of all a root signs."""
        root = self.root(kind, generation)
        return profile.authority_key_identifier(root.key_id, root.certificate.issuer, root.certificate.serial)

    def certify(self, kind: Kind, request: profile.Request, generation: str = NEWEST) -> bytes:
        """Sign whatever ``request`` says, right or wrong."""
        return profile.sign_certificate(request, self.root_key(kind, generation))

    def revoke(
        self, kind: Kind, issuer_key_id: str, serial: str, *, at: datetime, reason: str = "unspecified"
    ) -> None:
        """Enter a revocation (``certificateHold`` for a hold); it is in force once lists are published.

        Raises:
            NotIssued: no such certificate stands in the books.
        """
        self._books.revoke(RevokedRow(kind, issuer_key_id, serial, at, reason))

    def release(self, kind: Kind, issuer_key_id: str, serial: str) -> None:
        """Take a hold back (一時停止の解除).

        Raises:
            NotIssued: that certificate is not on hold.
        """
        self._books.release(kind, issuer_key_id, serial)

    def standing(self, issuer_key_id: str, serial: str) -> RevokedRow | None:
        """How one certificate stands: its revocation, or None if it is in force.

        Raises:
            NotIssued: no such certificate stands in the books.
        """
        return self._books.standing(issuer_key_id, serial)

    def publish_crls(self, *, now: datetime, life: timedelta = CRL_LIFE, fillers: int = 0) -> None:
        """Write the list of every municipality, kind and root, each with ``fillers`` further made-up
        entries.
        """
        this_update = now.replace(microsecond=0)
        number = self._books.next_crl_number()
        more = [Revoked(_FIRST_FILLER + 7 * each, this_update, "superseded") for each in range(fillers)]
        for (kind, generation), root in self._roots.items():
            key, authority = self.root_key(kind, generation), self.authority(kind, generation)
            for municipality in self._books.municipalities():
                frame = ListFrame(
                    root.certificate.subject, authority, profile.distribution_point_name(kind, municipality),
                    number, this_update, this_update + life,
                )  # fmt: skip
                rows = self._books.revoked(kind, root.key_id.hex(), municipality)
                entries = (Revoked(int(row.serial, 16), row.at, row.reason) for row in rows)
                file = self.crls_folder / f"{kind}-{generation}-{municipality}.crl"
                write_atomically(file, write_crl(frame, chain(entries, more), key), mode=PUBLIC)


def _make_root(folder: Path, kind: Kind, generation: str, now: datetime) -> None:
    key, name = new_key(), profile.authority_name(kind)
    begin, end = GENERATIONS[generation]
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    request = profile.Request(
        secrets.randbits(63) | 1,
        name,
        name,
        midnight + begin * _YEAR,
        midnight + end * _YEAR,
        profile.public_key_info(key.public_key()),
        profile.root_extensions(key.public_key()),
    )
    write_key(folder / "private" / f"{kind}-{generation}.key", key)
    certificate = profile.sign_certificate(request, key)
    write_atomically(folder / "roots" / f"{kind}-{generation}.crt", certificate, mode=PUBLIC)
