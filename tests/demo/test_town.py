"""The synthetic town is believable, the same for the same plan, and nobody in it is real."""

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA
from yakuba.demo import business, cards_history, places, town
from yakuba.demo.persons import Person, age_on, fiscal_end_age, iso
from yakuba.demo.plan import Plan, TownTooLarge
from yakuba.demo.rows import rows
from yakuba.registers import bulk, catalogue
from yakuba.registers.changes import _set_keys
from yakuba.registers.models import Resident
from yakuba.registers.mynumber_digits import MyNumber
from yakuba.registers.mynumber_keys import MyNumberKeys
from yakuba.registers.names import has_selector
from yakuba.registers.variants import national_variants

AS_OF = date(2026, 11, 23)
PLAN = Plan(HAYAMA, 20_000, AS_OF)
KEYS = MyNumberKeys({1: bytes(range(32))}, bytes(range(32, 64)))


@cache
def everybody() -> tuple[Person, ...]:
    return tuple(town.people(PLAN))


@cache
def residents() -> tuple[Person, ...]:
    return tuple(person for person in everybody() if person.status == "resident")


def _age(person: Person) -> int:
    return age_on(person.birth, AS_OF.toordinal())


def _share(count: int) -> float:
    return count / len(residents())


# -- the same bytes -------------------------------------------------------------------------------


def _digest(plan: Plan) -> str:
    digest = hashlib.sha256()
    for number, size in plan.blocks():
        made = rows(plan.municipality, town.block(plan, number, size), KEYS)
        for table in (bulk.RESIDENTS, bulk.CERTIFICATES, bulk.ENTRIES, bulk.GUARDIANSHIPS):
            digest.update(made.data(table))
    return digest.hexdigest()


def test_the_same_plan_gives_the_same_bytes() -> None:
    plan = Plan(HAYAMA, 1_200, AS_OF)
    assert _digest(plan) == _digest(plan)


def test_another_seed_gives_other_people() -> None:
    assert _digest(Plan(HAYAMA, 500, AS_OF)) != _digest(Plan(HAYAMA, 500, AS_OF, seed=2))


def test_a_block_is_the_same_however_large_the_town() -> None:
    small, large = Plan(HAYAMA, 1_000, AS_OF), Plan(HAYAMA, 1_000_000, AS_OF)
    assert town.block(small, 1) == town.block(large, 1)


def test_the_number_of_residents_is_exact() -> None:
    for wanted in (1, 499, 500, 501, 1_234):
        made = town.people(Plan(NINOMIYA, wanted, AS_OF))
        assert sum(person.status == "resident" for person in made) == wanted


def test_a_town_of_millions_is_refused_with_an_example() -> None:
    with pytest.raises(TownTooLarge, match="--residents 20000"):
        Plan(HAYAMA, 1_000_001, AS_OF)


# -- believable -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "low", "high", "share"),
    [
        ("children under 15", 0.10, 0.17, lambda p: _age(p) < 15),
        ("65 and older", 0.27, 0.35, lambda p: _age(p) >= 65),
        ("75 and older", 0.14, 0.21, lambda p: _age(p) >= 75),
        ("90 and older", 0.012, 0.035, lambda p: _age(p) >= 90),
        ("20 to 39", 0.16, 0.25, lambda p: 20 <= _age(p) < 40),
        ("women", 0.50, 0.545, lambda p: p.sex == "2"),
        ("foreign", 0.012, 0.035, lambda p: p.foreign),
        ("names with a variant character", 0.05, 0.16, lambda p: _has_variant(p)),
        ("names with a variation sequence", 0.0003, 0.01, lambda p: has_selector(p.name.written)),
        ("card holders", 0.74, 0.88, lambda p: bool(p.certificates)),
        ("moved in within 15 days", 0.0006, 0.0035, lambda p: _days_here(p) <= 15 and p.reason == "move_in"),
        ("born within 31 days", 0.0002, 0.0011, lambda p: AS_OF.toordinal() - p.birth <= 31),
        ("taxed this year", 0.70, 0.88, lambda p: _has(p, "juminzei")),
        ("receives child allowance", 0.05, 0.12, lambda p: _has(p, "jidou_teate")),
        ("insured for care", 0.27, 0.35, lambda p: _has(p, "kaigo_hoken")),
        ("certified in need of care", 0.03, 0.09, lambda p: any("care_level" in e.items for e in p.entries)),
        ("in a nursery", 0.005, 0.03, lambda p: _has(p, "kodomo_kosodate")),
        ("under guardianship", 0.0003, 0.003, lambda p: p.ward is not None),
        ("birth date not fully known", 0.00005, 0.002, lambda p: bool(p.birth_text)),
        ("moved within the town lately", 0.03, 0.12, lambda p: p.earlier is not None),
        ("with a former family name on record", 0.001, 0.01, lambda p: bool(p.name.former)),
    ],
)  # fmt: skip
def test_shares_are_those_of_a_japanese_town(what: str, low: float, high: float, share: object) -> None:
    assert callable(share)
    found = _share(sum(share(person) for person in residents()))
    assert low <= found <= high, f"{what}: {found:.4f}"


