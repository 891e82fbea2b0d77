"""Reads conditions from a definition's YAML; knows which names exist, so a condition can name nothing that is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from yakuba.procedures.conditions import (
    Age,
    All,
    AnyItem,
    AnyOf,
    Between,
    Condition,
    Count,
    DateWithin,
    Exists,
    Includes,
    Not,
    OneOf,
    Ref,
    RoleIs,
)
from yakuba.procedures.context import ROLES, Role, is_moment

Node = Mapping[str, Any]


class BadCondition(ValueError):
    """A condition that cannot be read; the message says what was written and what would be right."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names a condition may use where it stands: name → type of field; groups → their fields."""

    root: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    item: Mapping[str, str] | None = None

    def ref(self, name: str) -> tuple[Ref, str]:
        """The reference and the type of the field ``name``.

        Raises:
            BadCondition: no field of that name stands before this place.
        """
        if self.item is not None and name in self.item:
            return Ref(name, "item"), self.item[name]
        if name in self.root:
            return Ref(name), self.root[name]
        known = ", ".join([*(self.item or {}), *self.root]) or "(none yet)"
        raise BadCondition(
            f"names the field {name!r}, which does not stand before it. A condition may only look back. Fields before it: {known}"
        )


def parse_condition(node: object, names: Names) -> Condition:
    """The condition written as ``node``.

    Raises:
        BadCondition: unknown shape, unknown field, or a comparison the field's type does not have.
    """
    if not isinstance(node, Mapping):
        raise BadCondition(f"is {node!r}; write a mapping such as {{field: lives_apart, equals: true}}")
    for key, reader in _READERS.items():
        if key in node:
            return reader(node, names)
    raise BadCondition(f"has none of {', '.join(_READERS)}: {dict(node)!r}")


def _only(node: Node, *allowed: str) -> None:
    if extra := set(node) - set(allowed):
        raise BadCondition(
            f"has {sorted(extra)} beside {allowed[0]!r}; allowed there: {', '.join(allowed[1:])}"
        )


def _all(node: Node, names: Names) -> Condition:
    _only(node, "all")
    return All(tuple(parse_condition(part, names) for part in node["all"]))


def _any(node: Node, names: Names) -> Condition:
    _only(node, "any")
    return AnyOf(tuple(parse_condition(part, names) for part in node["any"]))


def _not(node: Node, names: Names) -> Condition:
    _only(node, "not")
    return Not(parse_condition(node["not"], names))


def _field(node: Node, names: Names) -> Condition:
    _only(node, "field", "equals", "in", "includes", "exists", "at_least", "at_most", "on_or_after", "before")
    ref, kind = names.ref(str(node["field"]))
    if "equals" in node:
        return OneOf(ref, (_plain(node["equals"]),))
    if "in" in node:
        return OneOf(ref, tuple(_plain(value) for value in node["in"]))
    if "includes" in node:
        _type(ref, kind, "includes", ("multi_choice", "ranked"))
        return Includes(ref, str(node["includes"]))
    if "exists" in node:
        return Exists(ref) if node["exists"] else Not(Exists(ref))
    if "on_or_after" in node or "before" in node:
        _type(ref, kind, "on_or_after/before", ("date",))
        return DateWithin(ref, _moment(node.get("on_or_after")), _moment(node.get("before")))
    if "at_least" in node or "at_most" in node:
        _type(ref, kind, "at_least/at_most", ("number", "yen"))
        return Between(ref, node.get("at_least"), node.get("at_most"))
    raise BadCondition(f"compares the field {ref.name!r} with nothing; add e.g. equals: true")


def _age(node: Node, names: Names) -> Condition:
    _only(node, "age_of", "at", "at_least", "less_than")
    ref, kind = names.ref(str(node["age_of"]))
    _type(ref, kind, "age_of", ("date",))
    if "at_least" not in node and "less_than" not in node:
        raise BadCondition("asks an age without at_least or less_than")
    return Age(ref, _moment(node.get("at", "today")) or "today", node.get("at_least"), node.get("less_than"))


def _role(node: Node, _names: Names) -> Condition:
    _only(node, "role")
    named = [node["role"]] if isinstance(node["role"], str) else list(node["role"])
    if unknown := [role for role in named if role not in ROLES]:
        raise BadCondition(f"names the role {unknown[0]!r}; roles are {', '.join(ROLES)}")
    return RoleIs(tuple(cast(Role, role) for role in named))


def _any_item(node: Node, names: Names) -> Condition:
    _only(node, "any_item", "where")
    group = _group(str(node["any_item"]), names)
    inner = Names({}, {}, names.groups[group])
    return AnyItem(group, parse_condition(node["where"], inner))


def _count(node: Node, names: Names) -> Condition:
    _only(node, "count", "at_least", "at_most")
    return Count(_group(str(node["count"]), names), node.get("at_least"), node.get("at_most"))


def _group(name: str, names: Names) -> str:
    if name not in names.groups:
        known = ", ".join(names.groups) or "(none yet)"
        raise BadCondition(
            f"names the repeating group {name!r}, which does not stand before it. Groups: {known}"
        )
    return name


def _type(ref: Ref, kind: str, comparison: str, wanted: tuple[str, ...]) -> None:
    if kind not in wanted:
        raise BadCondition(
            f"uses {comparison} on {ref.name!r}, which is {kind!r}; that works for {', '.join(wanted)}"
        )


def _plain(value: object) -> str | int | bool:
    if isinstance(value, str | int | bool):
        return value
    raise BadCondition(
        f"compares with {value!r}; compare with text, a whole number or true/false (dates: on_or_after)"
    )


def _moment(value: object) -> str | None:
    if value is None:
        return None
    if not is_moment(str(value)):
        raise BadCondition(
            f"names the moment {value!r}; write 2024-10-01, today, today-15d or fiscal_year_start"
        )
    return str(value)


_READERS: dict[str, Callable[[Node, Names], Condition]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "field": _field,
    "age_of": _age,
    "role": _role,
    "any_item": _any_item,
    "count": _count,
}
