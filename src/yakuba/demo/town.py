"""The synthetic town: people in households, streamed block by block, the same bytes for the same plan.

A block is made from the seed and its own number alone, so blocks can be made on any core in any order and memory
stays that of one block. Nobody in it is real; names are combined by chance from lists of common ones.
"""

from collections.abc import Iterator
from random import Random

from yakuba.demo import business, households, names
from yakuba.demo.cards_history import certificates
from yakuba.demo.households import Member
from yakuba.demo.names import FullName, Part
from yakuba.demo.persons import Earlier, Person, Ward, year_of
from yakuba.demo.places import Address, Place, place
from yakuba.demo.plan import BLOCK, NUMBERS_A_BLOCK, Plan
from yakuba.registers.mynumber_digits import check_digit

_SERIALS_A_PERSON = 8
_FIRST_SERIAL = 0x1000_0000  # all of one length
_CARE_HOME_PER_BLOCK = 2
_BLOCKS_A_CARE_HOME = 40
_GUARDIANS = (
    "司法書士 海野　架空",
    "弁護士 山手　仮名",
    "社会福祉法人 はまゆう（架空）",
    "行政書士 丘　見本",
)


def people(plan: Plan) -> Iterator[Person]:
    """Everybody generated for the plan (the cast is not among them: :mod:`yakuba.demo.cast`)."""
    for number, size in plan.blocks():
        yield from block(plan, number, size)


def block(plan: Plan, number: int, size: int = BLOCK) -> list[Person]:
    """The people of one block: exactly ``size`` present residents, and some who moved away or died."""
    return _Block(plan, number, size).make()


