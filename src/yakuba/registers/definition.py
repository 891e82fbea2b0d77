"""A business register's data-item list as a value, and the JSON Schema its entries are checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

ItemType = Literal[
    "text", "digits", "number", "yen", "date", "uncertain_date", "month", "code", "flag", "list", "person"
]
_TYPES: tuple[ItemType, ...] = get_args(ItemType)
_MOST_YEN = 2**53 - 1
_MOST_LINES = 50


class UnfitDefinition(ValueError):
    """A data-item list is not usable; the message names the register and the item."""


@dataclass(frozen=True, slots=True)
class Item:
    """One data item: ``id`` in our data, ``code`` and ``name`` as the register's people know it."""

    id: str
    code: str
    name: str
    type: ItemType
    required: bool = False
    source: str = ""
    max_length: int = 200
    minimum: int = 0
    maximum: int = _MOST_YEN
    codes: Mapping[str, str] | None = None
    items: tuple["Item", ...] = ()

    def label(self, value: object) -> str:
        """``value`` as people read it: a code's name, an amount with its unit, はい/いいえ."""
        if self.type == "code" and self.codes:
            return self.codes.get(str(value), str(value))
        if self.type == "yen" and isinstance(value, int):
            return f"{value:,}円"
        if self.type == "flag":
            return "はい" if value else "いいえ"
        if self.type == "list" and isinstance(value, list):
            return f"{len(value)}件"
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Register:
    """One business register. ``series`` names the item that tells parallel entries of one person apart.

    ``named``: lists whose lines name other people, with the item of a line that says whom: by these an entry is found from
    the person named (:func:`yakuba.registers.entries.listing`).
    """

    code: str
    name_ja: str
    name_en: str
    law: str
    modelled_on: str
    items: tuple[Item, ...]
    series: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)

    def item(self, item_id: str) -> Item:
        """The item with this id.

        Raises:
            KeyError: no such item.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(f"{self.name_ja}に項目「{item_id}」はありません。")

    def series_of(self, items: Mapping[str, object]) -> str:
        """Which series an entry with these items belongs to; empty where the register has one entry a person."""
        return str(items.get(self.series, "")) if self.series else ""

    def people_named(self, items: Mapping[str, object]) -> list[tuple[str, str]]:
        """Whom an entry with these items names: the list, and what stands there for the person; each once."""
        return sorted(
            {
                (group, str(line[key]))
                for group, key in self.named.items()
                for line in _lines(items.get(group))
                if line.get(key)
            }
        )

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of an entry's items."""
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(self.items)}


def read_register(data: Mapping[str, Any]) -> Register:
    """Read a data-item list as its YAML file states it.

    Raises:
        UnfitDefinition: an unknown type, a doubled id or code, a code item without codes, a series item that is
            missing or not required, people named in a list or by an item that is not there.
    """
    code = str(data["register"])
    items = tuple(_item(code, entry) for entry in data["items"])
    _refuse_doubles(code, items)
    register = Register(
        code,
        data["name"]["ja"],
        data["name"]["en"],
        data["law"],
        data["modelled_on"],
        items,
        data.get("series"),
        data.get("named", {}),
    )
    if register.series and not any(item.id == register.series and item.required for item in items):
        raise UnfitDefinition(f"{code}: series item {register.series!r} must exist and be required")
    for group, key in register.named.items():
        if not any(item.id == group and any(inner.id == key for inner in item.items) for item in items):
            raise UnfitDefinition(f"{code}: people are named by {group}.{key}, which is not there")
    return register


def _lines(value: object) -> list[Mapping[str, object]]:
    return [line for line in value if isinstance(line, Mapping)] if isinstance(value, list) else []


def _item(register: str, data: Mapping[str, Any]) -> Item:
    known = dict(data)
    if known.get("type") not in _TYPES:
        raise UnfitDefinition(f"{register}: item {known.get('id')!r} has no known type; use one of {_TYPES}")
    if (known["type"] == "code") != bool(known.get("codes")):
        raise UnfitDefinition(f"{register}: item {known['id']!r}: codes belong to type code, and only there")
    known["items"] = tuple(_item(register, inner) for inner in known.get("items", ()))
    return Item(**known)


def _refuse_doubles(register: str, items: tuple[Item, ...]) -> None:
    every = [*items, *(inner for item in items for inner in item.items)]
    codes = [item.code for item in every]
    for group in (items, *(item.items for item in items)):
        ids = [item.id for item in group]
        if len(set(ids)) != len(ids):
            raise UnfitDefinition(f"{register}: an item id stands twice")
    if len(set(codes)) != len(codes):
        raise UnfitDefinition(f"{register}: an item code stands twice")


def _object(items: tuple[Item, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {item.id: _value(item) for item in items},
        "required": [item.id for item in items if item.required],
        "additionalProperties": False,
    }


def _value(item: Item) -> dict[str, Any]:
    return _bare_value(item) | {"title": item.name}


def _bare_value(item: Item) -> dict[str, Any]:
    match item.type:
        case "text":
            return {"type": "string", "maxLength": item.max_length}
        case "digits":
            return {"type": "string", "pattern": f"^[0-9]{{1,{item.max_length}}}$"}
        case "number" | "yen":
            return {"type": "integer", "minimum": item.minimum, "maximum": item.maximum}
        case "date":
            return {"type": "string", "format": "date"}
        case "uncertain_date":
            return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case "month":
            return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
        case "code":
            return {"enum": list(item.codes or ())}
        case "flag":
            return {"type": "boolean"}
        case "person":
            return {"type": "string", "pattern": "^[0-9]{1,15}$"}
        case "list":
            return {"type": "array", "maxItems": _MOST_LINES, "items": _object(item.items)}
