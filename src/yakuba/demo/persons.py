"""Synthetic people as the town generator makes them, before they become rows of a register."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from yakuba.demo.names import FullName
from yakuba.demo.places import Address


class Certificate(NamedTuple):
    """One recorded state of a card certificate; days as ordinals, ``None`` while in force."""

    issuer_key_id: str
    serial: str
    history_number: int
    kind: str
    not_before: int
    not_after: int
    state: str
    state_reason: str
    recorded_from: int
    recorded_to: int | None


class Entry(NamedTuple):
    """An entry of a business register; ``items`` is JSON text."""

    register: str
    series: str
    valid_from: int
    items: str


class Earlier(NamedTuple):
    """A state of the record before the present one: where and until when."""

    valid_from: int
    address: Address
    reason: str
    former_address: str


class Ward(NamedTuple):
    """An adult's guardian."""

    kind: str
    guardian_number: str
    guardian_name: str
    guardian_address: str
    valid_from: int


@dataclass(slots=True)
class Person:
    """One person; days as proleptic ordinals (:meth:`datetime.date.toordinal`)."""

    number: int
    sex: str
    birth: int
    relationship: str
    household: int
    name: FullName
    address: Address
    valid_from: int
    reason: str
    moved_in_on: int | None
    former_address: str = ""
    status: str = "resident"
    foreign: bool = False
    birth_text: str = ""
    next_address: str = ""
    earlier: Earlier | None = None
    child: bool = False
    my_number: str = field(default="", repr=False)
    certificates: list[Certificate] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    ward: Ward | None = None

    @property
    def atena_number(self) -> str:
        """宛名番号: ten digits."""
        return f"{self.number:010d}"

    @property
    def household_number(self) -> str:
        """世帯番号: ten digits that begin with 1, from the first head's number."""
        return f"1{self.household:09d}"


@lru_cache(maxsize=80_000)
def iso(ordinal: int) -> str:
    """The day as ``YYYY-MM-DD``: a town has few different days and many people."""
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=80_000)
def year_of(ordinal: int) -> int:
    """The year of the day."""
    return date.fromordinal(ordinal).year


@lru_cache(maxsize=80_000)
def fiscal_end_age(birth: int, fiscal_year: int) -> int:
    """The age attained by 31 March that ends the fiscal year (born on 1 April: the day before counts)."""
    day = date.fromordinal(birth - 1)
    return fiscal_year + 1 - day.year - ((day.month, day.day) > (3, 31))


def age_on(birth: int, day: int) -> int:
    """Full years on that day (29 February counts from 1 March here: good enough to make people up)."""
    born, on = date.fromordinal(birth), date.fromordinal(day)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
