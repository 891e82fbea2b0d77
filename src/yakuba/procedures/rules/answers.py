"""Reading values out of an application and of what the registers know, for the rules' facts.

The one convention of the ``facts_from`` functions: what a register knows goes before what somebody wrote;
what neither says is None, and a rule then says that it cannot tell.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from yakuba.base.dates import UncertainDate

Known = Mapping[str, Any]


def answers_of(application: Known) -> Known:
    """The answers of a canonical application. Raises KeyError for anything else, its bare answers above all."""
    answers: Known = application["answers"]
    return answers


def slots_of(application: Known) -> frozenset[str]:
    """The slots for which at least one file came.

    ``mandate``, ``guardians-i0000001-employment_certificate``.
    """
    return frozenset(str(file["slot"]) for file in application.get("attachments") or ())


def day(value: object) -> date | None:
    """A day from ``YYYY-MM-DD`` or a date; None for anything else (an uncertain day is an unknown one)."""
    if isinstance(value, date):
        return value
    uncertain = uncertain_day(value)
    return uncertain.exact if uncertain else None


def uncertain_day(value: object) -> UncertainDate | None:
    """A day of which a part may be unknown (``1935-03-00``); None for what is no day at all."""
    if isinstance(value, UncertainDate):
        return value
    try:
        return UncertainDate.parse(str(value)) if value else None
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
    """The name in a person-name answer (``{"name".

    …, "kana": …}``) or in plain text; 「—」 where there is none.
    """
    return str(value.get("name") or "—") if isinstance(value, Mapping) else str(value or "—")


def address(value: object) -> str:
    """The address in an address answer, building included, on one line."""
    if not isinstance(value, Mapping):
        return str(value or "")
    return " ".join(str(value[part]) for part in ("address", "building") if value.get(part))


def first_known(*values: Any) -> Any:
    """The first value that is known (not None)."""
    return next((value for value in values if value is not None), None)


def one_of(value: object, literal: Any) -> Any:
    """``value`` where the literal type ``literal`` has it, else None."""
    return value if value in get_args(literal) else None


def items(value: object) -> list[Known]:
    """The items of a repeating group; none when the group was not shown."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
