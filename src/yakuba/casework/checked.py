"""One thing looked at, what came out, and the reason in the clerk's words: how the desk tells what it could find out."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["good", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """``name`` says what was looked at; ``words`` are shown to the clerk beside the outcome."""

    name: str
    outcome: Outcome
    words: str


def holds(checks: tuple[Check, ...]) -> bool:
    """Whether something was looked at, nothing of it is bad and nothing is open."""
    return bool(checks) and all(one.outcome == "good" for one in checks)