class _Block:
    def __init__(self, plan: Plan, number: int, size: int) -> None:
        # not for secrets: believable people need a reproducible source
        self.rng = Random(f"{plan.seed}/{plan.municipality}/{plan.as_of}/{number}")  # noqa: S311
        self.place: Place = place(plan.municipality)
        self.as_of = plan.as_of.toordinal()
        self.fiscal_year, self.tax_from = business.fiscal(plan.as_of)
        self.number, self.size = number, size
        self.next_number = (number + 1) * NUMBERS_A_BLOCK + 1
        self.residents = 0
        self.made: list[Person] = []

    def make(self) -> list[Person]:
        for _ in range(min(_CARE_HOME_PER_BLOCK, self.size // 100)):
            self._settle([Member(_old_age(self.rng), _mostly_women(self.rng), "世帯主")], self._care_home())
        while self.residents < self.size:
            left = self.size - self.residents
            self._settle(households.household(self.rng)[:left], None)
        return self.made

    def _care_home(self) -> Address:
        homes = self.place.care_homes
        return homes[self.number // _BLOCKS_A_CARE_HOME % len(homes)].address

    # -- one household ----------------------------------------------------------------------------

    def _settle(self, members: list[Member], facility: Address | None) -> None:
        rng = self.rng
        address = facility or self.place.home(rng)
        moved_in = self._moved_in(members[0].age, facility is not None)
        head = self.next_number
        family = _Family(rng, rng.random() < 0.022 and facility is None)
        moved_within = rng.random() < 0.08
        settled = [self._person(member, head, family, address, moved_in) for member in members]
        if moved_within and moved_in < self.as_of - 800:
            self._move_within(settled)
        for person in settled:
            self.residents += 1
            person.my_number = self._my_number(self.residents)
            person.certificates = certificates(
                rng, person.birth, _FIRST_SERIAL + person.number * _SERIALS_A_PERSON, self.as_of
            )
        business.add_entries(rng, settled, self.as_of, self.fiscal_year, self.tax_from)
        self._guardianship(settled)
        self.made += settled
        self._gone(settled, family, address, moved_in)

    def _moved_in(self, head_age: int, old_home: bool) -> int:
        """Every twenty-fifth household came within the year; the others up to forty years ago."""
        rng = self.rng
        if rng.random() < 0.04 and not old_home:
            return self.as_of - int(rng.random() * 366)
        longest = min(head_age, 40 * 365)
        return self.as_of - max(366, int(longest * rng.random() ** 0.8))

    def _person(
        self, member: Member, head: int, family: "_Family", address: Address, moved_in: int
    ) -> Person:
        birth = self.as_of - member.age
        born_here = birth > moved_in
        name = family.name(member, year_of(birth))
        person = Person(
            self.next_number, member.sex, birth, member.relationship, head, name, address,
            birth if born_here else moved_in, "birth" if born_here else "move_in", birth if born_here else moved_in,
            "" if born_here else self.place.away(self.rng), foreign=family.foreign, child=member.child,
        )  # fmt: skip
        if (member.age > 85 * 365 or family.foreign) and self.rng.random() < 0.01:
            person.birth_text = f"{year_of(birth)}-00-00"
        self.next_number += 1
        return person

    def _move_within(self, settled: list[Person]) -> None:
        before = self.place.home(self.rng)
        for person in settled:
            moved = max(person.valid_from + 1, self.as_of - int(self.rng.random() * 700) - 20)
            if moved >= self.as_of or person.address.facility:
                continue
            person.earlier = Earlier(person.valid_from, before, person.reason, person.former_address)
            person.valid_from, person.reason = moved, "move_within"
            person.former_address = before.text

    def _my_number(self, resident: int) -> str:
        """``99``, the town's index, a running number, and a true check digit: synthetic, and recognisably so."""
        body = f"99{self.place.index:02d}{self.number * BLOCK + resident + 1000:07d}"
        return body + check_digit(body)

    def _guardianship(self, settled: list[Person]) -> None:
        """One in two hundred of the old has a guardian: a professional, or the child at home."""
        rng = self.rng
        for person in settled:
            if self.as_of - person.birth < 75 * 365 or rng.random() > 0.006:
                continue
            since = self.as_of - 30 - int(rng.random() * 2000)
            kind = "guardian" if rng.random() < 0.72 else "curator" if rng.random() < 0.75 else "assistant"
            relative = settled[0] if len(settled) > 1 and settled[0] is not person else None
            if relative is not None:
                person.ward = Ward(
                    kind, relative.atena_number, relative.name.written, relative.address.text, since
                )
            else:
                name = _GUARDIANS[int(rng.random() * len(_GUARDIANS))]
                person.ward = Ward(kind, "", name, self.place.away(rng), since)

    # -- those who are no longer here -------------------------------------------------------------

    def _gone(self, settled: list[Person], family: "_Family", address: Address, moved_in: int) -> None:
        """A husband on an assignment elsewhere (単身赴任), a dead husband or wife, a grown child who left."""
        rng, head = self.rng, settled[0]
        if address.facility or family.foreign:
            return
        has_child = any(person.child for person in settled)
        spouse = len(settled) > 1 and settled[1].relationship in ("妻", "夫")
        age = self.as_of - head.birth
        if has_child and not spouse and rng.random() < 0.25:
            self._leave(
                Member(age + 400, _other(head.sex), "夫"), head, family, address, moved_in, "moved_out"
            )
        elif age > 70 * 365 and not spouse and rng.random() < 0.2:
            self._leave(
                Member(age + 900, _other(head.sex), "世帯主"), head, family, address, moved_in, "deceased"
            )

    def _leave(
        self, member: Member, head: Person, family: "_Family", address: Address, moved_in: int, status: str
    ) -> None:
        person = self._person(member, head.household, family, address, moved_in)
        left = max(person.valid_from + 30, self.as_of - 20 - int(self.rng.random() * 1500))
        if left >= self.as_of:
            return
        person.earlier = Earlier(person.valid_from, address, person.reason, person.former_address)
        person.valid_from, person.status = left, status
        person.reason = "move_out" if status == "moved_out" else "death"
        person.next_address = self.place.away(self.rng) if status == "moved_out" else ""
        person.child = False
        self.made.append(person)


class _Family:
    """The names of one household: one family name, given names by sex and year of birth."""

    def __init__(self, rng: Random, foreign: bool) -> None:
        self.rng, self.foreign = rng, foreign
        everybody = names.surnames()
        self.family: Part = everybody[int(rng.random() * len(everybody))]
        if foreign:
            self.country = rng.choice(names.countries())
            self.foreign_family = rng.choice(self.country.family)

    def name(self, member: Member, birth_year: int) -> FullName:
        if self.foreign:
            return names.foreign(self.country, self.foreign_family, member.sex, self.rng)
        usual = names.given_names(member.sex, birth_year)
        given = usual[int(self.rng.random() * len(usual))]
        name = names.japanese(self.family, given)
        if member.relationship == "妻" and self.rng.random() < 0.02:
            everybody = names.surnames()
            return names.with_former_name(name, everybody[int(self.rng.random() * len(everybody))], given)
        return name


def _old_age(rng: Random) -> int:
    return int((76 + 23 * rng.random()) * 365.2425)


def _mostly_women(rng: Random) -> str:
    return "2" if rng.random() < 0.75 else "1"


def _other(sex: str) -> str:
    return "1" if sex == "2" else "2"
