"""What a verdict is made of: outcomes, checks, reasons, and who signed.

A verdict has three outcomes. Only GOOD lets anything pass; UNKNOWN means that something needed for an
answer (a fresh revocation list) was not there, and is kept apart from BAD because it may pass later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from yakuba.card.attributes import Attributes

Kind = Literal["sign", "auth"]
"""署名用 (sign) or 利用者証明用 (auth) certificate."""

Facts = Mapping[str, str | int]


class Outcome(StrEnum):
    """Good, bad, or could not tell."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class CheckCode(StrEnum):
    """Each check the core makes, in the order it makes them."""

    ENCODING = "encoding"
    STRUCTURE = "structure"
    DETACHED = "detached"
    ONE_SIGNER = "one_signer"
    ALGORITHMS = "algorithms"
    SIGNED_ATTRIBUTES = "signed_attributes"
    CHALLENGE = "challenge"
    SIGNER_CERTIFICATE = "signer_certificate"
    CERTIFICATE = "certificate"
    ISSUER = "issuer"
    CERTIFICATE_SIGNATURE = "certificate_signature"
    ISSUER_VALIDITY = "issuer_validity"
    VALIDITY = "validity"
    PUBLIC_KEY = "public_key"
    CRITICAL_EXTENSIONS = "critical_extensions"
    CERTIFICATE_POLICY = "certificate_policy"
    KEY_USAGE = "key_usage"
    NOT_A_CA = "not_a_ca"
    HOLDER_ATTRIBUTES = "holder_attributes"
    DISTRIBUTION_POINT = "distribution_point"
    REVOCATION_SCOPE = "revocation_scope"
    REVOCATION_FRESHNESS = "revocation_freshness"
    REVOCATION = "revocation"
    CONTENT_TYPE = "content_type"
    MESSAGE_DIGEST = "message_digest"
    SIGNING_CERTIFICATE = "signing_certificate"
    SIGNATURE = "signature"


class Reason(StrEnum):
    """Why a check is not good. Residents' words for each are in :mod:`yakuba.card.messages`."""

    NOT_DER = "not_der"
    TOO_LARGE = "too_large"
    WRONG_STRUCTURE = "wrong_structure"
    NOT_DETACHED = "not_detached"
    NOT_ONE_SIGNER = "not_one_signer"
    WRONG_ALGORITHM = "wrong_algorithm"
    WRONG_SIGNED_ATTRIBUTES = "wrong_signed_attributes"
    CHALLENGE_LENGTH = "challenge_length"
    SIGNER_CERTIFICATE_MISSING = "signer_certificate_missing"
    WRONG_CERTIFICATE_FORM = "wrong_certificate_form"
    ISSUER_NOT_TRUSTED = "issuer_not_trusted"
    CERTIFICATE_FORGED = "certificate_forged"
    ISSUER_EXPIRED = "issuer_expired"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WEAK_KEY = "weak_key"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    WRONG_POLICY = "wrong_policy"
    WRONG_KEY_USAGE = "wrong_key_usage"
    IS_A_CA = "is_a_ca"
    HOLDER_ATTRIBUTES_MISSING = "holder_attributes_missing"
    WRONG_DISTRIBUTION_POINT = "wrong_distribution_point"
    REVOCATION_NOT_CHECKED = "revocation_not_checked"
    REVOCATION_OUT_OF_SCOPE = "revocation_out_of_scope"
    REVOCATION_STALE = "revocation_stale"
    REVOKED = "revoked"
    ON_HOLD = "on_hold"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    CONTENT_CHANGED = "content_changed"
    SIGNING_CERTIFICATE_DIFFERS = "signing_certificate_differs"
    SIGNATURE_WRONG = "signature_wrong"


