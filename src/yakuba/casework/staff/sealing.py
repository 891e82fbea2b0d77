"""Secrets of the second factor are sealed at rest: a copied table signs nobody in."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_NONCE = 12


def seal(secret: str, belongs_to: str) -> bytes:
    """``secret`` encrypted (AES-GCM-SIV, RFC 8452) and bound to ``belongs_to``, the account's id."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCMSIV(_key(settings.SECRET_KEY)).encrypt(nonce, secret.encode(), belongs_to.encode())


def unseal(sealed: bytes, belongs_to: str) -> str:
    """The secret again; keys the zone has retired (``SECRET_KEY_FALLBACKS``) still open it.

    Raises:
        InvalidTag: sealed under another key, or for another account.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            opened = AESGCMSIV(_key(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], belongs_to.encode())
        except InvalidTag:
            continue
        return opened.decode()
    raise InvalidTag


def _key(secret: str | bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"yakuba staff second factor").derive(force_bytes(secret))
