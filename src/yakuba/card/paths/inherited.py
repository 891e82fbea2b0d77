"""DSA keys that leave their parameters to the issuer's certificate (RFC 3279 section 2.3.2, RFC 5280 6.1.4 (d)-(f)).

The engine completes such a key for the next certificate of the path, but not for the revocation lists the key
signs; here the keys of a path are completed beforehand.
"""

from collections.abc import Iterable

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)


class InheritingValidator(DefaultSignatureValidator):
    """Checks signatures with the path's keys as they stand after inheritance; other keys as they are."""

    def __init__(self, path: Iterable[Certificate]) -> None:
        self._completed: dict[bytes, PublicKeyInfo] = {}
        above: PublicKeyInfo | None = None
        for certificate in path:
            above = self._complete(certificate.public_key, above)

    def _complete(self, key: PublicKeyInfo, above: PublicKeyInfo | None) -> PublicKeyInfo:
        if key.algorithm != "dsa" or key["algorithm"]["parameters"].native is not None:
            return key
        if above is None or above.algorithm != "dsa":
            return key
        completed = key.copy()
        completed["algorithm"]["parameters"] = above["algorithm"]["parameters"].copy()
        self._completed[key.dump()] = completed
        return completed

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """As the engine's own, after inheritance."""
        key = self._completed.get(public_key_info.dump(), public_key_info)
        super().validate_signature(signature, signed_data, key, signature_algorithm, context)