CLAUSES: Mapping[CheckCode, str] = {
    CheckCode.ENCODING: "X.690 8.1, 10, 11",
    CheckCode.STRUCTURE: "RFC 5652 3, 5.1, 5.3",
    CheckCode.DETACHED: "RFC 5652 5.2",
    CheckCode.ONE_SIGNER: "RFC 5652 5.1",
    CheckCode.ALGORITHMS: "RFC 5754 2.2, 3.2; RFC 6211 3",
    CheckCode.SIGNED_ATTRIBUTES: "RFC 5652 5.3, 11",
    CheckCode.CHALLENGE: "NIST SP 800-63B 5.1.7.2",
    CheckCode.SIGNER_CERTIFICATE: "RFC 5652 5.3 (sid)",
    CheckCode.CERTIFICATE: "RFC 5280 4.1",
    CheckCode.ISSUER: "RFC 5280 6.1.3 (a)(4), 4.2.1.1",
    CheckCode.CERTIFICATE_SIGNATURE: "RFC 5280 6.1.3 (a)(1)",
    CheckCode.ISSUER_VALIDITY: "RFC 5280 6.1.1 (d), 4.1.2.5",
    CheckCode.VALIDITY: "RFC 5280 6.1.3 (a)(2)",
    CheckCode.PUBLIC_KEY: "RFC 3279 2.3.1; RFC 8017 3.1",
    CheckCode.CRITICAL_EXTENSIONS: "RFC 5280 4.2, 6.1.5 (f)",
    CheckCode.CERTIFICATE_POLICY: "RFC 5280 4.2.1.4, 6.1.5 (g)",
    CheckCode.KEY_USAGE: "RFC 5280 4.2.1.3",
    CheckCode.NOT_A_CA: "RFC 5280 4.2.1.9",
    CheckCode.HOLDER_ATTRIBUTES: "RFC 5280 4.2.1.6",
    CheckCode.DISTRIBUTION_POINT: "RFC 5280 4.2.1.13",
    CheckCode.REVOCATION_SCOPE: "RFC 5280 5.2.5, 6.3.3 (b)(2)",
    CheckCode.REVOCATION_FRESHNESS: "RFC 5280 5.1.2.4, 5.1.2.5, 6.3.3 (a)",
    CheckCode.REVOCATION: "RFC 5280 5.3.1, 6.3.3 (j)",
    CheckCode.CONTENT_TYPE: "RFC 5652 11.1",
    CheckCode.MESSAGE_DIGEST: "RFC 5652 5.4, 11.2",
    CheckCode.SIGNING_CERTIFICATE: "RFC 5035 3",
    CheckCode.SIGNATURE: "RFC 5652 5.6; RFC 8017 8.2.2",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it found, the clause that says so, and facts free of personal data."""

    code: CheckCode
    outcome: Outcome
    reason: Reason | None
    facts: Facts

    @property
    def clause(self) -> str:
        """The clause of the standard the check comes from."""
        return CLAUSES[self.code]


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose certificate it is. ``issuer_key_id`` and ``serial`` together identify it; a serial alone
    does not.
    """

    issuer_key_id: str
    serial: str
    subject_cn: str
    not_before: datetime
    not_after: datetime
    attributes: Attributes | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome and every check behind it. ``signer`` says who the *certificate* names, good verdict
    or not.
    """

    outcome: Outcome
    checks: tuple[Check, ...]
    signer: Signer | None

    @property
    def failed(self) -> Check | None:
        """The first check that is bad; else the first that could not tell; None when all are good."""
        for outcome in (Outcome.BAD, Outcome.UNKNOWN):
            for check in self.checks:
                if check.outcome is outcome:
                    return check
        return None

    @property
    def reason(self) -> Reason | None:
        """The reason of :attr:`failed`: what the resident is told."""
        return self.failed.reason if self.failed else None

    def as_dict(self) -> dict[str, object]:
        """What is stored and sent: outcome, reason, checks. No personal data: the signer stays out."""
        return {
            "outcome": self.outcome.value,
            "reason": self.reason.value if self.reason else None,
            "checks": [
                {
                    "code": check.code.value,
                    "outcome": check.outcome.value,
                    "reason": check.reason.value if check.reason else None,
                    "clause": check.clause,
                    "facts": dict(check.facts),
                }
                for check in self.checks
            ],
        }
