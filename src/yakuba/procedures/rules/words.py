"""Values as people read them, in the three languages: months and days in reasons and notices."""

from collections.abc import Iterable
from datetime import date

from yakuba.base.texts import Text
from yakuba.base.wareki import wareki
from yakuba.procedures.rules.months import Month

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(value: object) -> Text:
    """``value`` for a sentence.

    A month as 2026年11月 / November 2026, a day alike, a Text as it is, else its string.
    """
    if isinstance(value, Text):
        return value
    if isinstance(value, Month):
        return _month(value)
    if isinstance(value, date):
        return _day(value)
    return Text(str(value), str(value), str(value))


def together(texts: Iterable[Text]) -> Text | None:
    """``texts`` as one list in words; None when there are none."""
    each = list(texts)
    if not each:
        return None
    return Text(
        "、".join(text.ja for text in each),
        ", ".join(text.en for text in each),
        "、".join(text.easy for text in each),
    )


def _month(month: Month) -> Text:
    return Text(
        wareki(month.first).removesuffix("1日"),
        f"{_MONTHS[month.month - 1]} {month.year}",
        f"{month.year}{{年|ねん}}{month.month}{{月|がつ}}",
    )


def _day(day: date) -> Text:
    easy_day = f"{day.year}{{年|ねん}}{day.month}{{月|がつ}}{day.day}{{日|にち}}"
    return Text(wareki(day), f"{day.day} {_MONTHS[day.month - 1]} {day.year}", easy_day)
