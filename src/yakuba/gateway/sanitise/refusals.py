"""Why a file was not let through, in the resident's words."""

from yakuba.base.catalog import catalog, text
from yakuba.base.texts import Text

_PACKAGE = "yakuba.gateway"


def codes() -> frozenset[str]:
    """Every code a refused file may carry."""
    return frozenset(
        key.removeprefix("refusals.") for key in catalog(_PACKAGE) if key.startswith("refusals.")
    )


def refusal_text(code: str) -> Text:
    """What to tell the person who sent the file: what was wrong and what to do instead.

    Raises:
        UnknownText: no such code.
    """
    return text(_PACKAGE, f"refusals.{code}")
