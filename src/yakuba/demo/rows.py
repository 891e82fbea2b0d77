"""Synthetic people as rows for PostgreSQL's COPY, in text form, one list of lines a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yakuba.demo.persons import Person, iso
from yakuba.registers.bulk import CERTIFICATES, ENTRIES, GUARDIANSHIPS, MY_NUMBERS, RESIDENTS
from yakuba.registers.mynumber_keys import MyNumberKeys, sealed_rows

_NULL = "\\N"
_RECORDED_AT = "T00:00:00Z"


@dataclass(slots=True)
class Rows:
    """Lines by table. Nothing in them needs escaping: names and addresses hold no tab, line break or backslash."""

    lines: dict[str, list[str]] = field(
        default_factory=lambda: {
            table: [] for table in (RESIDENTS, CERTIFICATES, ENTRIES, MY_NUMBERS, GUARDIANSHIPS)
        }
    )

    def data(self, table: str) -> bytes:
        """The table's lines as COPY takes them."""
        return "".join(self.lines[table]).encode()

    def count(self) -> int:
        """How many rows there are in all tables."""
        return sum(len(lines) for lines in self.lines.values())


def rows(municipality: str, people: Sequence[Person], keys: MyNumberKeys) -> Rows:
    """The rows of ``people``, 個人番号 already sealed for the row they will lie in."""
    made = Rows()
    made.lines[MY_NUMBERS] += _my_numbers(municipality, people, keys)
    residents, certificates = made.lines[RESIDENTS], made.lines[CERTIFICATES]
    entries = made.lines[ENTRIES]
    for person in people:
        number = person.atena_number
        residents += _resident(municipality, number, person)
        for c in person.certificates:
            ended = _NULL if c.recorded_to is None else iso(c.recorded_to)
            certificates.append(
                f"{municipality}\t{c.issuer_key_id}\t{c.serial}\t{number}\t{c.history_number}\t{c.kind}\t"
                f"{iso(c.not_before)}\t{iso(c.not_after)}\t{c.state}\t{c.state_reason}\t{iso(c.recorded_from)}\t{ended}\n"
            )
        for e in person.entries:
            day = iso(e.valid_from)
            entries.append(
                f"{municipality}\t{e.register}\t{number}\t{e.series}\t1\t{day}\t{_NULL}\t{_NULL}\t{e.items}\t{_NULL}\t"
                f"{day}{_RECORDED_AT}\n"
            )
        if person.ward:
            w = person.ward
            made.lines[GUARDIANSHIPS].append(
                f"{municipality}\t{number}\t{w.kind}\t{w.guardian_number}\t{w.guardian_name}\t{w.guardian_address}\t"
                f"{iso(w.valid_from)}\t{_NULL}\n"
            )
    return made


def _resident(municipality: str, number: str, p: Person) -> list[str]:
    """One line a state of the record."""
    n = p.name
    moved_in = _NULL if p.moved_in_on is None else iso(p.moved_in_on)
    who = (
        f"{'t' if p.foreign else 'f'}\t{n.written}\t{n.kana}\t{n.latin}\t{n.common}\t{n.common_kana}\t{n.former}\t"
        f"{n.former_kana}\t{p.sex}\t{p.birth_text or iso(p.birth)}\t{p.household_number}\t{p.relationship}"
    )
    keys = f"{n.key}\t{n.kana_key}\t{n.other_key}\t{n.alphabet_key}\n"
    lines, history = [], 1
    if p.earlier is not None:
        e = p.earlier
        begins = iso(e.valid_from)
        lines.append(
            f"{municipality}\t{number}\t1\t{begins}\t{iso(p.valid_from - 1)}\t{e.reason}\t{begins}\t{begins}\tresident\t"
            f"{who}\t{e.address.postcode}\t{e.address.town_code}\t{e.address.text}\t{e.address.building}\t{e.former_address}\t"
            f"{moved_in}\t\t{e.address.facility}\t{keys}"
        )
        history = 2
    a, begins = p.address, iso(p.valid_from)
    lines.append(
        f"{municipality}\t{number}\t{history}\t{begins}\t{_NULL}\t{p.reason}\t{begins}\t{begins}\t{p.status}\t"
        f"{who}\t{a.postcode}\t{a.town_code}\t{a.text}\t{a.building}\t{p.former_address}\t"
        f"{moved_in}\t{p.next_address}\t{a.facility}\t{keys}"
    )
    return lines


def _my_numbers(municipality: str, people: Sequence[Person], keys: MyNumberKeys) -> Iterator[str]:
    holders = [person for person in people if person.my_number]
    numbers = [(one.atena_number, one.my_number) for one in holders]
    sealed = sealed_rows(keys, municipality, numbers)
    for person, (number, _), (closed, index) in zip(holders, numbers, sealed, strict=True):
        yield (
            f"{municipality}\t{number}\t1\t{keys.newest}\t\\\\x{closed.hex()}\t\\\\x{index.hex()}\t"
            f"{iso(person.valid_from)}\t{_NULL}\tt\n"
        )
