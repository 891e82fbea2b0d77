"""Changes to a document: pages and fields added, put, moved, removed. Each gives a new document.

A field is found by its page, the repeating group it stands in (or ``""``), and its id.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.procedures.authoring.documents import Document
from yakuba.procedures.components.kinds import GROUP
from yakuba.procedures.meta import FIELD_ID

Node = dict[str, Any]


class NoSuchPart(KeyError):
    """The document has no such page or field (any more)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands."""

    page: str
    group: str = ""


def page_of(document: Mapping[str, Any], page_id: str) -> Node:
    """The page's node.

    Raises:
        NoSuchPart: there is none.
    """
    return _find(document.get("pages", ()), page_id)


def field_of(document: Mapping[str, Any], place: Place, field_id: str) -> Node:
    """The field's node.

    Raises:
        NoSuchPart: there is none.
    """
    return _find(_fields(document, place), field_id)


def field_ids(document: Mapping[str, Any]) -> Iterator[str]:
    """Every id that is taken: of pages, fields, and fields in groups."""
    for page in document.get("pages", ()):
        yield page["id"]
        for field in page.get("fields", ()):
            yield field["id"]
            yield from (inner["id"] for inner in field.get("fields", ()))


def before(document: Mapping[str, Any], place: Place, field_id: str | None) -> list[Node]:
    """The fields a condition at this place may look back at, in the order of the form."""
    found: list[Node] = []
    for page in document.get("pages", ()):
        for field in page.get("fields", ()):
            if page["id"] == place.page and field["id"] in (field_id, place.group):
                return [*found, *_before_inside(field, place, field_id)]
            if field["type"] not in (GROUP, "file", "static"):
                found.append(field)
        if page["id"] == place.page:
            return found
    return found


def _before_inside(group: Node, place: Place, field_id: str | None) -> Iterator[Node]:
    if place.group != group["id"]:
        return
    for field in group.get("fields", ()):
        if field["id"] == field_id:
            return
        if field["type"] not in ("file", "static"):
            yield field


def fresh_id(document: Mapping[str, Any], stem: str) -> str:
    """``stem`` if it is a free id, else with the first number that makes it one."""
    taken = set(field_ids(document))
    stem = stem if re.match(FIELD_ID, stem) else "q"
    candidates = [stem, *(f"{stem}{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in candidates if one not in taken)


def with_frame(document: Document, changes: Mapping[str, Any]) -> Document:
    """The document with top-level parts replaced; ``None`` takes a part away."""
    kept = {key: value for key, value in {**document, **changes}.items() if value is not None}
    return copy.deepcopy(kept)


def add_page(document: Document, node: Node) -> Document:
    """The document with a page at the end."""
    changed = copy.deepcopy(document)
    changed.setdefault("pages", []).append(copy.deepcopy(node))
    return changed


def put_page(document: Document, page_id: str, changes: Mapping[str, Any]) -> Document:
    """The document with parts of a page replaced (``None`` takes a part away); its fields stay."""
    changed = copy.deepcopy(document)
    _put(page_of(changed, page_id), changes)
    return changed


def remove_page(document: Document, page_id: str) -> Document:
    """The document without a page and its fields."""
    changed = copy.deepcopy(document)
    changed["pages"].remove(page_of(changed, page_id))
    return changed


def move_page(document: Document, page_id: str, steps: int) -> Document:
    """The document with a page moved: -1 towards the beginning, +1 towards the end."""
    changed = copy.deepcopy(document)
    _move(changed["pages"], page_of(changed, page_id), steps)
    return changed


def put_field(document: Document, place: Place, field_id: str | None, node: Node) -> Document:
    """The document with a field replaced, or added at the end where ``field_id`` is ``None``.

    A repeating group keeps the fields inside it.
    """
    changed = copy.deepcopy(document)
    fields = _fields(changed, place)
    if field_id is None:
        fields.append(copy.deepcopy(node))
        return changed
    old = _find(fields, field_id)
    inside = {"fields": old["fields"]} if node.get("type") == GROUP and "fields" in old else {}
    fields[fields.index(old)] = {**copy.deepcopy(node), **inside}
    return changed


def remove_field(document: Document, place: Place, field_id: str) -> Document:
    """The document without a field."""
    changed = copy.deepcopy(document)
    fields = _fields(changed, place)
    fields.remove(_find(fields, field_id))
    return changed


def move_field(document: Document, place: Place, field_id: str, steps: int) -> Document:
    """The document with a field moved among its neighbours."""
    changed = copy.deepcopy(document)
    fields = _fields(changed, place)
    _move(fields, _find(fields, field_id), steps)
    return changed


def _fields(document: Mapping[str, Any], place: Place) -> list[Node]:
    holder = page_of(document, place.page)
    if place.group:
        holder = _find(holder.get("fields", ()), place.group)
    found: list[Node] = holder.setdefault("fields", [])
    return found


def _find(nodes: Any, wanted: str) -> Node:
    for node in nodes:
        if node["id"] == wanted:
            found: Node = node
            return found
    raise NoSuchPart(wanted)


def _put(node: Node, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            node.pop(key, None)
        else:
            node[key] = copy.deepcopy(value)


def _move(nodes: list[Node], node: Node, steps: int) -> None:
    at = nodes.index(node)
    nodes.insert(max(0, min(len(nodes) - 1, at + steps)), nodes.pop(at))
