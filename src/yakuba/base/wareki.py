"""Japanese eras (元号): dates as 令和8年11月23日 and the era digit of the My Number card."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its names, first day, and the digit that stands for it in standard data (1 明治 … 5 令和)."""

    name: str
    roman: str
    letter: str
    digit: str
    first_day: date


# First days: 太政官布告第307号 (明治), 元号を定める政令 and the notices of 1912, 1926, 1989 and 2019.
# Dates before 1873-01-01 follow the lunisolar calendar; civil records state them Gregorian, and so do we.
ERAS = (
    Era("明治", "Meiji", "M", "1", date(1868, 10, 23)),
    Era("大正", "Taisho", "T", "2", date(1912, 7, 30)),
    Era("昭和", "Showa", "S", "3", date(1926, 12, 25)),
    Era("平成", "Heisei", "H", "4", date(1989, 1, 8)),
    Era("令和", "Reiwa", "R", "5", date(2019, 5, 1)),
)


class NoSuchDate(ValueError):
    """The year, month and day do not make a date of that era."""


def era_of(day: date) -> Era:
    """The era ``day`` falls in.

    Raises:
        NoSuchDate: before 明治.
    """
    for era in reversed(ERAS):
        if day >= era.first_day:
            return era
    raise NoSuchDate(f"{day.isoformat()} は明治より前の日付です。")


def era_named(name: str) -> Era:
    """The era with this name, letter, romanised name or digit (``令和``, ``R``, ``Reiwa``, ``5``)."""
    for era in ERAS:
        if name in (era.name, era.letter, era.roman, era.digit):
            return era
    raise NoSuchDate(f"「{name}」という元号はありません。例: 令和、平成、昭和")


def from_wareki(era_name: str, year: int, month: int, day: int) -> date:
    """The date of e.g. ``("平成", 31, 4, 30)``; year 1 is 元年.

    Raises:
        NoSuchDate: no such day, or the day lies outside the era (平成31年5月1日).
    """
    era = era_named(era_name)
    try:
        result = date(era.first_day.year + year - 1, month, day)
    except ValueError as error:
        raise NoSuchDate(f"{era.name}{year}年{month}月{day}日という日はありません。") from error
    if year < 1 or era_of(result) is not era:
        raise NoSuchDate(f"{era.name}{year}年{month}月{day}日は{era.name}の期間の外です。")
    return result


def wareki(day: date) -> str:
    """``day`` as written on official paper: 令和元年5月1日, 令和8年11月23日."""
    era = era_of(day)
    year = day.year - era.first_day.year + 1
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def era_digit_date(day: date) -> str:
    """Era digit followed by YYYYMMDD (Gregorian), as the sign certificate states a birth date: ``420050401``."""
    return f"{era_of(day).digit}{day:%Y%m%d}"
