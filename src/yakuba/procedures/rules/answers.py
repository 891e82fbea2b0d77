"""Reading values out of the answers of a form and of what the registers know, for the rules' facts.

The one convention of the ``facts_from`` functions: what a register knows goes before what somebody wrote;
what neither says is None, and a rule then says that it cannot tell.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

Answers = Mapping[str, Any]


def day(value: object) -> date | None:
    """A day from ``YYYY-MM-DD`` or a date; None for anything else (an unreadable day is an unknown one)."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def yes_no(value: object) -> bool | None:
    """A yes or no; None for anything else."""
    return value if isinstance(value, bool) else None


def number(value: object) -> int | None:
    """A whole number, also written as text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).replace(",", "")
    return int(text) if text.lstrip("-").isdecimal() else None


def name(value: object) -> str:
    """The name in a person-name answer (``{"name": …, "kana": …}``) or in plain text."""
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value or "")


def address(value: object) -> str:
    """The address in an address answer, building included, on one line."""
    if not isinstance(value, Mapping):
        return str(value or "")
    return " ".join(str(value[part]) for part in ("address", "building") if value.get(part))


def first_known(*values: Any) -> Any:
    """The first value that is known (not None)."""
    return next((value for value in values if value is not None), None)


def items(value: object) -> list[Mapping[str, Any]]:
    """The items of a repeating group; none when the group was not shown."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
