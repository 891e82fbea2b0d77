"""The kinds of notice as data: ``kinds/<id>.yaml``, with the words of the appeal notice in ``teaching.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from yakuba.base.texts import Text

FactType = Literal["text", "date", "month", "yen", "table"]
_HERE = resources.files("yakuba.casework.notices")


class UnknownKind(KeyError):
    """No kind of notice has this name; ``known`` lists those there are."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind, self.known = kind, known
        super().__init__(f"「{kind}」という通知書はありません。例: {'、'.join(known)}")


@dataclass(frozen=True, slots=True)
class FactField:
    """One row (or table) of a notice: the key of its value in ``NoticeData.facts``, its label and type."""

    key: str
    label: Text
    type: FactType
    required: bool = True
    emphasis: bool = False
    columns: tuple["FactField", ...] = ()


@dataclass(frozen=True, slots=True)
class Teaching:
    """教示: the paragraphs as law words them, in Japanese, and their gist for the other two languages.

    ``sure`` is false where the wording should be seen by the town's lawyer before real use.
    """

    lines: tuple[str, ...]
    short: Text
    source: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice (様式). ``office`` names the letterhead's office whose mark numbers it."""

    id: str
    procedure: str
    office: str
    law: str
    title: Text
    opening: Text
    facts: tuple[FactField, ...]
    notes: tuple[str, ...]
    teaching: Teaching
    needs_reasons: bool
    needs_corrections: bool


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of notice by id."""
    files = [file for file in (_HERE / "kinds").iterdir() if file.name.endswith(".yaml")]
    ids = sorted(file.name.removesuffix(".yaml") for file in files)
    return {name: _kind(name, _read(f"kinds/{name}.yaml")) for name in ids}


def kind(name: str) -> Kind:
    """One kind of notice.

    Raises:
        UnknownKind: there is none of this name.
    """
    known = kinds()
    if name not in known:
        raise UnknownKind(name, tuple(known))
    return known[name]


def _read(path: str) -> Any:
    return yaml.safe_load((_HERE / path).read_text(encoding="utf-8"))


def _kind(name: str, raw: Mapping[str, Any]) -> Kind:
    return Kind(
        id=name,
        procedure=raw["procedure"],
        office=raw["office"],
        law=raw["law"],
        title=Text(**raw["title"]),
        opening=Text(**raw["opening"]),
        facts=tuple(_field(one) for one in raw["facts"]),
        notes=tuple(raw["notes"]),
        teaching=_teachings()[raw["teaching"]],
        needs_reasons=raw.get("needs_reasons", False),
        needs_corrections=raw.get("needs_corrections", False),
    )


def _field(raw: Mapping[str, Any]) -> FactField:
    return FactField(
        key=raw["key"],
        label=Text(**raw["label"]),
        type=raw["type"],
        required=raw.get("required", True),
        emphasis=raw.get("emphasis", False),
        columns=tuple(_field(one) for one in raw.get("columns", ())),
    )


@cache
def _teachings() -> Mapping[str, Teaching]:
    return {name: _teaching(raw) for name, raw in _read("teaching.yaml").items()}


def _teaching(raw: Mapping[str, Any]) -> Teaching:
    lines = tuple(raw["lines"])
    japanese = "".join(lines) or "この書面は決定ではありません。"
    short = Text(ja=japanese, **raw["short"])
    return Teaching(lines, short, raw["source"], raw["sure"])
