"""What a verdict asks of a certificate, as named values."""

from dataclasses import dataclass
from typing import Final

from yakuba.card import oids
from yakuba.card.outcomes import Kind

DIGITAL_SIGNATURE: Final = 0b1000_0000
NON_REPUDIATION: Final = 0b0100_0000


@dataclass(frozen=True, slots=True)
class Policy:
    """What must hold for one kind of certificate.

    ``certificate_policy`` is the object identifier that must stand in the critical certificatePolicies;
    ``key_usage`` the exact bits of the critical keyUsage; sizes are octets, ``key_bits`` RSA modulus bits.
    """

    kind: Kind
    certificate_policy: str
    key_usage: int
    holder_attributes: bool
    key_bits: tuple[int, int] = (2048, 4096)
    max_message: int = 65_536
    max_content: int = 64 * 1024 * 1024
    min_challenge: int = 16
    max_challenge: int = 4_096


SIGN_POLICY: Final = Policy("sign", oids.TEST_SIGN_POLICY, DIGITAL_SIGNATURE | NON_REPUDIATION, True)
AUTH_POLICY: Final = Policy("auth", oids.TEST_AUTH_POLICY, DIGITAL_SIGNATURE, False)
