"""How values are written for outside systems: the few types fields of mapping tables have."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yakuba.base.wareki import NoSuchDate, era_of

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


class Unconvertible(ValueError):
    """The value cannot be written as this type; ``reason`` is a code shown to clerks in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def convert(value: Any, kind: str, codes: Mapping[str, str] | None = None) -> str:
    """``value`` written as ``kind``, through ``codes`` if given (each item of a list on its own, joined by ``;``).

    Raises:
        Unconvertible: it is not of that kind, or ``codes`` has no entry for it.
    """
    if kind == "list":
        if not isinstance(value, list):
            raise Unconvertible("not_a_list")
        return ";".join(convert(one, "text", codes) for one in value)
    if codes is not None:
        return _coded(value, codes)
    return _WRITERS[kind](value)


def _coded(value: Any, codes: Mapping[str, str]) -> str:
    key = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if key not in codes:
        raise Unconvertible("no_code")
    return codes[key]


def _text(value: Any) -> str:
    if isinstance(value, Mapping | list) or value is None:
        raise Unconvertible("not_text")
    return str(value)


def _whole(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unconvertible("not_a_number")
    return str(value)


def _flag(value: Any) -> str:
    if not isinstance(value, bool):
        raise Unconvertible("not_yes_or_no")
    return "1" if value else "0"


def _date(value: Any) -> str:
    """YYYYMMDD; unknown parts (不詳) stay zeros: 1935-03-00 → 19350300."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Unconvertible("not_a_date")
    return value.replace("-", "")


def _month(value: Any) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise Unconvertible("not_a_month")
    return value.replace("-", "")


def _era_date(value: Any) -> str:
    """元号 digit and YYMMDD (5081204): older core systems' 7 digits. A date with unknown parts has no era form."""
    try:
        day = date.fromisoformat(str(value))
        era = era_of(day)
    except (ValueError, NoSuchDate) as problem:
        raise Unconvertible("no_era_date") from problem
    return f"{era.digit}{day.year - era.first_day.year + 1:02d}{day:%m%d}"


def _address(value: Any) -> str:
    """An address with its building, one blank between."""
    if not isinstance(value, Mapping):
        return _text(value)
    return " ".join(str(value[key]) for key in ("address", "building") if value.get(key))


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "text": _text,
    "int": _whole,
    "flag": _flag,
    "date": _date,
    "month": _month,
    "era_date": _era_date,
    "address": _address,
}
KINDS = (*_WRITERS, "list")
