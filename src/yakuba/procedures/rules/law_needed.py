"""What every ``decide`` says where the data hold no law for the day: that it cannot tell, and which value is missing."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from yakuba.procedures.rules.decision import Catalogue, Decision
from yakuba.procedures.rules.parameters import NotInForceError

P = ParamSpec("P")
Decides = Callable[P, Decision]


def law_needed(reasons: Catalogue) -> Callable[[Decides[P]], Decides[P]]:
    """For a ``decide`` whose catalogue ``reasons`` has ``law_not_in_data``: told instead of an error."""

    def guarded(decide: Decides[P]) -> Decides[P]:
        @wraps(decide)
        def told(*args: P.args, **kwargs: P.kwargs) -> Decision:
            try:
                return decide(*args, **kwargs)
            except NotInForceError as missing:
                return Decision("cannot_tell", (reasons("law_not_in_data", name=missing.name),))

        return told

    return guarded
