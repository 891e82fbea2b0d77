"""Municipality codes (全国地方公共団体コード): six digits, the last one a check digit."""

import re
from typing import Literal

Body = Literal["municipality", "prefecture"]

_SIX_DIGITS = re.compile(r"[0-9]{6}")


class InvalidMunicipalityCode(ValueError):
    """The text is not a municipality code; ``code`` carries what was given."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"「{code}」は全国地方公共団体コードではありません。検査数字を含む6桁で書いてください(例: 143014 葉山町)。"
        )


def check_digit(first_five: str) -> str:
    """The sixth digit of a code: 11 minus the weighted sum (weights 6 to 2) modulo 11, last digit.

    Source: 総務省「全国地方公共団体コード」検査数字の算出法.
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def municipality_code(text: str) -> str:
    """Return ``text`` if it is a valid six-digit code.

    Raises:
        InvalidMunicipalityCode: wrong form or wrong check digit.
    """
    if not _SIX_DIGITS.fullmatch(text) or check_digit(text[:5]) != text[5]:
        raise InvalidMunicipalityCode(text)
    return text


def body_of(code: str) -> Body:
    """Which kind of public body (地方公共団体) a code names: prefectures have 000 in the third to fifth place."""
    return "prefecture" if municipality_code(code)[2:5] == "000" else "municipality"


def prefecture_of(code: str) -> str:
    """The code of the prefecture that a municipality lies in (140007 for 143014)."""
    first = f"{municipality_code(code)[:2]}000"
    return first + check_digit(first)
