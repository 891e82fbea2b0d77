"""What the town already knows, for a form: register items by path. Runs inside ``under(municipality)``.

Paths are ``juki.<item>`` (住民基本台帳, :data:`RESIDENT_ITEMS`) and ``<register>.<item>`` of a business register's
data-item list. 個人番号 has no path and cannot be asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from yakuba.registers import catalogue, entries, people
from yakuba.registers.models import Resident
from yakuba.registers.names import without_selectors

Value = object
_SEX = {"1": "male", "2": "female"}


def _spaced(text: str) -> str:
    """With an ordinary space between 氏 and 名, as forms keep names."""
    return text.replace("\u3000", " ")


RESIDENT_ITEMS: Mapping[str, Callable[[Resident], Value]] = {
    "juki.name": lambda person: _spaced(person.name),
    "juki.family_name": lambda person: person.family_name,
    "juki.given_name": lambda person: person.given_name,
    "juki.kana": lambda person: _spaced(person.name_kana),
    "juki.alphabet_name": lambda person: person.name_alphabet,
    "juki.common_name": lambda person: _spaced(person.common_name),
    "juki.former_family_name": lambda person: person.former_family_name,
    "juki.plain_name": lambda person: without_selectors(_spaced(person.name)),
    "juki.sex": lambda person: _SEX.get(person.sex, ""),
    "juki.birth_date": lambda person: str(person.birth),
    "juki.postal_code": lambda person: person.postcode,
    "juki.address": lambda person: person.address,
    "juki.building": lambda person: person.building,
    "juki.former_address": lambda person: person.former_address,
    "juki.moved_in_on": lambda person: person.moved_in_on.isoformat() if person.moved_in_on else "",
    "juki.relationship": lambda person: person.relationship,
    "juki.household_number": lambda person: person.household_number,
    "juki.atena_number": lambda person: person.atena_number,
}
# Numbers of the town's own stay inside: a form has no use for them.
_INSIDE_ONLY = frozenset({"juki.household_number", "juki.atena_number"})
ASKABLE_RESIDENT_ITEMS = tuple(sorted(RESIDENT_ITEMS.keys() - _INSIDE_ONLY))


def is_item(path: str) -> bool:
    """Whether a form may ask for this register item."""
    if path in RESIDENT_ITEMS:
        return path not in _INSIDE_ONLY
    register, _, item = path.partition(".")
    return register in catalogue.codes() and any(
        known.id == item for known in catalogue.register(register).items
    )


def values(atena_number: str, items: Iterable[str], as_of: date) -> dict[str, Value]:
    """What is known for these items on that day; what is unknown, empty or not askable is left out.

    Raises:
        NoSuchPerson: nobody has this number on that day.
    """
    wanted = [path for path in items if is_item(path)]
    found = _of_resident(people.person(atena_number, as_of), wanted)
    for register in {path.partition(".")[0] for path in wanted} - {"juki"}:
        found |= _of_register(register, atena_number, wanted, as_of)
    return found


def household(atena_number: str, items: Iterable[str], as_of: date) -> list[dict[str, Value]]:
    """The same of each other member of the person's household, the oldest first; resident items only."""
    wanted = [path for path in items if is_item(path)]
    members = people.household(atena_number, as_of)
    return [_of_resident(member, wanted) for member in members if member.atena_number != atena_number]


def _of_resident(person: Resident, wanted: Iterable[str]) -> dict[str, Value]:
    found = {path: RESIDENT_ITEMS[path](person) for path in wanted if path in RESIDENT_ITEMS}
    return {path: value for path, value in found.items() if value not in (None, "")}


def _of_register(register: str, atena_number: str, wanted: Iterable[str], as_of: date) -> dict[str, Value]:
    entry = entries.current(register, atena_number, as_of)
    if entry is None:
        return {}
    paths = {f"{register}.{key}": value for key, value in entry.items.items()}
    return {path: paths[path] for path in wanted if paths.get(path) not in (None, "")}
