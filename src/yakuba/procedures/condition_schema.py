"""Conditions as JSON Schema 2020-12, so that every other system can apply a form's logic without our engine.

What depends on the context (the role, the day) is settled first; what depends on the form's root from inside a
repeating item cannot be said in JSON Schema, so :func:`decided_on_root` splits it off.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from yakuba.procedures import datetext
from yakuba.procedures.conditions import (
    Age,
    All,
    Always,
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
    RoleIs,
    View,
)
from yakuba.procedures.context import Context, moment

Schema = dict[str, Any]


def settle(condition: Condition, context: Context) -> Condition:
    """``condition`` with what the context decides replaced by its value, and simplified."""
    match condition:
        case RoleIs():
            return Always(condition.holds(View({}, context)))
        case Not(part):
            inner = settle(part, context)
            return Always(not inner.value) if isinstance(inner, Always) else Not(inner)
        case All(parts):
            return _joined([settle(part, context) for part in parts], neutral=True)
        case AnyOf(parts):
            return _joined([settle(part, context) for part in parts], neutral=False)
        case AnyItem(group, where):
            return AnyItem(group, settle(where, context))
        case _:
            return condition


def _joined(parts: list[Condition], *, neutral: bool) -> Condition:
    if any(isinstance(part, Always) and part.value is not neutral for part in parts):
        return Always(not neutral)
    kept = tuple(part for part in parts if not isinstance(part, Always))
    if not kept:
        return Always(neutral)
    if len(kept) == 1:
        return kept[0]
    return All(kept) if neutral else AnyOf(kept)


def as_schema(condition: Condition, context: Context) -> Schema:
    """The schema an object (the form's answers, or an item's) fulfils exactly if ``condition`` holds on it."""
    match condition:
        case Always(value):
            return {} if value else {"not": {}}
        case All(parts):
            return {"allOf": [as_schema(part, context) for part in parts]}
        case AnyOf(parts):
            return {"anyOf": [as_schema(part, context) for part in parts]}
        case Not(part):
            return {"not": as_schema(part, context)}
        case RoleIs():
            return as_schema(settle(condition, context), context)
        case AnyItem(group, where):
            return _has(group, {"type": "array", "contains": as_schema(where, context)})
        case Count(group, at_least, at_most):
            return _count(group, at_least, at_most)
        case _:
            return _has(condition.ref.name, _leaf(condition, context))


def _has(name: str, schema: Schema) -> Schema:
    return {"properties": {name: schema}, "required": [name]}


def _count(group: str, at_least: int | None, at_most: int | None) -> Schema:
    limits: Schema = {"type": "array"}
    if at_least:
        limits["minItems"] = at_least
    if at_most is not None:
        limits["maxItems"] = at_most
    enough = _has(group, limits)
    return enough if at_least else {"anyOf": [enough, {"not": {"required": [group]}}]}


def _leaf(condition: Condition, context: Context) -> Schema:
    match condition:
        case OneOf(_, values):
            return {"enum": list(values)}
        case Includes(_, value):
            return {"type": "array", "contains": {"const": value}}
        case Exists():
            return {}
        case Between(_, at_least, at_most):
            schema: Schema = {"type": "integer"}
            schema |= {} if at_least is None else {"minimum": at_least}
            return schema | ({} if at_most is None else {"maximum": at_most})
        case DateWithin(_, on_or_after, before):
            bounds = [(name, moment(name, context.today)) for name in (on_or_after, before) if name]
            return _dates(
                not_until=_day_before(bounds[0][1].isoformat()) if on_or_after else None,
                until=_day_before(bounds[-1][1].isoformat()) if before else None,
            )
        case Age(_, at, at_least, less_than):
            on = moment(at, context.today)
            return _dates(
                not_until=None if less_than is None else datetext.latest_birth_text(less_than, on),
                until=None if at_least is None else datetext.latest_birth_text(at_least, on),
            )
    raise TypeError(f"no leaf: {condition!r}")


def _day_before(day: str) -> str:
    from_date = datetext.day_meant(day)
    return (from_date.fromordinal(from_date.toordinal() - 1)).isoformat()


def _dates(not_until: str | None, until: str | None) -> Schema:
    parts: list[Schema] = [{"type": "string", "pattern": f"^(?:{datetext.ANY})$"}]
    if until is not None:
        parts.append({"pattern": f"^(?:{datetext.pattern_until(until)})$"})
    if not_until is not None:
        parts.append({"not": {"pattern": f"^(?:{datetext.pattern_until(not_until)})$"}})
    return {"allOf": parts}


def root_leaves(condition: Condition) -> list[Condition]:
    """The parts of an item's condition that look at the form's root, each once."""
    return list(dict.fromkeys(_root_leaves(condition)))


def _root_leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _root_leaves(part)
        case Not(part):
            yield from _root_leaves(part)
        case Always() | RoleIs():
            return
        case AnyItem() | Count():
            yield condition
        case _:
            if condition.ref.scope == "root":
                yield condition


def decided_on_root(condition: Condition, context: Context) -> Iterator[tuple[Condition, Condition]]:
    """Pairs (condition on the root, what remains to hold on the item) that together say ``condition``.

    Exactly one first part holds on any answers. With n parts that look at the root there are 2ⁿ pairs; the
    definition's check keeps n at 3 or below.
    """
    condition = settle(condition, context)
    leaves = root_leaves(condition)
    for values in product((True, False), repeat=len(leaves)):
        chosen = dict(zip(leaves, values, strict=True))
        case = _joined([leaf if value else Not(leaf) for leaf, value in chosen.items()], neutral=True)
        yield case, _replaced(condition, chosen)


def _replaced(condition: Condition, chosen: Mapping[Condition, bool]) -> Condition:
    if condition in chosen:
        return Always(chosen[condition])
    match condition:
        case All(parts):
            return _joined([_replaced(part, chosen) for part in parts], neutral=True)
        case AnyOf(parts):
            return _joined([_replaced(part, chosen) for part in parts], neutral=False)
        case Not(part):
            inner = _replaced(part, chosen)
            return Always(not inner.value) if isinstance(inner, Always) else Not(inner)
        case _:
            return condition
