"""The time-stamp in a notice's signature (PAdES B-T, RFC 3161 appendix A): since when the signature is known to exist.

It stands beside what is signed, so anybody can take it away: then the notice is what it would have been without. What
is there must be right in every octet.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from yakuba.card import der
from yakuba.card.cms import Refused, parse_signed_data
from yakuba.card.notice_messages import LAPSED
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf_policy import CLOCK_SKEW
from yakuba.card.timestamp import BadStamp, Stamp, verify_stamp
from yakuba.card.trust import TrustStore


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    """What came out, and the moment that is proven; none where the stamp is not good, or has ended since."""

    outcome: Outcome
    reason: str | None
    proven: datetime | None = None


def judged_stamp(
    message: bytes, authorities: TrustStore, signed_at: datetime, at: datetime
) -> JudgedStamp | None:
    """Judge the time-stamp in a PDF's CMS ``message`` at ``at``; None if there is none.

    Args:
        authorities: pinned roots of time-stamping authorities.
        signed_at: when the signature says it was made; it cannot have been stamped before.
    """
    signature, token = _stamped(message)
    if token is None:
        return None
    try:
        stamp = verify_stamp(token, trust=authorities)
    except BadStamp as bad:
        untrusted = bad.reason == "stamp_authority_not_trusted"
        return JudgedStamp(Outcome.UNKNOWN if untrusted else Outcome.BAD, bad.reason)
    if stamp.digest != hashlib.sha256(signature).digest():
        return JudgedStamp(Outcome.BAD, "stamp_of_something_else")
    return _in_time(stamp, signed_at, at)


def _stamped(message: bytes) -> tuple[bytes, bytes | None]:
    """The signature's value and the token over it. A message that is not readable has none: the core says so."""
    try:
        der.check(message)
        signer = parse_signed_data(message, in_pdf=True).signer
    except (Refused, der.NotDer, KeyError, IndexError):
        return b"", None
    return signer.signature, signer.time_stamp


def _in_time(stamp: Stamp, signed_at: datetime, at: datetime) -> JudgedStamp:
    if stamp.at + CLOCK_SKEW < signed_at:
        return JudgedStamp(Outcome.BAD, "stamped_before_it_was_signed")
    if stamp.at > at + CLOCK_SKEW:
        return JudgedStamp(Outcome.UNKNOWN, "stamped_in_the_future")
    if at > stamp.valid_until:
        return JudgedStamp(Outcome.GOOD, LAPSED)
    return JudgedStamp(Outcome.GOOD, None, stamp.at)
