"""A definition on its way from one municipality to another, with signed provenance (来歴).

A package holds the document and a chain of statements: each says which municipality published which document, out of
which earlier statement it made it, and is signed with that municipality's key (Ed25519, RFC 8032). Whoever receives
the package can check the whole chain; whether a key really is that municipality's, people find out once, by comparing
its fingerprint over another way.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text
from yakuba.base.municipality import InvalidMunicipalityCode, municipality_code
from yakuba.procedures.authoring.documents import LONGEST, Document

FORM = "definition-package/1"
PURPOSE = b"definition\0"  # as the zone's seal signs it, purpose first
_MOST_STATEMENTS = 50
_NO_PACKAGE = "手続き定義のファイルではありません。例: machi-kyushoku.json"
Signed = dict[str, Any]
Sign = Callable[[bytes], bytes]


class BadPackage(ValueError):
    """Not a package, or one that was altered; the text says what does not hold."""


@dataclass(frozen=True, slots=True)
class Published:
    """One link of the chain: who published what."""

    municipality: str
    procedure: str
    revision: int
    sha256: str
    at: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signatures hold. ``chain`` is oldest first; its last link is about ``document``."""

    document: Document
    chain: tuple[Published, ...]
    statements: tuple[Signed, ...]

    @property
    def publisher(self) -> Published:
        return self.chain[-1]


def fingerprint(key: bytes) -> str:
    """How people compare a key: the first 160 bits of its SHA-256, in groups of four hexadecimal digits."""
    digits = sha256_hex(key)[:40]
    return " ".join(digits[at : at + 4] for at in range(0, 40, 4))


def statement(
    document: Mapping[str, Any],
    municipality: str,
    revision: int,
    at: datetime,
    earlier: Sequence[Signed],
    key: bytes,
    sign: Sign,
) -> Signed:
    """The signed statement that ``municipality`` published ``document`` as its ``revision``.

    Args:
        earlier: the statements of the package it was made from, if it was imported.
        key: the public key that belongs to ``sign`` (32 bytes).
        sign: the signature over ``PURPOSE`` followed by what it is given.
    """
    said = {
        "municipality": municipality,
        "procedure": document["id"],
        "revision": revision,
        "sha256": sha256_hex(canonical_bytes(dict(document))),
        "at": utc_text(at),
        "from": _digest(earlier[-1]) if earlier else None,
    }
    signature = sign(canonical_bytes(said))
    return {"said": said, "key": _text(key), "signature": _text(signature)}


def packed(document: Mapping[str, Any], statements: Sequence[Signed]) -> bytes:
    """The package's bytes."""
    return canonical_bytes({"yakuba": FORM, "document": dict(document), "statements": list(statements)})


def unpacked(data: bytes) -> Package:
    """The package, all its signatures checked.

    Raises:
        BadPackage: no package, a signature that does not hold, a broken chain, or another document than was signed.
    """
    try:
        return _unpacked(_read(data))
    except BadPackage:
        raise
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:  # of another shape, or numbers no JSON keeps
        raise BadPackage(_NO_PACKAGE) from error


def _unpacked(found: dict[str, Any]) -> Package:
    chain = tuple(_checked(one) for one in found["statements"])
    for earlier, later in zip(found["statements"], found["statements"][1:], strict=False):
        if later["said"].get("from") != _digest(earlier):
            raise BadPackage("来歴のつながりが切れています。だれかが途中を書きかえたおそれがあります。")
    if found["statements"][0]["said"].get("from") is not None:
        raise BadPackage("来歴の始めの部分が欠けています。")
    if chain[-1].sha256 != sha256_hex(canonical_bytes(found["document"])):
        raise BadPackage("定義が、署名されたものと違います。だれかが書きかえたおそれがあります。")
    return Package(found["document"], chain, tuple(found["statements"]))


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > LONGEST * 4:
        raise BadPackage("大きすぎます。役場から書き出した手続き定義のファイルを選んでください。")
    try:
        found = json.loads(data)
        good = found["yakuba"] == FORM and isinstance(found["document"], dict)
        statements = found["statements"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadPackage(_NO_PACKAGE) from error
    if not good or not isinstance(statements, list) or not 1 <= len(statements) <= _MOST_STATEMENTS:
        raise BadPackage(_NO_PACKAGE)
    return dict(found)


def _checked(one: Any) -> Published:
    try:
        said, key, signature = one["said"], _bytes(one["key"]), _bytes(one["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, PURPOSE + canonical_bytes(said))
        return Published(
            municipality=municipality_code(said["municipality"]),
            procedure=str(said["procedure"]),
            revision=int(said["revision"]),
            sha256=str(said["sha256"]),
            at=datetime.fromisoformat(said["at"]),
            fingerprint=fingerprint(key),
        )
    except InvalidSignature as error:
        raise BadPackage("署名が合いません。だれかが書きかえたおそれがあります。") from error
    except (KeyError, TypeError, ValueError, InvalidMunicipalityCode) as error:
        raise BadPackage("来歴が読めません。") from error


def _digest(one: Signed) -> str:
    return sha256_hex(canonical_bytes(one))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise ValueError("not base64") from error
