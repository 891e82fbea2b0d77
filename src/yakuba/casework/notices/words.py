"""Values in words of the three languages, and the fixed words of the summary page in front of a notice."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from yakuba.base.texts import Text
from yakuba.base.wareki import wareki
from yakuba.casework.notices.data import Json

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

COVER: Final[Mapping[str, Text]] = {
    "about": Text(
        "このページは次のページの通知書の要約です。",
        "This page sums up the official Japanese notice that follows. The Japanese notice is the one that counts.",
        "このページは、{次|つぎ}のページの{通知書|つうちしょ}({役所|やくしょ}からの{手紙|てがみ})をやさしく{書|か}いたものです。"
        "{正|ただ}しいのは{次|つぎ}のページの{通知書|つうちしょ}です。",
    ),
    "to": Text("宛名", "To", "{名前|なまえ}"),
    "receipt": Text("受付番号", "Receipt number", "{受付番号|うけつけばんごう}"),
    "number": Text("文書番号", "Document number", "この{手紙|てがみ}の{番号|ばんごう}"),
    "reasons": Text("理由", "Reasons", "{理由|りゆう}"),
    "amounts": Text("金額", "Amounts", "お{金|かね}"),
    "total": Text("合計", "Total", "{全部|ぜんぶ}で"),
    "corrections": Text("補正する点", "Please correct", "{直|なお}してほしいところ"),
    "due": Text("期限", "By", "いつまでに"),
    "appeal": Text("不服申立て", "If you disagree", "{違|ちが}うと{思|おも}うとき"),
    "contact": Text("問合せ先", "Ask us", "{聞|き}くところ"),
}


def in_words(value: Json, kind: str) -> Text:
    """``value`` of a fact of type ``kind`` (text, date, month, yen) in words.

    Raises:
        ValueError: it is not of that type.
    """
    if value is None or value == "":
        return Text("—", "—", "—")
    if kind == "date" and isinstance(value, str):
        return day_in_words(date.fromisoformat(value))
    if kind == "month" and isinstance(value, str):
        return month_in_words(value)
    if kind == "yen" and isinstance(value, int) and not isinstance(value, bool):
        return Text(f"{value:,}円", f"¥{value:,}", f"{value:,}{{円|えん}}")
    if kind == "text" and isinstance(value, Mapping):
        return Text(*(str(value.get(language) or "") for language in ("ja", "en", "easy")))
    if kind == "text" and isinstance(value, str | int):
        return Text(str(value), str(value), str(value))
    raise ValueError(f"{value!r} is no {kind}")


def day_in_words(day: date) -> Text:
    """令和8年11月23日 / 23 November 2026 / 2026年11月23日 with readings."""
    return Text(
        wareki(day),
        f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        f"{day.year}{{年|ねん}}{day.month}{{月|がつ}}{day.day}{{日|にち}}",
    )


def month_in_words(month: str) -> Text:
    """``2026-12`` as 令和8年12月 / December 2026 / 2026年12月 with readings."""
    first = date.fromisoformat(f"{month}-01")
    return Text(
        wareki(first).removesuffix("1日"),
        f"{_MONTHS[first.month - 1]} {first.year}",
        f"{first.year}{{年|ねん}}{first.month}{{月|がつ}}",
    )
