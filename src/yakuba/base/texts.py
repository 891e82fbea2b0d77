"""Text in the three languages residents read: Japanese, English, やさしい日本語 (easy Japanese with furigana).

Easy Japanese carries its readings inline as ``{漢字|かんじ}``; :func:`ruby` turns them into HTML ruby.
"""

import re
from collections.abc import Iterable
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
        """Fill ``<name>`` places with ``facts`` in all languages (braces are taken by readings); a fact that is itself
        a text in each language's own words."""

        def fill(language: Language) -> str:
            filled = self.in_language(language)
            for name, value in facts.items():
                said = value.in_language(language) if isinstance(value, Text) else str(value)
                filled = filled.replace(f"<{name}>", said)
            return filled

        return Text(fill("ja"), fill("en"), fill("easy"))


def joined(parts: Iterable[Text], between: str = "\n") -> Text:
    """Several texts as one, line by line."""
    found = list(parts)
    return Text(*(between.join(one.in_language(language) for one in found) for language in LANGUAGES))


def ruby(text: str) -> str:
    """HTML of ``text``, escaped, its ``{漢字|かんじ}`` readings as ``<ruby>`` with parentheses for old browsers."""
    return _READING.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", escape(text))


def without_readings(text: str) -> str:
    """``text`` with readings dropped: for titles, attributes and places where ruby cannot stand."""
    return _READING.sub(r"\1", text)
