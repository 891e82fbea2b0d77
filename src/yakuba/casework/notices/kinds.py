"""The kinds of notice as data: those of one procedure in its folder (``notices/<id>.yaml``), those of any procedure in
``kinds/<id>.yaml``, with the words of the appeal notice in ``teaching.yaml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml

from yakuba.base.texts import Text
from yakuba.procedures.folders import parts

FactType = Literal["text", "date", "month", "yen", "table"]
_HERE = resources.files("yakuba.casework.notices")


class UnknownKind(KeyError):
    """No kind of notice has this name; ``known`` lists those there are."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind, self.known = kind, known
        super().__init__(f"「{kind}」という通知書はありません。例: {'、'.join(known)}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from in the decided case (see :mod:`yakuba.casework.notice_facts`).

    ``paths``: the first that leads to something; ``codes``: value → words; ``words``: a sentence with ``{}`` for the value.
    """

    paths: tuple[str, ...] = ()
    form: str = ""
    codes: Mapping[str, str] | None = None
    words: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class FactField:
    """One row (or table) of a notice: the key of its value in ``NoticeData.facts``, its label and type."""

    key: str
    label: Text
    type: FactType
    required: bool = True
    emphasis: bool = False
    columns: tuple["FactField", ...] = ()
    source: Source = Source()


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
    found: dict[str, Kind] = {}
    for procedure, folder in (("", _HERE / "kinds"), *parts("notices")):
        for file in (one for one in folder.iterdir() if one.name.endswith(".yaml")):
            name = file.name.removesuffix(".yaml")
            if name in found:
                raise ValueError(
                    f"{procedure}: a kind of notice is called {name!r} already; give yours another name"
                )
            found[name] = _kind(name, procedure, _read(file))
    return dict(sorted(found.items()))


def kind(name: str) -> Kind:
    """One kind of notice.

    Raises:
        UnknownKind: there is none of this name.
    """
    known = kinds()
    if name not in known:
        raise UnknownKind(name, tuple(known))
    return known[name]


def _read(file: Traversable) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _kind(name: str, procedure: str, raw: Mapping[str, Any]) -> Kind:
    return Kind(
        id=name,
        procedure=procedure,
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
        source=_source(raw),
    )


def _source(raw: Mapping[str, Any]) -> Source:
    paths = raw.get("from", ())
    return Source(
        paths=(paths,) if isinstance(paths, str) else tuple(paths),
        form=raw.get("as", ""),
        codes=raw.get("codes"),
        words=raw.get("words", ""),
        default=raw.get("default", ""),
    )


@cache
def _teachings() -> Mapping[str, Teaching]:
    return {name: _teaching(raw) for name, raw in _read(_HERE / "teaching.yaml").items()}


def _teaching(raw: Mapping[str, Any]) -> Teaching:
    lines = tuple(raw["lines"])
    japanese = "".join(lines) or "この書面は決定ではありません。"
    short = Text(ja=japanese, **raw["short"])
    return Teaching(lines, short, raw["source"], raw["sure"])
