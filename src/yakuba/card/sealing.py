"""How an emulated card keeps its keys at rest: sealed under a data key, which a PIN or the counter can open.

A real card's chip guards its keys; a file cannot. Whoever copies the file can try all PINs on it, so emulated
cards are for synthetic people only. Sealing still keeps keys and the holder's name out of plain sight.
"""

import base64
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY_OCTETS: Final = 32
_SALT_OCTETS: Final = 16
_NONCE_OCTETS: Final = 12
_SCRYPT_COST: Final = 2**13


class CannotOpen(ValueError):
    """Not the key this was sealed with, or the sealed bytes were changed."""


def new_data_key() -> bytes:
    """A fresh data key."""
    return AESGCM.generate_key(KEY_OCTETS * 8)


def new_salt() -> bytes:
    """A fresh salt for :func:`pin_key`."""
    return secrets.token_bytes(_SALT_OCTETS)


def pin_key(pin: str, salt: bytes) -> bytes:
    """The key a PIN stands for (scrypt, RFC 7914)."""
    return Scrypt(salt=salt, length=KEY_OCTETS, n=_SCRYPT_COST, r=8, p=1).derive(pin.encode())


def seal(key: bytes, plain: bytes, bound_to: str) -> str:
    """``plain`` sealed under ``key`` (AES-256-GCM) and bound to a purpose, as base64 text."""
    nonce = secrets.token_bytes(_NONCE_OCTETS)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())).decode()


def unseal(key: bytes, sealed: str, bound_to: str) -> bytes:
    """What was sealed.

    Raises:
        CannotOpen: wrong key, purpose or bytes.
    """
    data = base64.b64decode(sealed)
    try:
        return AESGCM(key).decrypt(data[:_NONCE_OCTETS], data[_NONCE_OCTETS:], bound_to.encode())
    except InvalidTag as problem:
        raise CannotOpen("sealed with another key, or changed") from problem
