"""Text in the three languages residents read: Japanese, English, やさしい日本語 (easy Japanese with furigana).

Easy Japanese carries its readings inline as ``{漢字|かんじ}``; :func:`ruby` turns them into HTML ruby.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

Language = Literal["ja", "en", "easy"]
LANGUAGES: tuple[Language, ...] = ("ja", "en", "easy")
_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in all three languages; none may be empty."""

    ja: str
    en: str
    easy: str

    def __post_init__(self) -> None:
        if not (self.ja and self.en and self.easy):
            raise ValueError(f"a text needs ja, en and easy: {self!r}")

    def in_language(self, language: Language) -> str:
        """The message in ``language``; easy Japanese still with its ``{漢字|かんじ}`` readings."""
        return {"ja": self.ja, "en": self.en, "easy": self.easy}[language]

    def format(self, **facts: object) -> "Text":
        """Fill ``<name>`` places with ``facts`` in all languages (braces are taken by readings)."""

        def fill(text: str) -> str:
            for name, value in facts.items():
                text = text.replace(f"<{name}>", str(value))
            return text

        return Text(fill(self.ja), fill(self.en), fill(self.easy))


def ruby(text: str) -> str:
    """HTML of ``text``, escaped, its ``{漢字|かんじ}`` readings as ``<ruby>`` with parentheses for old browsers."""
    return _READING.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", escape(text))


def without_readings(text: str) -> str:
    """``text`` with readings dropped: for titles, attributes and places where ruby cannot stand."""
    return _READING.sub(r"\1", text)
