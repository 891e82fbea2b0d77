"""The pinned roots: the only certificates a resident's certificate may hang on, one hop away.

Several roots may share one distinguished name (a renewed authority keeps its name). A root is therefore
chosen by its key identifier, and then proven by the signature; never by name alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from yakuba.card import der, oids
from yakuba.card.certificate import (
    Certificate,
    parse_certificate,
    rsa_public_key,
    subject_key_identifier,
)
from yakuba.card.extension_values import is_authority, key_usage

MAX_ROOT_BYTES: Final = 16_384
_KEY_CERT_SIGN_AND_CRL_SIGN: Final = 0b0000_0110
_RSA_BITS: Final = (2048, 4096)


class UnusableRoot(ValueError):
    """A file among the pinned roots is not a self-signed authority; ``path`` and ``problem`` say which
    and why.
    """

    def __init__(self, path: Path, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(
            f"{path}: {problem}。自己署名の認証局証明書(DER形式、例: roots/sign-g3.crt)だけを置いてください。"
        )


def signature_is_right(key: RSAPublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether ``signature`` is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2) over ``signed``."""
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Root:
    """One pinned root with what is needed of it, taken apart once."""

    certificate: Certificate
    key_id: bytes
    key: RSAPublicKey

    def signed(self, signature: bytes, to_be_signed: bytes) -> bool:
        """Whether this root's key made ``signature`` over ``to_be_signed``."""
        return signature_is_right(self.key, signature, to_be_signed)


def read_root(raw: bytes) -> Root:
    """The root in ``raw``: self-signed, allowed to sign certificates and revocation lists (RFC 5280
    4.2.1.3, .9).

    Raises:
        ValueError: it is not that.
    """
    der.check(raw)
    certificate = parse_certificate(raw)
    key = rsa_public_key(certificate.public_key_info, smallest=_RSA_BITS[0], largest=_RSA_BITS[1])
    key_id = subject_key_identifier(certificate)
    if key_id is None or certificate.issuer != certificate.subject:
        raise ValueError("a root names itself as issuer and carries a key identifier")
    if not _may_sign(certificate):
        raise ValueError("a root is a CA with keyCertSign and cRLSign")
    algorithms = {certificate.inner_algorithm, certificate.outer_algorithm}
    if algorithms != {oids.SHA256_WITH_RSA} or not signature_is_right(
        key, certificate.signature, certificate.to_be_signed
    ):
        raise ValueError("a root is signed by its own key with SHA-256 and RSA")
    return Root(certificate, key_id, key)


def _may_sign(certificate: Certificate) -> bool:
    constraints = certificate.extension(oids.BASIC_CONSTRAINTS)
    usage = certificate.extension(oids.KEY_USAGE)
    if constraints is None or usage is None:
        return False
    signs = key_usage(usage.value) & _KEY_CERT_SIGN_AND_CRL_SIGN == _KEY_CERT_SIGN_AND_CRL_SIGN
    return is_authority(constraints.value) and signs


class TrustStore:
    """The pinned roots by key identifier. Immutable."""

    def __init__(self, roots: Iterable[Root]) -> None:
        self._roots: dict[bytes, tuple[Root, ...]] = {}
        for root in roots:
            self._roots[root.key_id] = (*self._roots.get(root.key_id, ()), root)

    @classmethod
    def from_folder(cls, path: Path) -> "TrustStore":
        """Read every ``*.crt`` (DER) in ``path``.

        Raises:
            UnusableRoot: one of them is not a root; nothing is skipped silently.
        """
        return cls(_root_in(file) for file in sorted(path.glob("*.crt")))

    @property
    def roots(self) -> tuple[Root, ...]:
        """All of them."""
        return tuple(root for same_key in self._roots.values() for root in same_key)

    def named(self, issuer: bytes, key_id: bytes) -> tuple[Root, ...]:
        """The roots with this key identifier whose name is ``issuer``, byte by byte."""
        return tuple(root for root in self._roots.get(key_id, ()) if root.certificate.subject == issuer)


def _root_in(file: Path) -> Root:
    if file.stat().st_size > MAX_ROOT_BYTES:
        raise UnusableRoot(file, "大きすぎるファイルです")
    try:
        return read_root(file.read_bytes())
    except ValueError as problem:
        raise UnusableRoot(file, str(problem)) from problem
