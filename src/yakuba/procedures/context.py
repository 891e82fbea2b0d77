"""What a form's behaviour depends on besides its answers: the day it is filled in and who fills it in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Role = Literal["self", "household", "proxy_by_law", "proxy_by_mandate", "care_manager"]
ROLES: tuple[Role, ...] = get_args(Role)
Answers = Mapping[str, object]

_RELATIVE = re.compile(r"^today(?:([+-])(\d{1,5})d)?$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ANCHORS = ("fiscal_year_start", "fiscal_year_end", "previous_fiscal_year_end")


@dataclass(frozen=True, slots=True)
class Context:
    """The day (of the municipality, Japan time) and the role of the person who fills in the form."""

    today: date
    role: Role = "self"


def is_moment(text: str) -> bool:
    """Whether :func:`moment` understands ``text``."""
    if _ISO.match(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
        return True
    return text in _ANCHORS or bool(_RELATIVE.match(text))


def moment(text: str, today: date) -> date:
    """The day ``text`` means: an ISO date, ``today``, ``today-15d``, ``today+30d``, ``fiscal_year_start`` (1 April),
    ``fiscal_year_end`` (31 March) or ``previous_fiscal_year_end``.

    Raises:
        ValueError: none of these.
    """
    fiscal_year = today.year if today.month >= 4 else today.year - 1
    if text == "fiscal_year_start":
        return date(fiscal_year, 4, 1)
    if text == "fiscal_year_end":
        return date(fiscal_year + 1, 3, 31)
    if text == "previous_fiscal_year_end":
        return date(fiscal_year, 3, 31)
    if relative := _RELATIVE.match(text):
        days = int(relative[2] or 0)
        return today + timedelta(days=-days if relative[1] == "-" else days)
    return date.fromisoformat(text)


def age_attained(birth: date, on: date) -> int:
    """Full years of age by law: a year of age is attained at the end of the day *before* the birthday
    (年齢計算ニ関スル法律, 民法第143条). Negative before birth."""
    tomorrow = on + timedelta(days=1)
    return tomorrow.year - birth.year - ((tomorrow.month, tomorrow.day) < (birth.month, birth.day))


def school_year_age(birth: date, on: date) -> int:
    """The age that fixes the school or nursery class (学齢・クラス年齢) in the fiscal year of ``on``: the age attained
    by 31 March before it. A child is of 高校生年代 or younger while this is below 18 (児童手当法第3条第1項)."""
    return age_attained(birth, moment("previous_fiscal_year_end", on))
