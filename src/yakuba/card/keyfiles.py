"""Private keys of the test authority on disk: PKCS #8, readable by their owner only."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from yakuba.base.files import write_atomically


def key_bytes(key: RSAPrivateKey) -> bytes:
    """``key`` as PKCS #8 DER, unencrypted: for the caller to protect."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def key_from_bytes(data: bytes) -> RSAPrivateKey:
    """The key in PKCS #8 DER.

    Raises:
        ValueError: not an RSA key.
    """
    key = load_der_private_key(data, None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("RSA の秘密鍵ではありません")
    return key


def write_key(path: Path, key: RSAPrivateKey) -> None:
    """Put ``key`` at ``path``, mode 0600."""
    write_atomically(path, key_bytes(key))


def read_key(path: Path) -> RSAPrivateKey:
    """The key at ``path``."""
    return key_from_bytes(path.read_bytes())
