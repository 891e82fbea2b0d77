"""Dates as answers hold them: ``YYYY-MM-DD``, with ``00`` for a day or month that is not known (不詳).

Comparisons work on the text, so that the engine and the generated JSON Schema (which can only match patterns)
say the same. A date with unknown parts counts as the last day it may mean.
"""

import re
from datetime import date, timedelta

_YEAR = "[12][0-9]{3}"
_MONTH_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_CENTURY_LEAP = "(?:12|16|20|24|28)00"
_LEAP_YEAR = f"(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|{_CENTURY_LEAP})"
EXACT = f"(?:{_YEAR}-{_MONTH_DAY}|{_LEAP_YEAR}-02-29)"
MONTH_ONLY = f"{_YEAR}-(?:0[1-9]|1[0-2])-00"
YEAR_ONLY = f"{_YEAR}-00-00"
ANY = f"(?:{EXACT}|{MONTH_ONLY}|{YEAR_ONLY})"
_exact = re.compile(EXACT)
_any = re.compile(ANY)


def is_exact(value: object) -> bool:
    """Whether ``value`` is the text of a day that exists (years 1000 to 2999)."""
    return isinstance(value, str) and _exact.fullmatch(value) is not None


def is_date(value: object) -> bool:
    """As :func:`is_exact`, or with the day, or day and month, unknown."""
    return isinstance(value, str) and _any.fullmatch(value) is not None


def last_day_meant(value: str) -> str:
    """``1945-00-00`` → ``1945-12-31``, ``1945-02-00`` → ``1945-02-31`` (only compared, never shown)."""
    if value.endswith("-00-00"):
        return value[:4] + "-12-31"
    return value[:7] + "-31" if value.endswith("-00") else value


def day_meant(value: str) -> date:
    """The last real day ``value`` may mean."""
    if is_exact(value):
        return date.fromisoformat(value)
    year, month = int(value[:4]), int(value[5:7]) or 12
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def latest_birth_text(age: int, on: date) -> str:
    """Who is born on this day or before has attained ``age`` on ``on`` (text; 29 February may be a day that
    does not exist, which is right for a comparison)."""
    tomorrow = on + timedelta(days=1)
    return f"{tomorrow.year - age:04d}-{tomorrow.month:02d}-{tomorrow.day:02d}"


def pattern_until(bound: str) -> str:
    """A regular expression for dates whose last day meant is ``bound`` or before."""
    month_bound = bound[:7] if bound.endswith("-31") else _just_before(bound[:7])
    year_bound = bound[:4] if bound.endswith("-12-31") else _just_before(bound[:4])
    return f"(?:{_at_most(bound, 10)}|{_at_most(month_bound, 7)}-00|{_at_most(year_bound, 4)}-00-00)"


def _just_before(text: str) -> str:
    """``text`` with a mark for "strictly less"."""
    return text + "<"


def _at_most(bound: str, length: int) -> str:
    strictly = bound.endswith("<")
    bound = bound[:length]
    branches = [] if strictly else [bound]
    for position, digit in enumerate(bound):
        if digit.isdigit() and digit != "0":
            rest = re.sub("[0-9]", "[0-9]", bound[position + 1 :])
            branches.append(f"{bound[:position]}[0-{int(digit) - 1}]{rest}")
    # A reduced date's month must not read "00": 1945-00-00 is the year form.
    body = "|".join(branches) or "(?!)"
    if length == 10:
        return f"(?!.*-00)(?:{body})"
    return f"(?!.{{5}}00)(?:{body})" if length == 7 else f"(?:{body})"
