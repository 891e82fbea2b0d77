"""The few forms of the portal's own (the procedures' forms come from the engine)."""

from collections.abc import Mapping
from dataclasses import dataclass

from yakuba.base.texts import Text
from yakuba.portal.texts import say
from yakuba.procedures.normalise import line

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is not filled in, and what to say."""

    field: str
    message: Text


def typed(data: Mapping[str, str], name: str) -> str:
    """One line as typed, at most 100 characters."""
    return line(data.get(name, ""))[:_LONGEST]


def required(data: Mapping[str, str], *names: str, room: str) -> list[Missing]:
    """Which of ``names`` are empty; the messages are ``<room>.missing_<name>``."""
    return [Missing(name, say(f"{room}.missing_{name}")) for name in names if not typed(data, name)]
