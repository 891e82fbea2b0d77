"""Answers beside register entries, with every difference marked. Functions of values.

"May differ" is its own mark: a variant character, a substitute on the card, a date of which a part is unknown. It
asks a clerk to look and never counts as "same" or as "different".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from yakuba.base.dates import UncertainDate
from yakuba.casework.addresses import same_place
from yakuba.casework.claimant import mapped_values
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.summary import Section
from yakuba.registers.keys import kana_key
from yakuba.registers.names import Likeness, compare
from yakuba.registers.variants import national_variants

Values = Mapping[str, object]


class Mark(IntEnum):
    """How an answer compares; the larger, the more it needs a look."""

    NONE = 0
    SAME = 1
    NOT_KNOWN = 2
    MAY_DIFFER = 3
    DIFFERENT = 4


MARK_NAMES = {
    Mark.NONE: "",
    Mark.SAME: "一致",
    Mark.NOT_KNOWN: "台帳では不明",
    Mark.MAY_DIFFER: "異なる可能性",
    Mark.DIFFERENT: "違う",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer with what the register says."""

    label: str
    answer: str
    register: str
    mark: Mark
    path: str
    review_only: bool = False

    @property
    def mark_name(self) -> str:
        """The mark in words."""
        return MARK_NAMES[self.mark]


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the form."""

    title: str
    lines: tuple[Line, ...]


def side_by_side(
    procedure: Procedure,
    answers: Values,
    sections: Sequence[Section],
    person: Values,
    household: Sequence[Values],
) -> tuple[Block, ...]:
    """Every section of the form with the register beside it.

    Args:
        person: what the registers say of the case's person, by item path; household: of each other member.
    """
    known = {
        path: (field, answer, values)
        for path, field, answer, values in _mapped(procedure, answers, person, household)
    }
    return tuple(
        Block(section.title, tuple(_line(row.label, row.value, row.path, row.review_only, known.get(row.path)) for row in section.rows))
        for section in sections
    )  # fmt: skip


def _line(
    label: str, value: str, path: str, review_only: bool, known: tuple[Field, object, Values] | None
) -> Line:
    if known is None:
        return Line(label, value, "", Mark.NONE, path, review_only)
    field, answer, values = known
    parts = list(mapped_values(field, answer))
    marks = [mark_of(item, said, values.get(item)) for item, said in parts]
    words = "\n".join(_words(item, values.get(item)) for item in field.register.values() if values.get(item))
    known_marks = [mark for mark in marks if mark is not Mark.NOT_KNOWN]
    return Line(label, value, words, max(known_marks, default=Mark.NOT_KNOWN), path, review_only)


def _mapped(
    procedure: Procedure, answers: Values, person: Values, household: Sequence[Values]
) -> Iterable[tuple[str, Field, object, Values]]:
    for _, field in procedure.fields():
        if field.is_group:
            yield from _mapped_items(field, answers.get(field.id), household)
        elif field.register and field.register_of == "subject" and field.id in answers:
            yield field.id, field, answers[field.id], person


def _mapped_items(
    group: Field, items: object, household: Sequence[Values]
) -> Iterable[tuple[str, Field, object, Values]]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, Mapping):
            continue
        member = _member(group, item, household)
        for field in group.fields:
            if field.register and field.id in item:
                yield f"{group.id}-{index}-{field.id}", field, item[field.id], member


def _member(group: Field, item: Values, household: Sequence[Values]) -> Values:
    """The member of the household an item most likely tells of: as many same or nearly same parts as possible."""
    said = [
        (path, value)
        for field in group.fields
        if field.id in item
        for path, value in mapped_values(field, item[field.id])
    ]

    def fits(member: Values) -> int:
        return sum(
            mark_of(path, value, member.get(path)) in (Mark.SAME, Mark.MAY_DIFFER) for path, value in said
        )

    best = max(household, key=fits, default={})
    return best if best and fits(best) > 0 else {}


def mark_of(item: str, said: object, known: object) -> Mark:
    """How one value compares with the register's."""
    if known in (None, ""):
        return Mark.NOT_KNOWN
    if said in (None, ""):
        return Mark.NONE
    return _HOW.get(item, _plainly)(str(said), str(known))


def _name(said: str, known: str) -> Mark:
    return {
        Likeness.SAME: Mark.SAME,
        Likeness.MAY_DIFFER_BY_VARIANT: Mark.MAY_DIFFER,
        Likeness.DIFFERENT: Mark.DIFFERENT,
    }[compare(said, known, national_variants())]


def _kana(said: str, known: str) -> Mark:
    return Mark.SAME if kana_key(said) == kana_key(known) else Mark.DIFFERENT


def _date(said: str, known: str) -> Mark:
    if said == known:
        return Mark.SAME
    try:
        ours, theirs = UncertainDate.parse(known), UncertainDate.parse(said)
    except ValueError:
        return Mark.DIFFERENT
    overlap = ours.earliest <= theirs.latest and theirs.earliest <= ours.latest
    return Mark.MAY_DIFFER if overlap else Mark.DIFFERENT


def _address(said: str, known: str) -> Mark:
    if "".join(said.split()) == "".join(known.split()):
        return Mark.SAME
    return Mark.MAY_DIFFER if same_place(said, known) else Mark.DIFFERENT


def _plainly(said: str, known: str) -> Mark:
    return Mark.SAME if _digits_or_text(said) == _digits_or_text(known) else Mark.DIFFERENT


def _digits_or_text(text: str) -> str:
    plain = text.replace("-", "").replace(" ", "").replace("　", "")
    return plain if plain.isdigit() else text.strip()


_HOW: dict[str, Callable[[str, str], Mark]] = {
    "juki.name": _name,
    "juki.kana": _kana,
    "juki.common_name": _name,
    "juki.alphabet_name": _name,
    "juki.birth_date": _date,
    "juki.address": _address,
    "juki.building": _address,
}


def _words(item: str, known: object) -> str:
    if item == "juki.birth_date":
        try:
            return UncertainDate.parse(str(known)).in_japanese()
        except ValueError:
            return str(known)
    return str(known)
