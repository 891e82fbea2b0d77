"""What is said of a path: one of three outcomes, one reason, the clause it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from yakuba.card.outcomes import Outcome


class PathReason(StrEnum):
    """Why a path is not good."""

    TOO_MANY_CERTIFICATES = "too_many_certificates"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    NO_PATH = "no_path"
    ANCHOR_NOT_VALID = "anchor_not_valid"
    SIGNATURE_WRONG = "signature_wrong"
    WEAK_ALGORITHM = "weak_algorithm"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REVOCATION_NOT_CHECKED = "revocation_not_checked"
    REVOCATION_STALE = "revocation_stale"
    POLICY = "policy"
    NAME_CONSTRAINTS = "name_constraints"
    NOT_AN_AUTHORITY = "not_an_authority"
    CRITICAL_EXTENSION = "critical_extension"
    NOT_VALID = "not_valid"
    LIMIT_REACHED = "limit_reached"
    ENGINE_FAILED = "engine_failed"


_COULD_NOT_TELL: Final = frozenset(
    {
        PathReason.REVOCATION_NOT_CHECKED,
        PathReason.REVOCATION_STALE,
        PathReason.LIMIT_REACHED,
        PathReason.ENGINE_FAILED,
    }
)

CLAUSES: Final[Mapping[PathReason, str]] = {
    PathReason.TOO_MANY_CERTIFICATES: "RFC 5280 8 (path discovery); our cap on what a sender embeds",
    PathReason.TOO_LARGE: "our cap on size",
    PathReason.MALFORMED: "X.690 10; RFC 5280 4.1",
    PathReason.NO_PATH: "RFC 5280 6.1 (a)-(c)",
    PathReason.ANCHOR_NOT_VALID: "RFC 5280 6.1.1 (d); RFC 5914 2",
    PathReason.SIGNATURE_WRONG: "RFC 5280 6.1.3 (a)(1)",
    PathReason.WEAK_ALGORITHM: "RFC 5280 8; CRYPTREC list",
    PathReason.NOT_YET_VALID: "RFC 5280 6.1.3 (a)(2)",
    PathReason.EXPIRED: "RFC 5280 6.1.3 (a)(2)",
    PathReason.REVOKED: "RFC 5280 6.1.3 (a)(3), 6.3",
    PathReason.REVOCATION_NOT_CHECKED: "RFC 5280 6.3.3 (l)",
    PathReason.REVOCATION_STALE: "RFC 5280 6.3.3 (a); RFC 6960 3.2",
    PathReason.POLICY: "RFC 5280 6.1.3 (d)-(f), 6.1.5 (g)",
    PathReason.NAME_CONSTRAINTS: "RFC 5280 6.1.3 (b), (c)",
    PathReason.NOT_AN_AUTHORITY: "RFC 5280 6.1.4 (k)-(n)",
    PathReason.CRITICAL_EXTENSION: "RFC 5280 6.1.4 (o), 6.1.5 (f)",
    PathReason.NOT_VALID: "RFC 5280 6.1",
    PathReason.LIMIT_REACHED: "RFC 5280 8 (denial of service); our limits",
    PathReason.ENGINE_FAILED: "RFC 5280 6.1: no answer",
}


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """The outcome; ``chain`` are SHA-256 digests (hex) from the anchor to the target where a path is good.

    ``policies`` are the certificate policies (dotted) the whole path is valid for; ``said`` is the engine's
    own sentence, for the log and a clerk, never parsed.
    """

    reason: PathReason | None
    said: str = ""
    chain: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """GOOD without a reason; UNKNOWN where something needed for an answer was not there; else BAD."""
        if self.reason is None:
            return Outcome.GOOD
        return Outcome.UNKNOWN if self.reason in _COULD_NOT_TELL else Outcome.BAD

    @property
    def clause(self) -> str:
        """The clause of the standard the reason comes from."""
        return CLAUSES[self.reason] if self.reason else "RFC 5280 6.1.6"
