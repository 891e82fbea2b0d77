"""The list a verdict is written on: which checks must be made, and which were."""

from yakuba.card.outcomes import Check, CheckCode, Outcome, Reason, Signer, Verdict
from yakuba.card.policy import Policy

_UNKNOWN_REASONS = {
    Reason.REVOCATION_NOT_CHECKED,
    Reason.REVOCATION_OUT_OF_SCOPE,
    Reason.REVOCATION_STALE,
}

_ORDER = {code: place for place, code in enumerate(CheckCode)}


class Checklist:
    """Collects checks; every code but those in ``without`` must come up good for the verdict to be GOOD."""

    def __init__(self, policy: Policy, *, without: tuple[CheckCode, ...]) -> None:
        self.policy = policy
        self.signer: Signer | None = None
        self._needed = set(CheckCode) - set(without)
        if not policy.holder_attributes:
            self._needed.discard(CheckCode.HOLDER_ATTRIBUTES)
        self._checks: list[Check] = []

    def add(self, code: CheckCode, reason: Reason | None, **facts: str | int) -> None:
        """Write down one check: good without a ``reason``, could not tell or bad with one."""
        outcome = Outcome.GOOD
        if reason is not None:
            outcome = Outcome.UNKNOWN if reason in _UNKNOWN_REASONS else Outcome.BAD
        self._checks.append(Check(code, outcome, reason, facts))

    def good(self, code: CheckCode, **facts: str | int) -> None:
        """Write down a check that is good."""
        self.add(code, None, **facts)

    def bad(self, code: CheckCode, reason: Reason, **facts: str | int) -> None:
        """Write down a check that is not good."""
        self.add(code, reason, **facts)

    def verdict(self) -> Verdict:
        """BAD if one check is; else UNKNOWN if one could not tell; GOOD only if all needed were made."""
        outcomes = {check.outcome for check in self._checks}
        made = {check.code for check in self._checks}
        if Outcome.BAD in outcomes:
            outcome = Outcome.BAD
        elif Outcome.UNKNOWN in outcomes:
            outcome = Outcome.UNKNOWN
        else:
            outcome = Outcome.GOOD if made == self._needed else Outcome.BAD
        return Verdict(
            outcome, tuple(sorted(self._checks, key=lambda check: _ORDER[check.code])), self.signer
        )
