"""Writing revocation lists (RFC 5280 section 5), a million entries in seconds: bytes, no object per entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.certificate import Extension
from yakuba.card.crl import REASONS
from yakuba.card.pki_profile import point, signed, write_extensions

_NUMBERS: Final = {name: number for number, name in REASONS.items()}


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry to be written: ``reason`` is a name of :data:`yakuba.card.crl.REASONS`."""

    serial: int
    at: datetime
    reason: str = "unspecified"


@dataclass(frozen=True, slots=True)
class ListFrame:
    """All a list says but its entries; ``issuer`` and ``scope`` are the raw DER of names."""

    issuer: bytes
    authority: Extension
    scope: bytes
    number: int
    this_update: datetime
    next_update: datetime


def write_crl(frame: ListFrame, entries: Iterable[Revoked], key: RSAPrivateKey) -> bytes:
    """The signed list.

    Raises:
        KeyError: an entry's reason has no place in a full list.
    """
    listed = b"".join(_entry(entry) for entry in entries)
    to_be_signed = w.sequence(
        w.integer(1),
        oids.SHA256_WITH_RSA,
        frame.issuer,
        w.time(frame.this_update),
        w.time(frame.next_update),
        *([w.sequence(listed)] if listed else []),
        w.explicit(0, write_extensions(list_extensions(frame))),
    )
    return signed(to_be_signed, key)


def list_extensions(frame: ListFrame) -> dict[str, Extension]:
    """Issuer's key, number, and (critical) the scope of the list."""
    return {
        oids.AUTHORITY_KEY_IDENTIFIER: frame.authority,
        oids.CRL_NUMBER: Extension(False, w.integer(frame.number)),
        oids.ISSUING_DISTRIBUTION_POINT: Extension(True, w.sequence(point(frame.scope))),
    }


def _entry(entry: Revoked) -> bytes:
    return w.sequence(w.integer(entry.serial), _time(entry.at), _reason(entry.reason))


@lru_cache(maxsize=4096)
def _time(moment: datetime) -> bytes:
    return w.time(moment)


@lru_cache(maxsize=4096)
def _reason(name: str) -> bytes:
    """Entry extensions with the reason; "unspecified" is left out (RFC 5280 section 5.3.1)."""
    number = _NUMBERS[name]
    return write_extensions({oids.REASON_CODE: Extension(False, w.enumerated(number))}) if number else b""
