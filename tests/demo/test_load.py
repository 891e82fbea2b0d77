"""Filling the registers: once, completely, under row-level security, and again after any interruption."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA
from yakuba.audit import log
from yakuba.base.tenancy import under
from yakuba.card.emulated import EmulatedCard
from yakuba.demo import cast, load, town
from yakuba.demo.cards import cards_made
from yakuba.demo.load import OtherTownLoaded, load_town, residents_to_load
from yakuba.demo.plan import Plan
from yakuba.demo.rows import rows
from yakuba.demo.setting_up import set_up
from yakuba.registers import bulk, entries, mynumber, mynumber_keys, people
from yakuba.registers.models import (
    BulkLoad,
    CardCertificate,
    LoadedPart,
    MyNumberRecord,
    RegisterEntry,
    Resident,
)
from yakuba.registers.mynumber_digits import MyNumber
from yakuba.registers.synthetic import is_synthetic

pytestmark = pytest.mark.django_db(transaction=True)
AS_OF = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def keys_file(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "mynumber.json"
    mynumber_keys.make_keys(path)
    settings.MYNUMBER_KEYS = str(path)
    return path


def _counts() -> Iterator[int]:
    for model in (Resident, CardCertificate, RegisterEntry, MyNumberRecord):
        yield model.objects.count()


def test_a_town_is_loaded_row_for_row(keys_file: Path) -> None:
    plan = Plan(HAYAMA, 1_200, AS_OF)
    told: list[int] = []
    report = load_town(plan, keys_file, progress=told.append)
    made = list(town.people(plan))
    with under(HAYAMA):
        assert Resident.objects.filter(valid_to=None).count() == len(made)
        assert Resident.objects.filter(valid_to=None, status="resident").count() == 1_200
        assert CardCertificate.objects.count() == sum(len(person.certificates) for person in made)
        assert RegisterEntry.objects.count() == sum(len(person.entries) for person in made)
        assert MyNumberRecord.objects.count() == 1_200
        assert not MyNumberRecord.objects.exclude(synthetic=True).exists()
    assert (report.residents, sum(told), report.kept) == (1_200, 1_200, False)
    assert told[0] == 0
    assert log.verify() is None


def test_what_was_loaded_is_found_by_the_services(keys_file: Path) -> None:
    plan = Plan(HAYAMA, 500, AS_OF)
    load_town(plan, keys_file)
    person = next(p for p in town.people(plan) if p.certificates and p.entries and p.name.former == "")
    active = person.certificates[-1]
    with under(HAYAMA):
        found = people.person(person.atena_number)
        assert (found.name, str(found.birth)) == (person.name.written, person.birth_text or str(found.birth))
        assert person.atena_number in {p.atena_number for p in people.search(person.name.kana)}
        (match,) = people.by_certificate(active.issuer_key_id, active.serial)
        assert match.person.atena_number == person.atena_number
        entry = person.entries[0]
        assert entries.current(entry.register, person.atena_number, AS_OF) is not None
    number = mynumber.read(HAYAMA, person.atena_number, purpose="jidou_teate", staff="staff:test")
    assert number == MyNumber(person.my_number)
    looked_up = mynumber.look_up(
        HAYAMA, MyNumber(person.my_number), purpose="jidou_teate", staff="staff:test"
    )
    assert looked_up == person.atena_number


def test_after_a_load_a_household_is_read_by_its_index(keys_file: Path) -> None:
    """Without statistics the planner takes any index that begins with the municipality, and reads the whole town."""
    load_town(Plan(HAYAMA, 3_000, AS_OF), keys_file, jobs=1)
    with under(HAYAMA):
        one = Resident.objects.filter(valid_to=None).order_by("atena_number")[10]
        plan = Resident.objects.filter(household_number=one.household_number, valid_to=None).explain()
        assert "resident_by_household" in plan, plan


def test_the_history_of_a_move_is_loaded_with_it(keys_file: Path) -> None:
    plan = Plan(HAYAMA, 500, AS_OF)
    load_town(plan, keys_file)
    mover = next(p for p in town.people(plan) if p.earlier and p.status == "resident")
    with under(HAYAMA):
        now, before = people.history(mover.atena_number)
        assert (now.history_number, now.reason, before.history_number) == (2, "move_within", 1)
        assert before.valid_to is not None
        assert (now.valid_from - before.valid_to).days == 1
        assert mover.earlier
        assert people.person(mover.atena_number, before.valid_to).address == mover.earlier.address.text


def test_a_made_up_town_says_so(keys_file: Path) -> None:
    load_town(Plan(HAYAMA, 10, AS_OF), keys_file)
    with under(HAYAMA):
        assert is_synthetic()
    with under(NINOMIYA):
        assert not is_synthetic()


def test_a_second_load_keeps_everything(keys_file: Path) -> None:
    load_town(Plan(HAYAMA, 500, AS_OF), keys_file)
    with under(HAYAMA):
        before = list(_counts())
    again = load_town(Plan(HAYAMA, 500, date(2027, 3, 1)), keys_file)
    assert again.kept
    assert again.plan.as_of == AS_OF, "the town's day is the day of its first load"
    assert residents_to_load(Plan(HAYAMA, 500, AS_OF)) == 0
    with under(HAYAMA):
        assert list(_counts()) == before


def test_a_town_of_another_size_is_refused_with_a_way_out(keys_file: Path) -> None:
    load_town(Plan(HAYAMA, 500, AS_OF), keys_file)
    with pytest.raises(OtherTownLoaded, match=r"YAKUBA_HOME=.*--residents 500") as refused:
        load_town(Plan(HAYAMA, 600, AS_OF), keys_file)
    assert refused.value.found.residents == 500
    with under(HAYAMA):
        assert Resident.objects.filter(valid_to=None, status="resident").count() == 500


def test_an_interrupted_load_goes_on_with_what_is_missing(
    keys_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second part fails after its rows are in: they are taken back, the first part stays."""
    monkeypatch.setattr(load, "BLOCKS_A_PART", 1)
    plan = Plan(HAYAMA, 1_000, AS_OF)
    whole = bulk.insert

    def fails_in_the_second_part(table: str, data: bytes) -> int:
        if (LoadedPart.objects.exists() and table == bulk.GUARDIANSHIPS) or (
            b"0000002" in data and table == bulk.MY_NUMBERS
        ):
            raise RuntimeError("pulled the plug")
        return whole(table, data)

    monkeypatch.setattr(bulk, "insert", fails_in_the_second_part)
    with pytest.raises(RuntimeError, match="plug"):
        load_town(plan, keys_file)
    with under(HAYAMA):
        assert LoadedPart.objects.count() == 1
        assert Resident.objects.filter(valid_to=None, status="resident").count() == 500
        assert BulkLoad.objects.get().finished_at is None
    monkeypatch.setattr(bulk, "insert", whole)
    assert residents_to_load(plan) == 500
    assert load_town(plan, keys_file).residents == 500
    with under(HAYAMA):
        assert Resident.objects.filter(valid_to=None, status="resident").count() == 1_000
        assert BulkLoad.objects.get().finished_at is not None


