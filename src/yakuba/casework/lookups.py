"""How the town looks a fact up for a rule: the words a ``desk.yaml`` may use under ``knows``.

``of: {name: <answer>, birth: <answer>}`` asks about that member of the household instead of the case's person; where
nobody there is certainly meant, the fact is left out, and the rule says that it cannot tell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.casework.models import Case, Step
from yakuba.casework.municipal import declared_disasters
from yakuba.casework.people_found import likeness
from yakuba.casework.procedure_desk import InvalidDesk, Lookup
from yakuba.registers import entries, people
from yakuba.registers.models import RegisterEntry, Resident
from yakuba.registers.names import Likeness

Known = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whose case, on which day, with which answers and steps."""

    case: Case
    answers: Mapping[str, Any]
    steps: Mapping[str, Step]
    today: date


@dataclass(frozen=True, slots=True)
class Subject:
    """About whom a fact is looked up, and with whom that person lives."""

    inquiry: Inquiry
    person: Resident
    household: list[Resident]


Look = Callable[[Subject, Mapping[str, Any]], Any]


def look_up(lookup: Lookup, inquiry: Inquiry, person: Resident, household: list[Resident]) -> Known:
    """The fact, under its name; nothing where the town does not know.

    Raises:
        InvalidDesk: there is no such way of looking something up.
    """
    about = person
    if lookup.of:
        answers = inquiry.answers
        found = matched(answers.get(lookup.of["name"]), answers.get(lookup.of["birth"]), household)
        if found is None:
            return {}
        about = found
    if lookup.look not in LOOKS:
        raise InvalidDesk(inquiry.case.procedure, f"look {lookup.look!r}: there are {', '.join(LOOKS)}")
    value = LOOKS[lookup.look](Subject(inquiry, about, household), lookup.settings)
    return {} if value is None else {lookup.fact: value}


def _running(subject: Subject, settings: Mapping[str, Any]) -> bool:
    """``entry_in_force``: whether the register ``register`` holds an entry of the person today.

    ``without: item``: an entry that states this item has ended, and does not count.
    """
    return _runs(_current(subject, settings), settings)


def _runs(entry: RegisterEntry | None, settings: Mapping[str, Any]) -> bool:
    return entry is not None and not entry.items.get(settings.get("without", ""))


def _decided(subject: Subject, settings: Mapping[str, Any]) -> bool:
    """``entry_decided``: as ``entry_in_force``, also where the entry only begins later: a second decision would collide."""
    return _runs(_held(subject.person, subject, settings), settings)


def _listed_in(subject: Subject, settings: Mapping[str, Any]) -> Known:
    """``listed``: who stands in the ``list`` of an entry (in force or decided) of anybody in the household, by its ``key``:
    whose entry it is, and since when.

    ``groups: [group, …]``: whoever the answers name there is looked for in everybody's entries too, by the item's id: a
    child may be paid for to a parent who lives elsewhere, or live elsewhere itself. ``without: item``: an entry elsewhere
    that states this item has ended.
    """
    at_home = {
        str(line.get(settings["key"])): _whose(entry)
        for one in subject.household
        if (entry := _held(one, subject, settings))
        for line in _listed(entry.items.get(settings["list"]))
    }
    return at_home | dict(_listed_elsewhere(subject, settings))


def _listed_elsewhere(subject: Subject, settings: Mapping[str, Any]) -> Iterator[tuple[str, Known]]:
    lived_with = {one.atena_number for one in subject.household}
    for group in settings.get("groups", ()):
        for item in _listed(subject.inquiry.answers.get(group)):
            meant = matched(item.get("name"), item.get("birth_date"), subject.household) or _resident(item)
            holding = _listing(meant, subject, settings) if meant else ()
            for entry in holding:
                if entry.atena_number not in lived_with and _runs(entry, settings):
                    yield str(item.get("id")), _whose(entry)
                    break


def _listing(meant: Resident, subject: Subject, settings: Mapping[str, Any]) -> list[RegisterEntry]:
    return entries.listing(
        settings["register"], settings["list"], settings["key"], meant.atena_number, subject.inquiry.today
    )


def _resident(item: Mapping[str, Any]) -> Resident | None:
    """The one person on the resident register with exactly this name and birth: enough to ask, not to decide."""
    name, birth = item.get("name"), item.get("birth_date")
    said = str(name.get("name", "")) if isinstance(name, Mapping) else ""
    found = people.by_attributes(said, str(birth), limit=2) if said and birth else []
    return found[0] if len(found) == 1 else None


def _whose(entry: RegisterEntry) -> Known:
    return {"holder": entry.atena_number, "since": entry.valid_from.isoformat()}


def _entry(subject: Subject, settings: Mapping[str, Any]) -> Known:
    """``entry``: the items the register ``register`` holds of the person today, with ``valid_from`` and ``valid_until``.

    Empty where it holds none: looked up and not found is knowledge too.
    """
    entry = _current(subject, settings)
    if entry is None:
        return {}
    until = entry.valid_to.isoformat() if entry.valid_to else None
    return {**entry.items, "valid_from": entry.valid_from.isoformat(), "valid_until": until}


def _last_entry(subject: Subject, settings: Mapping[str, Any]) -> Known:
    """``last_entry``: the items of the newest entry, also of one that holds no more (a certification that ended)."""
    held = entries.standing(settings["register"], subject.person.atena_number)
    entry = held.order_by("-valid_from", "-history_number").first()
    return dict(entry.items) if entry else {}