def _has(person: Person, register: str) -> bool:
    return any(entry.register == register for entry in person.entries)


def _has_variant(person: Person) -> bool:
    return any(ord(character) in national_variants().variants for character in person.name.written)


def _days_here(person: Person) -> int:
    return AS_OF.toordinal() - (person.moved_in_on or 0)


def test_households_have_believable_sizes_and_one_head() -> None:
    members: dict[int, list[Person]] = {}
    for person in residents():
        members.setdefault(person.household, []).append(person)
    assert 2.05 <= len(residents()) / len(members) <= 2.5
    assert all(sum(p.relationship == "世帯主" for p in one) == 1 for one in members.values())
    kinds = Counter(_kind(one) for one in members.values())
    assert kinds["single"] / len(members) > 0.2
    assert kinds["lone parent"] / len(members) > 0.02
    assert kinds["three generations"] / len(members) > 0.01


def _kind(members: list[Person]) -> str:
    relationships = {person.relationship for person in members}
    if len(members) == 1:
        return "single"
    if relationships <= {"世帯主", "子"}:
        return "lone parent"
    return "three generations" if {"母", "子"} <= relationships else "other"


def test_eighty_people_live_in_the_care_home() -> None:
    at_home = [person for person in residents() if person.address.facility]
    assert len(at_home) == 80
    assert {person.address.facility for person in at_home} == {"care-001"}
    assert all(
        _age(person) >= 75 and any("care_level" in e.items for e in person.entries) for person in at_home
    )


def test_some_fathers_work_elsewhere_and_some_spouses_have_died() -> None:
    gone = Counter(person.status for person in everybody() if person.status != "resident")
    assert 20 <= gone["moved_out"] <= 400
    assert 20 <= gone["deceased"] <= 600
    assert all(p.next_address for p in everybody() if p.status == "moved_out")


def test_certificates_have_a_history() -> None:
    states = Counter(c.state for person in residents() for c in person.certificates if c.recorded_to is None)
    assert states["active"] > states["renewed"] > states["lapsed"] > 100
    assert states["revoked"] > 20
    for person in residents():
        for certificate in person.certificates:
            assert certificate.not_before < certificate.not_after
            if certificate.kind == "sign":
                assert certificate.not_before - person.birth >= 15 * 365, "no signing certificate before 15"
            if certificate.state == "active" and certificate.recorded_to is None:
                assert certificate.not_before <= AS_OF.toordinal() <= certificate.not_after


def test_a_newborn_is_not_claimed_for_yet_nor_after_a_move_of_this_month() -> None:
    claimed = {
        line["key"]
        for person in residents()
        for entry in person.entries
        if entry.register == "jidou_teate"
        for line in json.loads(entry.items)["children"]
    }
    newborn = [p for p in residents() if AS_OF.toordinal() - p.birth <= 31]
    assert newborn
    assert not claimed & {p.atena_number for p in newborn}
    newcomers = [p for p in residents() if p.moved_in_on and p.reason == "move_in" and _days_here(p) <= 15]
    assert not any(_has(p, "jidou_teate") for p in newcomers)


# -- fit for the registers ------------------------------------------------------------------------


def test_every_entry_fits_its_data_item_list() -> None:
    for person in residents():
        for entry in person.entries:
            items = json.loads(entry.items)
            catalogue.check_items(entry.register, items)
            assert entry.series == catalogue.register(entry.register).series_of(items)


