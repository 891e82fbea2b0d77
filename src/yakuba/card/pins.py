"""The rules of the two PINs (暗証番号) of a My Number card.

Signing certificate: 6 to 16 upper-case letters and digits, locks after 5 wrong tries in a row. Authentication
certificate: 4 digits, locks after 3. Source: 公的個人認証サービス「暗証番号について」.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yakuba.card.interface import PinForm
from yakuba.card.outcomes import Kind


@dataclass(frozen=True, slots=True)
class PinRule:
    """Form and number of tries of one PIN."""

    form: re.Pattern[str]
    tries: int


PIN_RULES: Final[Mapping[Kind, PinRule]] = {
    "sign": PinRule(re.compile(r"[A-Z0-9]{6,16}"), 5),
    "auth": PinRule(re.compile(r"[0-9]{4}"), 3),
}


def check_pin_form(kind: Kind, pin: str) -> None:
    """Check that ``pin`` could be the PIN of ``kind``; a card is not asked about others, so no try is lost.

    Raises:
        PinForm: it could not. The message holds nothing of what was typed.
    """
    if not PIN_RULES[kind].form.fullmatch(pin):
        raise PinForm(kind)
