"""What is to be done with a signed application after its verdict: three ways, one for each outcome.

"Could not tell" is neither a pass nor a refusal: the application waits in a queue of its own (失効確認待ち) and
is judged again when a list or an answer has come. Nothing in that queue goes on by itself without a verdict.
"""

from enum import StrEnum
from typing import Final

from yakuba.base.texts import Text
from yakuba.card.outcomes import Outcome, Verdict


class Handling(StrEnum):
    """Where an application goes."""

    GO_ON = "go_on"
    REFUSE = "refuse"
    WAIT_FOR_REVOCATION = "wait_for_revocation"


_BY_OUTCOME: Final = {
    Outcome.GOOD: Handling.GO_ON,
    Outcome.BAD: Handling.REFUSE,
    Outcome.UNKNOWN: Handling.WAIT_FOR_REVOCATION,
}

NAMES: Final = {
    Handling.GO_ON: Text("署名は有効", "Signature valid", "{署名|しょめい}は {正|ただ}しいです"),
    Handling.REFUSE: Text("署名は無効", "Signature not valid", "{署名|しょめい}は {正|ただ}しくありません"),
    Handling.WAIT_FOR_REVOCATION: Text(
        "失効確認待ち",
        "Waiting for the revocation check",
        "カードが {使|つか}えるか {確認|かくにん}しています",
    ),
}


def handling(verdict: Verdict) -> Handling:
    """The way for ``verdict``."""
    return _BY_OUTCOME[verdict.outcome]
