"""Conditions as data: a small closed language, evaluated over answers and never ``eval``-uated.

In a definition a condition is a mapping with one of these shapes::

    all: [c, …]        any: [c, …]        not: c
    field: f, equals: v | in: [v, …] | includes: v (of a multi-choice) | exists: true/false
    field: f, at_least: n, at_most: n (numbers)      field: f, on_or_after: d, before: d (dates)
    age_of: f, at: today | fiscal_year_start | previous_fiscal_year_end | …, at_least: n, less_than: n
    role: [self, …]                                   who fills in the form
    any_item: group, where: c                         some item of a repeating group
    count: group, at_least: n, at_most: n

Inside a repeating group ``f`` means the item's own field if it has one of that name, else the form's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from yakuba.procedures import datetext
from yakuba.procedures.context import Answers, Context, Role, moment

Scope = Literal["root", "item"]
Plain = str | int | bool


@dataclass(frozen=True, slots=True)
class View:
    """What a condition looks at: the form's answers, the answers of the item it stands in, and the context."""

    root: Answers
    context: Context
    item: Answers | None = None

    def value(self, ref: "Ref") -> object:
        source = self.item if ref.scope == "item" else self.root
        return None if source is None else source.get(ref.name)


@dataclass(frozen=True, slots=True)
class Ref:
    """A field a condition names, and where it lives."""

    name: str
    scope: Scope = "root"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]

    def holds(self, view: View) -> bool:
        return all(part.holds(view) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]

    def holds(self, view: View) -> bool:
        return any(part.holds(view) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"

    def holds(self, view: View) -> bool:
        return not self.part.holds(view)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field's value is one of these (``equals`` is a list of one)."""

    ref: Ref
    values: tuple[Plain, ...]

    def holds(self, view: View) -> bool:
        value = view.value(self.ref)
        return any(type(value) is type(wanted) and value == wanted for wanted in self.values)


@dataclass(frozen=True, slots=True)
class Includes:
    """The multi-choice or ranked list contains this value."""

    ref: Ref
    value: str

    def holds(self, view: View) -> bool:
        chosen = view.value(self.ref)
        return isinstance(chosen, list) and self.value in chosen


@dataclass(frozen=True, slots=True)
class Exists:
    """The field is answered."""

    ref: Ref

    def holds(self, view: View) -> bool:
        return view.value(self.ref) is not None


@dataclass(frozen=True, slots=True)
class Between:
    """The whole number lies between the limits, both included."""

    ref: Ref
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, view: View) -> bool:
        value = view.value(self.ref)
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class DateWithin:
    """The date is on or after the first moment and before the second (see :func:`~.context.moment`)."""

    ref: Ref
    on_or_after: str | None = None
    before: str | None = None

    def holds(self, view: View) -> bool:
        value = view.value(self.ref)
        if not isinstance(value, str) or not datetext.is_date(value):
            return False
        meant, today = datetext.last_day_meant(value), view.context.today
        if self.on_or_after is not None and meant < moment(self.on_or_after, today).isoformat():
            return False
        return self.before is None or meant < moment(self.before, today).isoformat()


@dataclass(frozen=True, slots=True)
class Age:
    """Full years attained by law (the day before the birthday counts) at a moment."""

    ref: Ref
    at: str = "today"
    at_least: int | None = None
    less_than: int | None = None

    def holds(self, view: View) -> bool:
        value = view.value(self.ref)
        if not isinstance(value, str) or not datetext.is_date(value):
            return False
        meant, on = datetext.last_day_meant(value), moment(self.at, view.context.today)
        if self.at_least is not None and meant > datetext.latest_birth_text(self.at_least, on):
            return False
        return self.less_than is None or meant > datetext.latest_birth_text(self.less_than, on)


@dataclass(frozen=True, slots=True)
class RoleIs:
    roles: tuple[Role, ...]

    def holds(self, view: View) -> bool:
        return view.context.role in self.roles


@dataclass(frozen=True, slots=True)
class AnyItem:
    """Some item of the repeating group fulfils a condition on the item's own fields."""

    group: str
    where: "Condition"

    def holds(self, view: View) -> bool:
        return any(
            self.where.holds(View(view.root, view.context, item)) for item in items(view.root, self.group)
        )


@dataclass(frozen=True, slots=True)
class Count:
    group: str
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, view: View) -> bool:
        number = len(items(view.root, self.group))
        return (self.at_least is None or number >= self.at_least) and (
            self.at_most is None or number <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class Always:
    """A settled condition: ``True`` always holds, ``False`` never."""

    value: bool = True

    def holds(self, view: View) -> bool:
        return self.value


Condition = (
    All
    | AnyOf
    | Not
    | OneOf
    | Includes
    | Exists
    | Between
    | DateWithin
    | Age
    | RoleIs
    | AnyItem
    | Count
    | Always
)
Leaf = OneOf | Includes | Exists | Between | DateWithin | Age
ALWAYS = Always(True)


def items(answers: Answers, group: str) -> list[Answers]:
    """The items of a repeating group (none if it is not answered)."""
    found = answers.get(group)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def both(first: Condition, second: Condition) -> Condition:
    """The condition that both hold, without needless nesting."""
    if first == ALWAYS:
        return second
    return first if second == ALWAYS else All((first, second))


def references(condition: Condition) -> Iterator[Ref]:
    """Every field and group the condition looks at (a group as a root reference)."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from references(part)
        case Not(part):
            yield from references(part)
        case AnyItem(group, _) | Count(group):
            yield Ref(group)
        case RoleIs() | Always():
            return
        case _:
            yield condition.ref
