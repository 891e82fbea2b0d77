"""Calendar months as values: benefits are counted by the month (児童手当法6条, 介護保険法施行規則38条)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, ordered in time. Written ``YYYY-MM``."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that ``day`` lies in."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """The month ``months`` later (earlier, when negative)."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, index + 1)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.plus(1).first - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
