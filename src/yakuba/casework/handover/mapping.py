"""Mapping tables (対応表): from a decided case to the records of an outside system, as data: ``handover.yaml`` in the procedure's
folder.

A table lists record types; each has rows (one a case, or one an item of a list in it) and fields in order. A value
that cannot be converted is a :class:`Difficulty` with the case's receipt number; it is never guessed or dropped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from yakuba.casework.handover.values import Unconvertible, convert
from yakuba.procedures.folders import parts


class NoMapping(LookupError):
    """No mapping table for this procedure."""

    def __init__(self, procedure: str) -> None:
        self.procedure = procedure
        super().__init__(
            f"手続「{procedure}」の連携の対応表がありません。手続のフォルダーに handover.yaml を作ってください。"
        )


@dataclass(frozen=True, slots=True)
class Field:
    """One outside field.

    Attributes:
        name: the outside system's name of it, a column heading.
        source: path in the case's document; starting with ``row.`` in the row's item. Empty: always ``default``.
        type: how the value is written, see :mod:`yakuba.casework.handover.values`.
        codes: our value → the outside code; a value not listed is a difficulty.
        width: characters (or, in a fixed-width file, octets) it may take; 0 for no limit.
    """

    name: str
    source: str
    type: str
    codes: Mapping[str, str] | None
    width: int
    required: bool
    default: str


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record, one file of it: ``rows`` is the path of the list, empty for one row a case."""

    name: str
    title: str
    rows: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The mapping table of one procedure. ``sure`` is false while no vendor's layout has been checked against."""

    procedure: str
    version: str
    title: str
    records: tuple[RecordType, ...]
    sure: bool
    note: str


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A value that did not fit: where it stands, what it was, and why. ``blocking``: the case cannot go out so."""

    receipt_number: str
    record: str
    field: str
    value: str
    reason: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """One case's rows per record type, and what did not fit."""

    rows: Mapping[str, tuple[tuple[str, ...], ...]]
    difficulties: tuple[Difficulty, ...]

    @property
    def blocked(self) -> bool:
        """Whether the case has to wait for a person."""
        return any(one.blocking for one in self.difficulties)


@cache
def tables() -> Mapping[str, Table]:
    """Every mapping table by procedure."""
    return {
        procedure: read_table(procedure, yaml.safe_load(file.read_text(encoding="utf-8")))
        for procedure, file in parts("handover.yaml")
    }


def table_for(procedure: str) -> Table:
    """The procedure's table.

    Raises:
        NoMapping: there is none.
    """
    if procedure not in tables():
        raise NoMapping(procedure)
    return tables()[procedure]


def read_table(procedure: str, raw: Mapping[str, Any]) -> Table:
    """The table of ``procedure`` from its YAML.

    Raises:
        KeyError, ValueError: a part is missing, or two fields of a record share a name.
    """
    return Table(
        procedure=procedure,
        version=str(raw["version"]),
        title=raw["title"],
        records=tuple(_record(one, raw.get("codes", {})) for one in raw["records"]),
        sure=bool(raw["sure"]),
        note=raw.get("note", ""),
    )


def _record(raw: Mapping[str, Any], shared: Mapping[str, Mapping[str, str]]) -> RecordType:
    fields = tuple(_field(one, shared) for one in raw["fields"])
    names = [field.name for field in fields]
    if len(set(names)) != len(names):
        raise ValueError(f"record {raw['name']}: two fields share a name")
    return RecordType(raw["name"], raw["title"], raw.get("rows", ""), fields)


def _field(raw: Mapping[str, Any], shared: Mapping[str, Mapping[str, str]]) -> Field:
    codes = raw.get("codes")
    if isinstance(codes, str):
        codes = shared[codes]
    return Field(
        name=raw["field"],
        source=raw.get("from", ""),
        type=raw.get("type", "text"),
        codes={str(key): str(value) for key, value in codes.items()} if codes else None,
        width=int(raw.get("width", 0)),
        required=bool(raw.get("required", False)),
        default=str(raw.get("default", "")),
    )


def apply(table: Table, document: Mapping[str, Any]) -> Mapped:
    """The rows ``document`` becomes under ``table``."""
    rows: dict[str, tuple[tuple[str, ...], ...]] = {}
    difficulties: list[Difficulty] = []
    for record in table.records:
        rows[record.name] = tuple(
            tuple(_cell(record, field, document, item, difficulties) for field in record.fields)
            for item in _items(record, document)
        )
    return Mapped(rows, tuple(difficulties))


def _items(record: RecordType, document: Mapping[str, Any]) -> Iterator[Any]:
    if not record.rows:
        yield None
        return
    found = look_up(document, record.rows)
    yield from found if isinstance(found, list) else ()


def _cell(
    record: RecordType, field: Field, document: Mapping[str, Any], item: Any, difficulties: list[Difficulty]
) -> str:
    value = _value(field, document, item)
    if value in (None, "", []):
        if field.required:
            difficulties.append(_difficulty(document, record, field, "", "missing", blocking=True))
        return field.default
    try:
        return convert(value, field.type, field.codes)
    except Unconvertible as problem:
        difficulties.append(_difficulty(document, record, field, str(value), problem.reason, blocking=True))
        return field.default


def _difficulty(
    document: Mapping[str, Any], record: RecordType, field: Field, value: str, reason: str, *, blocking: bool
) -> Difficulty:
    return Difficulty(str(document["receipt_number"]), record.name, field.name, value, reason, blocking)


def _value(field: Field, document: Mapping[str, Any], item: Any) -> Any:
    if field.source.startswith("row."):
        return look_up(item, field.source.removeprefix("row."))
    return look_up(document, field.source) if field.source else None


def look_up(value: Any, path: str) -> Any:
    """What stands at ``path`` (``answers.account.bank_code``, ``effects.0.items``); None if nothing does."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