def test_processes_side_by_side_load_the_same_town(keys_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_SMALL", 0)
    plan = Plan(HAYAMA, 5_500, AS_OF)
    report = load_town(plan, keys_file, jobs=2)
    assert report.residents == 5_500
    with under(HAYAMA):
        assert set(LoadedPart.objects.values_list("part", flat=True)) == {0, 1}
        loaded = set(Resident.objects.filter(valid_to=None).values_list("atena_number", "name"))
    assert loaded == {(person.atena_number, person.name.written) for person in town.people(plan)}
    assert log.verify() is None


def test_the_towns_do_not_see_each_other(keys_file: Path) -> None:
    load_town(Plan(HAYAMA, 500, AS_OF), keys_file)
    load_town(Plan(NINOMIYA, 300, AS_OF), keys_file)
    with under(NINOMIYA):
        assert Resident.objects.filter(valid_to=None, status="resident").count() == 300
        assert not Resident.objects.filter(address__contains="葉山町").exists()


def test_a_bulk_load_cannot_bring_in_another_towns_row(keys_file: Path) -> None:
    made = rows(NINOMIYA, town.block(Plan(NINOMIYA, 10, AS_OF), 0, 10), mynumber.keys())
    with pytest.raises(ProgrammingError, match="row-level security"), under(HAYAMA):
        bulk.insert(bulk.RESIDENTS, made.data(bulk.RESIDENTS))


def test_the_whole_demo_is_set_up_once(keys_file: Path, tmp_path: Path) -> None:
    places = {"keys_file": keys_file, "authority": tmp_path / "trust", "cards": tmp_path / "cards"}
    first = set_up(**places, residents=300, now=NOW, crl_entries=5)
    again = set_up(**places, residents=300, now=NOW + timedelta(days=3), crl_entries=5)
    assert [report.plan.municipality for report in first] == [HAYAMA, NINOMIYA]
    assert all(report.kept for report in again)
    mother = cast.cast_member("mother", AS_OF)
    card = EmulatedCard.load(tmp_path / "cards" / "mother.card.json")
    sign, auth = cards_made(tmp_path / "cards").registered["mother"]  # type: ignore[union-attr]
    with under(HAYAMA):
        for certificate in (sign, auth):
            (match,) = people.by_certificate(certificate.issuer_key_id, certificate.serial)
            assert (match.person.atena_number, match.certificate.state) == (mother.atena_number, "active")
    assert card.tries_left("sign") == 5


def test_the_cast_comes_with_the_town(keys_file: Path) -> None:
    players = cast.people(HAYAMA, AS_OF, {})
    report = load_town(Plan(HAYAMA, 100, AS_OF), keys_file, cast=players)
    assert report.residents == 100 + len(players)
    with under(HAYAMA):
        mother = cast.cast_member("mother", AS_OF)
        assert people.person(mother.atena_number).name == mother.name
        assert [p.relationship for p in people.household(mother.atena_number)] == ["世帯主", "夫", "子"]
        ward = cast.cast_member("ward", AS_OF)
        (guardianship,) = people.guardians(ward.atena_number, AS_OF)
        assert guardianship.guardian_number == cast.cast_member("guardian", AS_OF).atena_number
        assert mother.atena_number in {p.atena_number for p in people.search("高橋美咲")}
