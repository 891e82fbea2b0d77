"""Components whose answer is one string: text, kana, telephone, e-mail, fixed digits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from yakuba.base.texts import Language
from yakuba.procedures import normalise
from yakuba.procedures.components.base import (
    LINE,
    LINES,
    Component,
    Fault,
    Post,
    Schema,
    anchored,
    matches,
    message,
)
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field

KATAKANA = "[ァ-ヶー・ヽヾ]+(?: [ァ-ヶー・ヽヾ]+)*"
# Latin letters too: a foreigner's reading may be registered in kana with initials.
PHONE = "0[0-9]{9,10}"
EMAIL = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}"
POSTAL_CODE = "[0-9]{7}"


@dataclass(frozen=True)
class StringComponent(Component):
    """One string of a certain form."""

    pattern: str
    normal: Callable[[str], str]
    wrong: str
    sample: str
    longest: int = 200
    inputmode: str = ""
    input_type: str = "text"
    autocomplete: str = ""

    def form(self, field: Field) -> str:
        return self.pattern

    def limit(self, field: Field) -> int:
        return field.max_length or self.longest

    def parse(self, field: Field, post: Post, name: str) -> object:
        return self.normal(post.one(name)) or None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault("", message("unexpected", label=field.label))
        elif len(value) > self.limit(field):
            yield Fault(
                "", message("too_long", label=field.label, count=self.limit(field), actual=len(value))
            )
        elif not matches(self.form(field), value):
            yield Fault(
                "",
                message(self.wrong, label=field.label, example=self.example(field), count=field.digits or ""),
            )

    def schema(self, field: Field, context: Context) -> Schema:
        return {"type": "string", "maxLength": self.limit(field), "pattern": anchored(self.form(field))}

    def example(self, field: Field) -> str:
        return field.example or self.sample

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {
            "value": value if isinstance(value, str) else "",
            "inputmode": self.inputmode,
            "input_type": self.input_type,
            "autocomplete": field.autocomplete or self.autocomplete,
            "maxlength": str(self.limit(field)),
        }


class Digits(StringComponent):
    """A number that is a name, of fixed length (``digits``): an insured person's number."""

    def form(self, field: Field) -> str:
        return f"[0-9]{{{field.digits}}}"

    def example(self, field: Field) -> str:
        return field.example or "1234567890"[: field.digits or 0]


class LongText(StringComponent):
    """Several lines of free text."""

    template = "long_text"


TEXT = StringComponent(LINE, normalise.line, "not_text", "")
LONG_TEXT = LongText(LINES, normalise.lines, "not_text", "", longest=2000)
KANA = StringComponent(KATAKANA, normalise.kana, "not_kana", "ヤマダ ハナコ", longest=100)
PHONE_NUMBER = StringComponent(
    PHONE, normalise.phone, "not_phone", "09012345678", 20, inputmode="tel", input_type="tel"
)
E_MAIL = StringComponent(
    EMAIL, normalise.email, "not_email", "hanako@example.jp", 254, inputmode="email", input_type="email"
)
DIGITS = Digits("", normalise.digits, "not_digits", "", 40, inputmode="numeric")
POSTAL = StringComponent(POSTAL_CODE, normalise.digits, "not_postal_code", "2400112", 40, inputmode="numeric")
