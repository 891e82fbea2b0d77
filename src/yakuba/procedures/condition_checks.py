"""Whether a condition can ever be true: a choice compared with an option it does not have never is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yakuba.procedures.condition_schema import root_leaves
from yakuba.procedures.conditions import (
    Age,
    All,
    AnyItem,
    AnyOf,
    Between,
    Condition,
    Count,
    Includes,
    Not,
    OneOf,
    Plain,
    Ref,
    RoleIs,
    references,
)
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.faults import DefinitionFault

_MOST_ROOT_LEAVES = 3
_CHOICES = ("choice", "select")
_NEVER_COMPARED = ("person_name", "address", "bank_account", "multi_choice", "ranked", "static", "file")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: the form's fields, and those of the group around it."""

    procedure: Procedure
    root: Mapping[str, Field]
    item: Mapping[str, Field] | None = None

    def field(self, ref: Ref) -> Field | None:
        return (self.item or {}).get(ref.name) if ref.scope == "item" else self.root.get(ref.name)

    def inside(self, group: Field | None) -> "Place":
        return Place(self.procedure, self.root, {one.id: one for one in group.fields} if group else {})


def condition_faults(condition: Condition, place: Place, where: str) -> Iterator[DefinitionFault]:
    """What makes the condition senseless although every name in it exists."""
    if place.item is not None and len(root_leaves(condition)) > _MOST_ROOT_LEAVES:
        yield DefinitionFault(
            where, f"looks at more than {_MOST_ROOT_LEAVES} fields outside its group; simplify"
        )
    for says in _senseless(condition, place):
        yield DefinitionFault(where, f"the condition {says}")


def _senseless(condition: Condition, place: Place) -> Iterator[str]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _senseless(part, place)
        case Not(part):
            yield from _senseless(part, place)
        case OneOf(ref, values):
            yield from _not_values(place.field(ref), values)
        case Includes(ref, value):
            yield from _not_options(place.field(ref), (value,))
        case RoleIs(roles):
            yield from _not_applicants(place.procedure, roles)
        case Between(_, low, high) | Count(_, low, high) if (
            low is not None and high is not None and low > high
        ):
            yield f"wants at least {low} and at most {high}, which is never"
        case Age(_, _, low, below) if low is not None and below is not None and low >= below:
            yield f"wants an age of at least {low} and below {below}, which is never"
        case AnyItem(group, inner):
            if any(ref.scope == "root" for ref in references(inner)):
                yield "any_item may only look at the item's own fields"
            yield from _senseless(inner, place.inside(place.root.get(group)))


def _not_values(field: Field | None, values: tuple[Plain, ...]) -> Iterator[str]:
    """Values the field can never have."""
    if field is None:
        return
    if field.type in _CHOICES:
        yield from _not_options(field, values)
    elif field.type in ("yes_no", "declaration"):
        if any(not isinstance(value, bool) for value in values):
            yield f"compares {field.id!r} with {values}; it is true or false"
    elif field.type in ("number", "yen"):
        if any(not isinstance(value, int) or isinstance(value, bool) for value in values):
            yield f"compares {field.id!r} with {values}; it is a whole number"
    elif field.type in _NEVER_COMPARED:
        yield f"compares {field.id!r}, which is {field.type}, with one value; use exists or includes"
    elif any(not isinstance(value, str) for value in values):
        yield f"compares {field.id!r} with {values}; it is text"


def _not_options(field: Field | None, values: tuple[Plain, ...]) -> Iterator[str]:
    if field is None or field.options_from:
        return
    known = [option.value for option in field.options]
    for value in values:
        if value not in known:
            yield f"compares {field.id!r} with {value!r}, which is none of its options: {', '.join(known)}"


def _not_applicants(procedure: Procedure, roles: tuple[str, ...]) -> Iterator[str]:
    known = [applicant.role for applicant in procedure.applicants]
    for role in roles:
        if role not in known:
            yield f"names the role {role!r}, which may not apply here; roles: {', '.join(known)}"
