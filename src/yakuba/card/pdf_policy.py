"""What a verdict on a town's notice asks of the certificate it is signed with, and of the file."""

from datetime import timedelta
from typing import Final

from yakuba.card.policy import DIGITAL_SIGNATURE, NON_REPUDIATION, Policy

# Under the arc for examples (Rec. ITU-T X.660 | 2.999), as the residents' test policies are.
NOTICE_POLICY_OID: Final = "2.999.143.3"
NOTICE_POLICY: Final = Policy("sign", NOTICE_POLICY_OID, DIGITAL_SIGNATURE | NON_REPUDIATION, False)
MAX_NOTICE_BYTES: Final = 20 * 1024 * 1024
CLOCK_SKEW: Final = timedelta(minutes=5)
"""By how much two clocks may differ before what they say contradicts itself."""
