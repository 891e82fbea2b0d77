"""What every component can do, and the small values it works with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from yakuba.base.catalog import text as catalog_text
from yakuba.base.texts import Language, Text
from yakuba.procedures import normalise
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field

FormData = Mapping[str, Sequence[str]]
Schema = dict[str, Any]

# One line: no control characters, line breaks or blanks at its ends (they would be invisible differences).
LINE = "[^\\x00-\\x20\\x7f-\\x9f\u00a0\u3000](?:[^\\x00-\\x1f\\x7f-\\x9f]*[^\\x00-\\x20\\x7f-\\x9f\u00a0\u3000])?"
LINES = "[^\\x00-\\x20\\x7f-\\x9f\u00a0\u3000](?:(?:\\n|[^\\x00-\\x1f\\x7f-\\x9f])*[^\\x00-\\x20\\x7f-\\x9f\u00a0\u3000])?"


def message(key: str, **facts: object) -> Text:
    """One of the form's messages, filled in."""
    return catalog_text("yakuba.procedures", f"messages.{key}").format(**facts)


def part(key: str, **facts: object) -> Text:
    """The label of a component's part."""
    return catalog_text("yakuba.procedures", f"parts.{key}").format(**facts)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a value: in which part (``""``: the whole), and what to say."""

    part: str
    message: Text


class Post:
    """A form post, read leniently: any name, any number of values, any characters."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def one(self, name: str) -> str:
        """The last value under ``name``, cleaned of control characters; empty if there is none."""
        found = self.many(name)
        return found[-1] if found else ""

    def many(self, name: str) -> list[str]:
        found = self._data.get(name, ())
        values = [found] if isinstance(found, str) else list(found)
        return [normalise.clean_text(value) for value in values if isinstance(value, str)]

    def has(self, name: str) -> bool:
        return name in self._data

    def indexes(self, group: str) -> list[int]:
        """The item numbers posted for a repeating group, ascending; at most 500 (a form never has more)."""
        form = re.compile(rf"{re.escape(group)}-([0-9]{{1,4}})-")
        found = {int(match[1]) for name in self._data if (match := form.match(name))}
        return sorted(found)[:500]


class Component:
    """A kind of field. Stateless; the field says what is particular."""

    template: ClassVar[str] = "text"
    answered: ClassVar[bool] = True  # whether an answer belongs to it at all
    grouped: ClassVar[bool] = False  # whether it has several controls and so needs fieldset and legend
    own_words: ClassVar[bool] = (
        False  # whether show() gives the definition's words (with readings), not the resident's
    )

    def parse(self, field: Field, post: Post, name: str) -> object:
        """The answer in a form post, normalised; what cannot be understood is kept as typed. ``None``: empty."""
        raise NotImplementedError

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        """What is wrong with a value that is there."""
        raise NotImplementedError

    def schema(self, field: Field, context: Context) -> Schema:
        """The JSON Schema that accepts exactly the values without faults."""
        raise NotImplementedError

    def show(self, field: Field, value: object, language: Language) -> str:
        """The value in words, for review pages and notices."""
        return str(value)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        """What the template needs besides label, hint and errors: current values, options, part labels."""
        return {"value": value if isinstance(value, str) else ""}

    def missing(self, field: Field) -> Text:
        """What to say if a required answer is not there."""
        return message("missing", label=field.label, example=self.example(field))

    def example(self, field: Field) -> str:
        return field.example or ""

    def first_part(self, field: Field) -> str:
        """The part a link to the field should lead to (several controls have no control of the bare name)."""
        return ""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def matches(pattern: str, value: str) -> bool:
    return compiled(pattern).fullmatch(value) is not None


def anchored(pattern: str) -> str:
    """``pattern`` as JSON Schema wants it: schema patterns are searched for, not matched whole."""
    return f"^(?:{pattern})$"
