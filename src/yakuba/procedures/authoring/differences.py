"""What differs between two documents, part by part, in the order of the form; and what a third one makes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["added", "removed", "changed", "moved"]
_MISSING = object()
_BY = ("id", "value", "version", "role", "field")  # what names a member of a list, where its place does not


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: ``where`` (``pages/children/fields/name/label/ja``), and its values before and after."""

    where: str
    kind: Kind
    old: Any = None
    new: Any = None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Everything that differs. Pages, fields and options are compared by their ids, whatever place they stand in."""
    return tuple(_between(dict(old), dict(new), ""))


def _between(old: Any, new: Any, where: str) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(old, new, where)
    elif isinstance(old, list) and isinstance(new, list) and (key := _key_of([*old, *new])):
        yield from _lists(old, new, where, key)
    elif old != new or type(old) is not type(new):
        yield Difference(where, "changed", old, new)


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        yield from _member(old.get(name, _MISSING), new.get(name, _MISSING), _under(where, name))


def _lists(old: list[Any], new: list[Any], where: str, key: str) -> Iterator[Difference]:
    before, after = {one[key]: one for one in old}, {one[key]: one for one in new}
    for name in dict.fromkeys([*before, *after]):
        yield from _member(before.get(name, _MISSING), after.get(name, _MISSING), _under(where, str(name)))
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield Difference(where, "moved", kept_before, kept_after)


def _member(old: Any, new: Any, where: str) -> Iterator[Difference]:
    if old is _MISSING:
        yield Difference(where, "added", None, new)
    elif new is _MISSING:
        yield Difference(where, "removed", old, None)
    else:
        yield from _between(old, new, where)


def _key_of(members: list[Any]) -> str | None:
    """What names the members of these lists, if one thing names them all without doubles in either."""
    if not members or not all(isinstance(one, dict) for one in members):
        return None
    return next((key for key in _BY if all(isinstance(one.get(key), str) for one in members)), None)


def _under(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name


@dataclass(frozen=True, slots=True)
class News:
    """A change of the national definition, as it meets a municipality's own version of it.

    ``yours``: ``untouched`` (the municipality kept the old national part: it can simply follow), ``same`` (it has
    made the same change already), or ``different`` (it has changed the part otherwise, or taken it away: people decide).
    """

    change: Difference
    yours: Literal["untouched", "same", "different"]
    value: Any = None


def news(base: Mapping[str, Any], national: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[News, ...]:
    """What has changed nationally since ``base`` (from which ``own`` was made), beside the municipality's version."""
    return tuple(_meets(change, own) for change in differences(base, national))


def _meets(change: Difference, own: Mapping[str, Any]) -> News:
    here = _at(own, change.where)
    if change.kind == "moved":
        names = [_name(one) for one in here] if isinstance(here, list) else []
        kept = [one for one in names if one in change.new]
        state: Any = "same" if kept == change.new else "untouched" if kept == change.old else "different"
        return News(change, state, kept)
    value = None if here is _MISSING else here
    if value == change.new:
        return News(change, "same", value)
    return News(change, "untouched" if value == change.old else "different", value)


def _at(node: Any, where: str) -> Any:
    for step in where.split("/"):
        if isinstance(node, dict):
            node = node.get(step, _MISSING)
        elif isinstance(node, list):
            node = next((one for one in node if _name(one) == step), _MISSING)
        else:
            return _MISSING
        if node is _MISSING:
            return _MISSING
    return node


def _name(node: Any) -> str | None:
    if not isinstance(node, dict):
        return None
    return next((str(node[key]) for key in _BY if isinstance(node.get(key), str)), None)
