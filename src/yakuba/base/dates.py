"""Dates of which a part is not known (不詳): registers hold them, so they must sort, print and compare honestly."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from yakuba.base.wareki import wareki

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class UncertainDate:
    """Year, month, day; 0 where the register says 不詳. Text form ``1945-00-00``, ``1945-03-00``, ``0000-00-00``."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if self.year and self.month and self.day:
            date(self.year, self.month, self.day)
        elif not 0 <= self.year <= 9999 or not 0 <= self.month <= 12 or not 0 <= self.day <= 31:
            raise ValueError(f"no such date: {self.year}-{self.month}-{self.day}")
        elif (not self.month and self.day) or (not self.year and self.month):
            raise ValueError("a date is unknown from the day upwards: 1945-03-00, 1945-00-00 or 0000-00-00")

    @classmethod
    def parse(cls, text: str) -> "UncertainDate":
        """Read ``YYYY-MM-DD`` with zeros for unknown parts.

        Raises:
            ValueError: another form, or no such date.
        """
        match = _FORM.fullmatch(text)
        if not match:
            raise ValueError(f"「{text}」は日付ではありません。例: 1945-03-00(日が不詳)")
        return cls(*(int(part) for part in match.groups()))

    @property
    def exact(self) -> date | None:
        """The date if all of it is known."""
        return date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    @property
    def earliest(self) -> date:
        """The first day this may mean (年齢 is counted conservatively from here or from :attr:`latest`)."""
        return date(self.year or 1, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day this may mean."""
        if self.exact:
            return self.exact
        if not self.year:
            return date.max
        if not self.month:
            return date(self.year, 12, 31)
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return following - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def in_japanese(self) -> str:
        """As registers print it: 昭和20年3月不詳, 昭和20年月日不詳, 年月日不詳."""
        if self.exact:
            return wareki(self.exact)
        if not self.year:
            return "年月日不詳"
        year_text = wareki(date(self.year, self.month or 12, 28)).split("年")[0] + "年"
        return f"{year_text}{self.month}月日不詳" if self.month else f"{year_text}月日不詳"
