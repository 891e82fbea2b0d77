"""NIST's raw RSA signatures (CAVP, PKCS #1 v1.5) as the package ``cryptography_vectors`` carries them.

600 signatures: right ones, changed messages, keys and signatures, the digest moved inside the padding, the
padding's end taken away: what a sloppy verifier lets through.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cryptography_vectors

_FOLDER = Path(cryptography_vectors.__file__).parent / "asymmetric" / "RSA"
_FILES = ("FIPS_186-2/SigVer15_186-3.rsp", "SigVer15EMTest.txt")


@dataclass(frozen=True)
class RawSignature:
    """One signature with the result NIST gives."""

    name: str
    modulus: int
    exponent: int
    digest: str
    message: bytes
    signature: bytes
    right: bool
    why: str


def vectors() -> Iterator[RawSignature]:
    """All of them."""
    for file in _FILES:
        yield from _read(file)


def _read(file: str) -> Iterator[RawSignature]:
    seen: dict[str, str] = {}
    for number, line in enumerate((_FOLDER / file).read_text().splitlines(), 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            continue
        seen[name] = value
        if name == "Result":
            yield RawSignature(
                f"{Path(file).stem}-{number}", int(seen["n"], 16), int(seen["e"], 16), seen["SHAAlg"],
                bytes.fromhex(seen["Msg"]), bytes.fromhex(seen["S"]), value.startswith("P"), value,
            )  # fmt: skip