def _series(subject: Subject, settings: Mapping[str, Any]) -> Known:
    """``series``: of a register with several entries a person, the items of each that holds today, by its series."""
    atena_number, on = subject.person.atena_number, subject.inquiry.today
    held = (one for one in entries.all_current(atena_number, on) if one.register == settings["register"])
    return {one.series: dict(one.items) for one in held}


def _entry_people(subject: Subject, settings: Mapping[str, Any]) -> list[Known]:
    """``entry_people``: each line of the entry's ``list``, with name and birth of the resident its ``key`` names."""
    entry = _current(subject, settings)
    lines = entry.items.get(settings["list"], []) if entry else []
    return [{**line, **_named(str(line.get("key", "")))} for line in lines]


def _named(atena_number: str) -> Known:
    try:
        found = people.person(atena_number)
    except people.NoSuchPerson:  # written by another key before the people were matched
        return {}
    return {"name": found.name, "birth": str(found.birth), "resident_here": found.status == "resident"}


def _item(subject: Subject, settings: Mapping[str, Any]) -> Any:
    """``item``: one ``item`` of the entry of today."""
    entry = _current(subject, settings)
    return entry.items.get(settings["item"]) if entry else None


def _is_so(subject: Subject, settings: Mapping[str, Any]) -> bool | None:
    """``registered_here``: true for a registered resident; otherwise unknown (who is not registered may still be here)."""
    return True if subject.person.status == "resident" else None


def _is_entered(subject: Subject, settings: Mapping[str, Any]) -> bool | None:
    """``entered``: true where the register holds an entry; otherwise unknown (a clerk has to find out)."""
    return True if _current(subject, settings) is not None else None


def _identity(subject: Subject, settings: Mapping[str, Any]) -> str:
    """``identity``: the person's 宛名番号."""
    return subject.person.atena_number


def _members(subject: Subject, settings: Mapping[str, Any]) -> Known:
    """``members``: who of the household the items of the ``groups`` are, by item id: 宛名番号, birth, and ``also``.

    ``entries: [register, …]`` adds what those registers hold of each today.
    """
    return dict(_each_member(subject, settings))


def _each_member(subject: Subject, settings: Mapping[str, Any]) -> Iterator[tuple[str, Known]]:
    for group in settings["groups"]:
        for item in _listed(subject.inquiry.answers.get(group)):
            member = matched(item.get("name"), item.get("birth_date"), subject.household)
            if member:
                own = Subject(subject.inquiry, member, subject.household)
                held = {one: _entry(own, {"register": one}) for one in settings.get("entries", ())}
                known = {"atena": member.atena_number, "birth": str(member.birth), **settings.get("also", {})}
                yield str(item.get("id")), known | held


def _household(subject: Subject, settings: Mapping[str, Any]) -> list[Known]:
    """``household``: everybody the person lives with: 宛名番号, name, birth, relationship; the person first.

    ``entries: [register, …]`` adds what those registers hold of each today.
    """
    own = subject.person.atena_number
    members = sorted(subject.household, key=lambda one: one.atena_number != own)
    return [_lives_there(subject, one, settings.get("entries", ())) for one in members]


def _lives_there(subject: Subject, one: Resident, registers: Sequence[str]) -> Known:
    alone = Subject(subject.inquiry, one, subject.household)
    return {
        "atena": one.atena_number,
        "name": one.name,
        "birth": str(one.birth),
        "relationship": one.relationship,
        **{each: _entry(alone, {"register": each}) for each in registers},
    }


def _step(subject: Subject, settings: Mapping[str, Any]) -> Known | None:
    """``step``: what the newest step of ``kind`` recorded, and the day of it as ``on``."""
    step = subject.inquiry.steps.get(settings["kind"])
    return {**step.results, "on": step.done_on.isoformat()} if step else None


def _disasters(subject: Subject, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``disasters``: the disasters this municipality declared."""
    return declared_disasters()


LOOKS: Mapping[str, Look] = {
    "disasters": _disasters,
    "entered": _is_entered,
    "entry": _entry,
    "entry_decided": _decided,
    "entry_in_force": _running,
    "entry_people": _entry_people,
    "household": _household,
    "identity": _identity,
    "item": _item,
    "listed": _listed_in,
    "last_entry": _last_entry,
    "members": _members,
    "registered_here": _is_so,
    "series": _series,
    "step": _step,
}


def matched(name: object, birth: object, household: list[Resident]) -> Resident | None:
    """The one member of the household with this birth date and a name that is or may be the same."""
    said = str(name.get("name", "")) if isinstance(name, Mapping) else str(name or "")
    if not said or not birth:
        return None
    fitting = [
        one
        for one in household
        if str(one.birth) == str(birth) and likeness(said, one) is not Likeness.DIFFERENT
    ]
    return fitting[0] if len(fitting) == 1 else None


def _held(person: Resident, subject: Subject, settings: Mapping[str, Any]) -> RegisterEntry | None:
    return entries.held(settings["register"], person.atena_number, subject.inquiry.today)


def _current(subject: Subject, settings: Mapping[str, Any]) -> RegisterEntry | None:
    """``series`` chooses one where a register has several."""
    number, today = subject.person.atena_number, subject.inquiry.today
    return entries.current(settings["register"], number, today, settings.get("series"))


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
