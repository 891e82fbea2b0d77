"""The kinds of components by the name a definition uses. A new kind is added here and in the meta schema."""

from collections.abc import Mapping

from yakuba.procedures.components.base import Component
from yakuba.procedures.components.choices import CHOICE, DECLARATION, MULTI_CHOICE, RANKED, SELECT, YES_NO
from yakuba.procedures.components.compound import ADDRESS, BANK_ACCOUNT, PERSON_NAME
from yakuba.procedures.components.dates import DATE
from yakuba.procedures.components.numbers import NUMBER, YEN
from yakuba.procedures.components.silent import FILE, STATIC
from yakuba.procedures.components.strings import DIGITS, E_MAIL, KANA, LONG_TEXT, PHONE_NUMBER, POSTAL, TEXT
from yakuba.procedures.definition import Field

KINDS: Mapping[str, Component] = {
    "text": TEXT,
    "long_text": LONG_TEXT,
    "kana": KANA,
    "phone": PHONE_NUMBER,
    "email": E_MAIL,
    "digits": DIGITS,
    "postal_code": POSTAL,
    "number": NUMBER,
    "yen": YEN,
    "date": DATE,
    "choice": CHOICE,
    "select": SELECT,
    "multi_choice": MULTI_CHOICE,
    "ranked": RANKED,
    "yes_no": YES_NO,
    "declaration": DECLARATION,
    "person_name": PERSON_NAME,
    "address": ADDRESS,
    "bank_account": BANK_ACCOUNT,
    "file": FILE,
    "static": STATIC,
}
GROUP = "group"


def component(field: Field) -> Component:
    """The component of a field that is not a repeating group."""
    return KINDS[field.type]
