"""The cast: made-up people with stories, cards and PINs, whom the demo, its tests and its visitors play with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.demo.cast_people import RegisteredCertificate, households, people
from yakuba.demo.persons import Person, age_on

__all__ = ["CardPlan", "CastMember", "RegisteredCertificate", "age", "cast", "cast_member", "people"]


@dataclass(frozen=True, slots=True)
class CardPlan:
    """The card of a cast member: its state, and what its sign certificate writes where it differs from the register."""

    state: str
    name: str
    substitutes: str


@dataclass(frozen=True, slots=True)
class CastMember:
    """One of the cast. ``story`` and ``to_try`` are in Japanese (``ja``) and English (``en``). Nobody is real."""

    id: str
    municipality: str
    atena_number: str
    name: str
    kana: str
    sex: str
    birth: str
    address: str
    registered_since: date
    story: Mapping[str, str]
    to_try: Mapping[str, str]
    procedures: tuple[str, ...]
    card: CardPlan | None
    sign_pin: str | None
    auth_pin: str | None
    synthetic: bool = True


def cast(as_of: date) -> tuple[CastMember, ...]:
    """Everybody of the cast, as of the town's day."""
    return tuple(
        _cast_member(household, role, members[role["member"]])
        for household, members in households(as_of)
        for role in household["cast"]
    )


def cast_member(member_id: str, as_of: date) -> CastMember:
    """The member of the cast with this id (``mother``, ``expired-card``, …).

    Raises:
        KeyError: nobody has it; the message lists the ids.
    """
    everybody = {member.id: member for member in cast(as_of)}
    if member_id not in everybody:
        raise KeyError(f"実演の人物「{member_id}」はいません。いるのは: {'、'.join(everybody)}")
    return everybody[member_id]


def _cast_member(household: dict[str, Any], role: dict[str, Any], person: Person) -> CastMember:
    card = role["card"]
    name = person.name.written
    on_card = card and CardPlan(
        card["state"], card.get("name", name), card.get("substitutes", "0" * len(card.get("name", name)))
    )
    return CastMember(
        role["id"], household["municipality"], person.atena_number, name, person.name.kana, person.sex,
        person.birth_text or date.fromordinal(person.birth).isoformat(),
        person.address.text + person.address.building, date.fromordinal(person.valid_from), role["story"], role["try"], tuple(role["procedures"]),
        on_card, role["sign_pin"], role["auth_pin"],
    )  # fmt: skip


def age(member: CastMember, as_of: date) -> int:
    """Full years on that day (from the middle of the year where only the year of birth is known)."""
    year, month, day = (int(part) for part in member.birth.split("-"))
    return age_on(date(year, month or 7, day or 1).toordinal(), as_of.toordinal())
