"""The keys of the 個人番号: one for each version of encryption, one for the blind index. Kept in a file that only the
My Number zone's process reads (``YAKUBA_MYNUMBER_KEYS``); a town with an HSM mounts the file from it.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from yakuba.base.files import write_atomically

_KEY_BYTES = 32
_NONCE = 12
_BLOCK = 64  # of SHA-256, in bytes
_TABLE = "registers_my_number"


class UnusableKeys(RuntimeError):
    """The key file is missing, readable by others or damaged; the message says what to do. It never shows a key."""


@dataclass(frozen=True, slots=True, repr=False)
class MyNumberKeys:
    """Encryption keys by version (the newest seals), and the key of the blind index."""

    encryption: Mapping[int, bytes]
    index: bytes

    @property
    def newest(self) -> int:
        """The version that seals."""
        return max(self.encryption)

    def __repr__(self) -> str:
        return f"MyNumberKeys(versions={sorted(self.encryption)})"


def make_keys(path: Path) -> None:
    """Write a new key file with version 1, readable by its owner only. An existing file is left as it is."""
    if path.exists():
        return
    _write(path, MyNumberKeys({1: _new_key()}, os.urandom(_KEY_BYTES)))


def add_version(path: Path) -> int:
    """Add the next version, which seals from now on; older ones still open. Returns its number."""
    keys = read_keys(path)
    version = keys.newest + 1
    _write(path, MyNumberKeys({**keys.encryption, version: _new_key()}, keys.index))
    return version


def read_keys(path: Path) -> MyNumberKeys:
    """The keys in the file.

    Raises:
        UnusableKeys: with what to do about it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UnusableKeys(
                f"鍵ファイル {path} を所有者以外が読めます。chmod 600 {path} を実行してください。"
            )
        return _cached(str(path), path.stat().st_mtime_ns)
    except OSError as error:
        raise UnusableKeys(
            f"鍵ファイル {path} を読めません({error.strerror})。YAKUBA_MYNUMBER_KEYS を確かめてください。"
        ) from error


@lru_cache(maxsize=4)
def _cached(path: str, _changed: int) -> MyNumberKeys:
    try:
        data = json.loads(Path(path).read_text("utf-8"))
        encryption = {int(version): _bytes(text) for version, text in data["encryption"].items()}
        keys = MyNumberKeys(encryption, _bytes(data["index"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnusableKeys(f"鍵ファイル {path} が壊れています。控えから戻してください。") from None
    if not encryption or keys.index in encryption.values():
        raise UnusableKeys(f"鍵ファイル {path} の鍵が足りないか、重なっています。控えから戻してください。")
    return keys


def associated_data(municipality: str, table: str, column: str, row: str) -> bytes:
    """What a sealed value is bound to: moved to another row, column or town, it no longer opens."""
    return "\0".join((municipality, table, column, row)).encode()


def sealed(
    keys: MyNumberKeys, municipality: str, atena_number: str, history_number: int, digits: str
) -> bytes:
    """A 個人番号 as its row keeps it; it opens in that row only."""
    return seal(keys, digits.encode(), row_binding(municipality, atena_number, history_number))


def sealed_rows(
    keys: MyNumberKeys, municipality: str, numbers: Sequence[tuple[str, str]]
) -> Iterator[tuple[bytes, bytes]]:
    """As :func:`sealed` (first history row) and :func:`blind_index` for many: ``numbers`` are 宛名番号 and digits.

    One call for all random bytes and one prepared HMAC: a town is filled with a million of them.
    """
    nonces, encrypt = os.urandom(_NONCE * len(numbers)), _cipher(keys.encryption[keys.newest]).encrypt
    inner, outer = (_hmac_pad(keys.index, pad) for pad in (0x36, 0x5C))
    before, after = associated_data(municipality, _TABLE, "sealed", ""), b"/1"
    for place, (atena_number, digits) in enumerate(numbers):
        nonce, plain = nonces[place * _NONCE : (place + 1) * _NONCE], digits.encode()
        first, second = inner.copy(), outer.copy()
        first.update(f"{municipality}/{digits}".encode())
        second.update(first.digest())
        yield nonce + encrypt(nonce, plain, before + atena_number.encode() + after), second.digest()


def _hmac_pad(key: bytes, pad: int) -> "hashlib._Hash":
    """SHA-256 fed with one of the two padded keys (RFC 2104 section 2)."""
    return hashlib.sha256(bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0")))


def row_binding(municipality: str, atena_number: str, history_number: int) -> bytes:
    """The associated data of a row of 個人番号."""
    return associated_data(municipality, _TABLE, "sealed", f"{atena_number}/{history_number}")


def blind_index(keys: MyNumberKeys, municipality: str, digits: str) -> bytes:
    """HMAC-SHA-256 of town and number: finds the row without telling the number, and differs between towns."""
    return hmac.digest(keys.index, f"{municipality}/{digits}".encode(), "sha256")


def seal(keys: MyNumberKeys, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce and AES-256-GCM-SIV ciphertext (RFC 8452: a repeated nonce reveals only that two values are equal)."""
    nonce = os.urandom(12)
    return nonce + _cipher(keys.encryption[keys.newest]).encrypt(nonce, plain, bound_to)


def unseal(keys: MyNumberKeys, version: int, sealed: bytes, bound_to: bytes) -> bytes:
    """The value.

    Raises:
        UnusableKeys: the key of this version is missing.
        cryptography.exceptions.InvalidTag: changed, or bound to something else.
    """
    key = keys.encryption.get(version)
    if key is None:
        raise UnusableKeys(f"鍵の版{version}がありません。控えの鍵ファイルを確かめてください。")
    return _cipher(key).decrypt(sealed[:12], sealed[12:], bound_to)


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCMSIV:
    return AESGCMSIV(key)


def _new_key() -> bytes:
    return AESGCMSIV.generate_key(256)


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _write(path: Path, keys: MyNumberKeys) -> None:
    text = json.dumps(
        {
            "encryption": {str(n): base64.b64encode(key).decode() for n, key in keys.encryption.items()},
            "index": base64.b64encode(keys.index).decode(),
        }
    )
    write_atomically(path, text.encode())
