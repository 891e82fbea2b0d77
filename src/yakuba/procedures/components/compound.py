"""Components whose answer has named parts: a person's name, an address, a bank account."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yakuba.base.texts import Language, Text, without_readings
from yakuba.procedures import normalise
from yakuba.procedures.components.base import (
    LINE,
    Component,
    Fault,
    Post,
    Schema,
    anchored,
    matches,
    message,
    part,
)
from yakuba.procedures.components.strings import KATAKANA, POSTAL_CODE
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field

# 全銀協 allows these in an account holder's name; kept here in their full-width forms.
_HOLDER = "[ァ-ヶー・A-Z0-9()./,「」-]+(?: [ァ-ヶー・A-Z0-9()./,「」-]+)*"
# The same with a reading of Latin initials: foreigners' registered readings.
_NAME_KANA = KATAKANA


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its form, how typed text is made uniform, and what to say if it is wrong."""

    key: str
    pattern: str
    normal: Callable[[str], str]
    wrong: str
    example: str
    required: bool = True
    longest: int = 200
    digits: int | None = None
    inputmode: str = ""
    autocomplete: str = ""
    values: tuple[str, ...] = ()  # a choice among these (their words are in texts/parts.yaml)

    label_key: str = ""  # where the label differs from the part's usual one

    def label(self) -> Text:
        return part(self.label_key or self.key)


class Compound(Component):
    """An object of text parts, each checked on its own."""

    template = "compound"
    grouped = True

    def parts(self, field: Field) -> tuple[Part, ...]:
        raise NotImplementedError

    def parse(self, field: Field, post: Post, name: str) -> object:
        typed = {one.key: one.normal(post.one(f"{name}-{one.key}")) for one in self.parts(field)}
        return {key: value for key, value in typed.items() if value} or None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not isinstance(value, Mapping) or set(value) - {one.key for one in self.parts(field)}:
            yield Fault("", message("unexpected", label=field.label))
            return
        for one in self.parts(field):
            given = value.get(one.key)
            if one.key not in value:
                if one.required:
                    yield Fault(one.key, _missing(one))
            elif found := _part_fault(one, given):
                yield Fault(one.key, found)

    def schema(self, field: Field, context: Context) -> Schema:
        return {
            "type": "object",
            "properties": {one.key: _part_schema(one) for one in self.parts(field)},
            "required": [one.key for one in self.parts(field) if one.required],
            "additionalProperties": False,
        }

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        typed = value if isinstance(value, Mapping) else {}
        return {
            "parts": [
                self._row(field, one, str(typed.get(one.key, "")), language) for one in self.parts(field)
            ]
        }

    def _row(self, field: Field, one: Part, value: str, language: Language) -> dict[str, Any]:
        own = field.autocomplete == "on"
        return {
            "key": one.key,
            "label": one.label().in_language(language),
            "value": value,
            "required": one.required,
            "example": one.example,
            "inputmode": one.inputmode,
            "autocomplete": one.autocomplete if own else "off",
            "maxlength": str(one.longest),
            "options": [
                {"value": key, "label": part(key).in_language(language), "chosen": key == value}
                for key in one.values
            ],
        }

    def first_part(self, field: Field) -> str:
        return next((one.key for one in self.parts(field) if one.required), "")

    def example(self, field: Field) -> str:
        return field.example or " ".join(
            one.example for one in self.parts(field) if one.required and one.example
        )


def _missing(one: Part) -> Text:
    if one.values:
        return message("missing_choice", label=one.label())
    return message("missing", label=one.label(), example=one.example)


def _part_fault(one: Part, value: object) -> Text | None:
    if not isinstance(value, str):
        return message("unexpected", label=one.label())
    if one.values:
        return None if value in one.values else message("not_an_option", label=one.label())
    if len(value) > one.longest:
        return message("too_long", label=one.label(), count=one.longest, actual=len(value))
    if not matches(one.pattern, value):
        return message(one.wrong, label=one.label(), example=one.example, count=one.digits or "")
    return None


def _part_schema(one: Part) -> Schema:
    if one.values:
        return {"enum": list(one.values)}
    return {"type": "string", "maxLength": one.longest, "pattern": anchored(one.pattern)}


_NAME = Part("name", LINE, normalise.line, "not_text", "山田 花子", longest=150, autocomplete="name")
_KANA = Part("kana", _NAME_KANA, normalise.kana, "not_kana", "ヤマダ ハナコ", longest=150)
_KANA_OPTIONAL = replace(_KANA, required=False, label_key="kana_optional")


class PersonName(Compound):
    """A name as registered (one field: many people have no family name, or a long Latin one) and its reading."""

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (_NAME, _KANA if field.kana == "required" else _KANA_OPTIONAL)

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        kana = value.get("kana")
        return f"{value.get('name', '')}（{kana}）" if kana else str(value.get("name", ""))


class Address(Compound):
    """A Japanese address, in the parts the resident register keeps."""

    _parts = (
        Part(
            "postal_code",
            POSTAL_CODE,
            normalise.digits,
            "not_postal_code",
            "2400112",
            required=False,
            longest=20,
            inputmode="numeric",
            autocomplete="postal-code",
        ),
        Part(
            "address",
            LINE,
            normalise.line,
            "not_text",
            "神奈川県三浦郡葉山町堀内2135番地",
            autocomplete="street-address",
        ),
        Part(
            "building",
            LINE,
            normalise.line,
            "not_text",
            "海風荘201号",
            required=False,
            autocomplete="address-line3",
        ),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        return self._parts

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        code = str(value.get("postal_code", ""))
        postal = f"〒{code[:3]}-{code[3:]} " if code else ""
        return f"{postal}{value.get('address', '')} {value.get('building', '')}".strip()


class BankAccount(Compound):
    """An account that money is paid to, in the parts of the 全銀 transfer format."""

    _parts = (
        Part("bank_name", LINE, normalise.line, "not_text", "みなと信用金庫", longest=60),
        Part(
            "bank_code",
            "[0-9]{4}",
            normalise.digits,
            "not_digits",
            "0123",
            longest=20,
            digits=4,
            inputmode="numeric",
        ),
        Part("branch_name", LINE, normalise.line, "not_text", "葉山支店", longest=60),
        Part(
            "branch_code",
            "[0-9]{3}",
            normalise.digits,
            "not_digits",
            "045",
            longest=20,
            digits=3,
            inputmode="numeric",
        ),
        Part("account_type", "", normalise.line, "", "", values=("ordinary", "checking")),
        Part(
            "account_number",
            "[0-9]{7}",
            normalise.digits,
            "not_digits",
            "0012345",
            longest=20,
            digits=7,
            inputmode="numeric",
        ),
        Part(
            "account_holder",
            _HOLDER,
            normalise.account_holder,
            "not_account_holder",
            "ヤマダ ハナコ",
            longest=100,
        ),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        return self._parts

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        kind = value.get("account_type")
        known = kind in ("ordinary", "checking")
        shown = without_readings(part(str(kind)).in_language(language)) if known else str(kind or "")
        bank = f"{value.get('bank_name', '')}({value.get('bank_code', '')})"
        branch = f"{value.get('branch_name', '')}({value.get('branch_code', '')})"
        return f"{bank} {branch} {shown} {value.get('account_number', '')} {value.get('account_holder', '')}"


PERSON_NAME = PersonName()
ADDRESS = Address()
BANK_ACCOUNT = BankAccount()
