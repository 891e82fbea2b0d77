"""Whole numbers and amounts of yen. Nothing a resident enters needs a fraction."""

from collections.abc import Iterator
from typing import Any

from yakuba.base.texts import Language
from yakuba.procedures import normalise
from yakuba.procedures.components.base import Component, Fault, Post, Schema, message
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field

_LARGEST = 999_999_999_999


class Number(Component):
    """A whole number between ``minimum`` (0 unless said) and ``maximum``."""

    def parse(self, field: Field, post: Post, name: str) -> object:
        typed = normalise.line(post.one(name))
        plain = normalise.number(typed)
        if plain.removeprefix("-").isascii() and plain.removeprefix("-").isdigit() and len(plain) <= 15:
            return int(plain)
        return typed or None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        low, high = _limits(field)
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault("", message("not_number", label=field.label, example=self.example(field)))
        elif value < low:
            yield Fault("", message("too_small", label=field.label, limit=low))
        elif value > high:
            yield Fault("", message("too_large", label=field.label, limit=high))

    def schema(self, field: Field, context: Context) -> Schema:
        low, high = _limits(field)
        return {"type": "integer", "minimum": low, "maximum": high}

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, int):
            return str(value)
        return f"{value}{field.unit or ''}"

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {
            "value": "" if value is None else str(value),
            "inputmode": "numeric",
            "unit": field.unit or "",
        }

    def example(self, field: Field) -> str:
        return field.example or str(max(1, _limits(field)[0]))


class Yen(Number):
    """An amount of yen."""

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, int):
            return str(value)
        return f"¥{value:,}" if language == "en" else f"{value:,}円"

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {**super().controls(field, value, language), "unit": "yen" if language == "en" else "円"}


def _limits(field: Field) -> tuple[int, int]:
    return (
        0 if field.minimum is None else field.minimum,
        _LARGEST if field.maximum is None else field.maximum,
    )


NUMBER = Number()
YEN = Yen()
