"""Components without an answer: text to read, and places for files (the portal keeps those)."""

from collections.abc import Iterator
from typing import Any

from yakuba.base.texts import Language, Text, ruby
from yakuba.procedures.components.base import Component, Fault, Post, Schema, message, part
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field
from yakuba.procedures.file_kinds import chooser, in_words


class Static(Component):
    """Text to read: an explanation, a worked-out value."""

    template = "static"
    answered = False

    def parse(self, field: Field, post: Post, name: str) -> object:
        return None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        yield from ()

    def schema(self, field: Field, context: Context) -> Schema:
        return {}


class File(Static):
    """A place (slot) for files. Which files lie there the portal knows; see :mod:`~yakuba.procedures.slots`."""

    template = "file"

    def missing(self, field: Field) -> Text:
        return message("missing_file", label=field.label)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        accepted = part("accepted_files", kinds=in_words(field.accepts))
        return {"accept": chooser(field.accepts), "accepted_files": ruby(accepted.in_language(language))}


STATIC = Static()
FILE = File()