def test_search_keys_are_those_the_registers_would_make() -> None:
    for person in everybody()[:3000]:
        n = person.name
        row = Resident(
            name=n.written, name_kana=n.kana, name_alphabet=n.latin, common_name=n.common,
            common_name_kana=n.common_kana, former_family_name=n.former,
        )  # fmt: skip
        _set_keys(row, national_variants())
        assert (n.key, n.kana_key, n.alphabet_key, n.other_key) == (
            row.name_key, row.kana_key, row.alphabet_key, row.other_key,
        )  # fmt: skip


def test_numbers_are_given_once() -> None:
    numbers = [person.atena_number for person in everybody()]
    assert len(set(numbers)) == len(numbers)
    my_numbers = [person.my_number for person in residents()]
    assert len(set(my_numbers)) == len(my_numbers)
    serials = Counter(
        (c.issuer_key_id, c.serial, c.history_number) for p in everybody() for c in p.certificates
    )
    assert max(serials.values()) == 1


def test_lines_need_no_escaping() -> None:
    made = rows(HAYAMA, town.block(PLAN, 3), KEYS)
    for table, columns in bulk.COLUMNS.items():
        for line in made.lines[table]:
            assert line.count("\t") == len(columns) - 1
            assert line.endswith("\n")
            assert line.count("\n") == 1
            assert "\\" not in line.replace("\\N", "").replace("\\\\x", "")


# -- nobody is real -------------------------------------------------------------------------------


def test_my_numbers_are_valid_and_recognisably_synthetic() -> None:
    for person in residents()[:2000]:
        assert person.my_number.startswith("9901")
        assert MyNumber(person.my_number).reveal() == person.my_number
    assert {p.my_number for p in residents()}.isdisjoint(
        p.my_number for p in town.people(Plan(NINOMIYA, 500, AS_OF))
    )
    assert not any(person.my_number for person in everybody() if person.status != "resident")


def test_a_my_number_is_not_shown_with_its_person() -> None:
    person = residents()[0]
    assert person.my_number not in repr(person)


def test_bulk_cards_come_from_authorities_that_do_not_exist() -> None:
    issuers = {c.issuer_key_id for person in residents() for c in person.certificates}
    assert issuers == {cards_history.SIGN_ISSUER, cards_history.AUTH_ISSUER}


def test_made_up_places_say_so() -> None:
    assert all("（架空）" in home.name for known in places.places() for home in known.care_homes)
    assert all(
        "架空町" in p.former_address for p in residents() if p.reason == "move_in" and p.former_address
    )
    assert PLAN.as_json()["synthetic"] is True


def test_lists_of_names_state_that_they_combine_by_seed() -> None:
    data = Path(town.__file__).parent / "data"
    assert "nobody real is meant" in (data / "surnames.txt").read_text("utf-8")


def test_an_unknown_town_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(places.UnknownPlace, match="葉山町 143014"):
        places.place("131016")


# -- small rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "issued", "last"),
    [
        (date(1990, 5, 6), date(2024, 5, 5), date(2028, 5, 6)),
        (date(1990, 5, 6), date(2024, 5, 6), date(2029, 5, 6)),
        (date(1990, 5, 6), date(2024, 5, 7), date(2029, 5, 6)),
        (date(1992, 2, 29), date(2024, 3, 5), date(2029, 3, 1)),
    ],
)
def test_a_certificate_lasts_until_the_fifth_birthday(birth: date, issued: date, last: date) -> None:
    assert iso(cards_history.fifth_birthday(birth.toordinal(), issued.toordinal())) == last.isoformat()


def test_who_is_born_on_the_first_of_april_belongs_to_the_older_year() -> None:
    first, second = date(2020, 4, 1).toordinal(), date(2020, 4, 2).toordinal()
    assert (fiscal_end_age(first, 2026), fiscal_end_age(second, 2026)) == (7, 6)


def test_the_tax_year_begins_in_june() -> None:
    assert business.fiscal(date(2026, 5, 31))[0] == 2025
    year, first = business.fiscal(date(2026, 5, 31) + timedelta(days=1))
    assert (year, iso(first)) == (2026, "2026-06-01")
