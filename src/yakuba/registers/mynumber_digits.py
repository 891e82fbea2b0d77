"""個人番号 as a value that does not show itself, and its check digit."""

import re
from operator import mul

_FORM = re.compile(r"[0-9]{12}")
_BODY_LENGTH = 11
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)  # Q11 … Q1: the digits are read from the left


class InvalidMyNumber(ValueError):
    """Not a 個人番号: wrong length, other characters, or a wrong check digit. The message never repeats it."""

    def __init__(self) -> None:
        super().__init__(
            "個人番号ではありません。数字12桁で、最後の1桁は検査用数字です。もう一度確かめてください。"
        )


def check_digit(body: str) -> str:
    """The twelfth digit for the first eleven: 11 − (ΣPn·Qn mod 11), or 0 where the remainder is 0 or 1.

    Pn is the n-th of the eleven digits from the right; Qn is n+1 up to n = 6 and n−5 from n = 7
    (行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード並びに
    情報提供ネットワークシステムによる特定個人情報の提供等に関する命令(平成26年総務省令第85号)第5条).
    """
    if len(body) != _BODY_LENGTH:
        raise InvalidMyNumber
    remainder = sum(map(mul, _WEIGHTS, map(int, body))) % 11
    return "0" if remainder <= 1 else str(11 - remainder)


class MyNumber:
    """A valid 個人番号. Its text forms hide the digits, so that no log, error or page shows them by accident;
    :meth:`reveal` is the one way to them."""

    __slots__ = ("__digits",)

    def __init__(self, digits: str) -> None:
        plain = digits.strip()
        if not _FORM.fullmatch(plain) or check_digit(plain[:11]) != plain[11]:
            raise InvalidMyNumber
        self.__digits = plain

    def reveal(self) -> str:
        """The twelve digits, for the one place that needs them."""
        return self.__digits

    def __repr__(self) -> str:
        return "MyNumber(************)"

    def __str__(self) -> str:
        return "************"

    def __format__(self, _specification: str) -> str:
        return "************"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MyNumber) and self.__digits == other.reveal()

    def __hash__(self) -> int:
        return hash(self.__digits)

    def __reduce__(self) -> str:
        raise TypeError("a 個人番号 is not pickled: it would lie in the clear in a cache or a queue")
