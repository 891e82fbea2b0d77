"""Finding people: what is typed may be written in many ways; what is recorded is never altered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA, event, settle, somebody
from yakuba.base.dates import UncertainDate
from yakuba.base.tenancy import under
from yakuba.registers import changes, people, prefill
from yakuba.registers.models import CardCertificate, Guardianship, Resident
from yakuba.registers.models.fields import (
    born_so_as_to_be,
    certain,
    certainly_before,
    possibly_before,
    possibly_from,
)

pytestmark = pytest.mark.django_db
MOTHER, CHILD, GRANDMOTHER = "0000000001", "0000000002", "0000000003"


def _found(text: str) -> list[str]:
    with under(HAYAMA):
        return [person.atena_number for person in people.search(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "髙橋",
        "高橋",
        "高橋花",
        "高橋 花子",
        "髙橋　花子",
        "たかはし",
        "ﾀｶﾊｼ ﾊﾅ",
        "タカハシハナコ",
        "1",
        "0000000001",
    ],
)
def test_a_person_is_found_however_the_name_is_typed(typed: str) -> None:
    with under(HAYAMA):
        settle(MOTHER)
        settle(CHILD, name="山田　太郎", name_kana="ヤマダ　タロウ")
    assert _found(typed) == [MOTHER]


def test_a_foreigner_is_found_by_latin_name_reading_and_common_name() -> None:
    name = "MARIA FERNANDA DE LOS ÁNGELES GUTIÉRREZ HERNÁNDEZ"
    with under(HAYAMA):
        settle(
            MOTHER,
            foreign=True,
            name=name,
            name_alphabet=name,
            name_kana="マリア　フェルナンダ",
            common_name="山本　マリア",
        )
    for typed in ("Maria Fernanda de los angeles", "まりあ ふぇるなんだ", "山本"):
        assert _found(typed) == [MOTHER], typed


def test_somebody_is_found_by_the_former_family_name() -> None:
    with under(HAYAMA):
        settle(MOTHER, former_family_name="渡邉")
    assert _found("渡辺花子") == [MOTHER]


def test_nothing_typed_is_not_a_search() -> None:
    with pytest.raises(people.NotASearchTerm):
        _found("　")


@pytest.mark.parametrize(
    ("typed", "index"),
    [("髙橋", "resident_by_name"), ("たかはし", "resident_by_kana"), ("Maria", "resident_by_alphabet")],
)
def test_a_search_reads_its_own_index_in_order_under_row_level_security(typed: str, index: str) -> None:
    """LIKE would not: it is not leak-proof, so the policy would come first and every row would be read."""
    with under(HAYAMA):
        Resident.objects.bulk_create(
            somebody(f"{n:010}", municipality=HAYAMA, history_number=1, name_key=f"名{n}", kana_key=f"ナ{n}")
            for n in range(3000)
        )
        plan = people.queries(typed)[0][:50].explain()
        assert index in plan, plan
        assert "Seq Scan" not in plan
        assert "Sort" not in plan, "the index gives the order: no city is sorted to show fifty"


def test_a_search_shows_so_many_in_the_order_of_readings() -> None:
    with under(HAYAMA):
        for number, kana in ((1, "タカハシ　ワカ"), (2, "タカハシ　アキ"), (3, "タカハシ　ミカ")):
            settle(f"{number:010}", name=f"高橋　{number}", name_kana=kana)
        assert [person.atena_number[-1] for person in people.search("高橋")] == ["2", "3", "1"]
        assert len(people.search("高橋", limit=2)) == 2


# -- history ------------------------------------------------------------------------------------


def test_a_move_closes_the_state_before_and_keeps_it_readable() -> None:
    move = {
        "reason": "move_within",
        "changed_on": UncertainDate(2026, 10, 1),
        "address": "神奈川県三浦郡葉山町長柄2番地",
    }
    with under(HAYAMA):
        settle(MOTHER)
        changes.record_change(MOTHER, move, valid_from=date(2026, 10, 1), audit=event())
        assert people.person(MOTHER, date(2026, 9, 30)).address.endswith("一色1番地")
        present = people.person(MOTHER)
        assert (present.address, present.history_number) == ("神奈川県三浦郡葉山町長柄2番地", 2)
        assert [state.valid_to for state in people.history(MOTHER)] == [None, date(2026, 9, 30)]


def test_a_new_name_is_found_and_the_old_state_keeps_the_old_one() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        marriage = {
            "reason": "name", "changed_on": UncertainDate(2026, 10, 1), "name": "鈴木　花子", "name_kana": "スズキ　ハナコ",
            "former_family_name": "髙橋",
        }  # fmt: skip
        changes.record_change(MOTHER, marriage, valid_from=date(2026, 10, 1), audit=event())
    assert _found("鈴木") == _found("すずき") == _found("高橋花子") == [MOTHER]
    with under(HAYAMA):
        assert people.person(MOTHER, date(2026, 1, 1)).name == "髙橋　花子"


def test_a_change_cannot_be_recorded_before_the_present_state() -> None:
    change = {"reason": "correction", "changed_on": UncertainDate(2020, 4, 1)}
    with under(HAYAMA):
        settle(MOTHER)
        with pytest.raises(changes.ChangeTooEarly):
            changes.record_change(MOTHER, change, valid_from=date(2020, 4, 1), audit=event())


def test_a_change_states_its_reason_and_cannot_renumber_a_person() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        for values in ({"address": "x"}, {"reason": "name", "changed_on": "2026-00-00", "atena_number": "9"}):
            with pytest.raises(ValueError, match="reason and changed_on"):
                changes.record_change(MOTHER, values, valid_from=date(2026, 1, 1), audit=event())


def test_an_atena_number_is_given_once() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        with pytest.raises(changes.AlreadyRegistered):
            settle(MOTHER)
        assert changes.next_atena_number() == CHILD


# -- households, guardians, certificates ----------------------------------------------------------


def test_a_household_is_its_living_present_members_head_first() -> None:
    with under(HAYAMA):
        settle(CHILD, household_number=MOTHER, relationship="子", birth=UncertainDate(2026, 11, 10))
        settle(MOTHER)
        settle(GRANDMOTHER, household_number=MOTHER, relationship="母", birth=UncertainDate(1950, 0, 0))
        settle("0000000004", household_number=MOTHER, relationship="夫", status="moved_out")
        assert [member.atena_number for member in people.household(CHILD)] == [MOTHER, GRANDMOTHER, CHILD]
        assert people.household("0000000004") == []


def test_a_guardian_acts_for_the_ward_on_the_days_of_the_order() -> None:
    with under(HAYAMA):
        Guardianship.objects.create(
            municipality=HAYAMA, ward_number=GRANDMOTHER, kind="guardian", guardian_number=MOTHER,
            guardian_name="髙橋　花子", guardian_address="葉山町", valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30),
        )  # fmt: skip
        assert (
            len(people.guardians(GRANDMOTHER, date(2026, 6, 30)))
            == len(people.wards(MOTHER, date(2026, 1, 1)))
            == 1
        )
        assert people.guardians(GRANDMOTHER, date(2026, 7, 1)) == []


def _certificate(atena_number: str, serial: str, issuer: str = "aa") -> None:
    day = date(2026, 1, 1)
    CardCertificate.objects.create(
        municipality=HAYAMA, issuer_key_id=issuer, serial=serial, atena_number=atena_number, kind="sign",
        not_before=day, not_after=date(2031, 1, 1), state="active", recorded_from=day,
    )  # fmt: skip


def test_a_certificate_is_known_by_issuer_and_serial_never_by_serial_alone() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        settle(CHILD)
        _certificate(MOTHER, "1f", "aa")
        _certificate(CHILD, "1f", "bb")
        assert [match.person.atena_number for match in people.by_certificate("bb", "1f")] == [CHILD]
        assert people.by_certificate("cc", "1f") == []


def test_a_certificate_recorded_for_two_is_shown_as_two() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        settle(CHILD)
        _certificate(MOTHER, "1f")
        _certificate(CHILD, "1f")
        assert len(people.by_certificate("aa", "1f")) == 2
    with under(NINOMIYA):
        assert people.by_certificate("aa", "1f") == []


# -- dates of which a part is unknown -------------------------------------------------------------

_uncertain = st.one_of(
    st.dates(date(1900, 1, 2), date(2030, 12, 30)).map(certain),
    st.builds(lambda year, month: UncertainDate(year, month, 0), st.integers(1900, 2030), st.integers(1, 12)),
    st.builds(lambda year: UncertainDate(year, 0, 0), st.integers(1900, 2030)),
    st.just(UncertainDate(0, 0, 0)),
)


def test_uncertain_dates_are_kept_sorted_and_compared_by_what_they_may_mean() -> None:
    days = [
        UncertainDate(0, 0, 0),
        UncertainDate(1945, 0, 0),
        UncertainDate(1945, 3, 0),
        UncertainDate(1945, 3, 10),
    ]
    with under(HAYAMA):
        for number, day in enumerate(days):
            settle(f"{number:010}", birth=day)
        assert [person.birth for person in Resident.objects.order_by("birth")] == days

        @given(st.dates(date(1944, 1, 1), date(1947, 1, 1)))
        def agree_with_the_value(day: date) -> None:
            for condition, meaning in (
                (possibly_before("birth", day), lambda birth: birth.earliest < day),
                (possibly_from("birth", day), lambda birth: birth.latest >= day),
                (certainly_before("birth", day), lambda birth: birth.latest < day),
            ):
                found = {person.birth for person in Resident.objects.filter(condition)}
                assert found == {birth for birth in days if meaning(birth)}

        agree_with_the_value()


@pytest.mark.parametrize(
    ("birth", "on", "of_age"),
    [
        ((1961, 11, 24), date(2026, 11, 22), False),
        ((1961, 11, 24), date(2026, 11, 23), True),  # attained the day before the birthday
        ((1960, 2, 29), date(2025, 2, 27), False),
        ((1960, 2, 29), date(2025, 2, 28), True),
        ((1961, 0, 0), date(2026, 11, 23), False),  # perhaps not yet
        ((1960, 0, 0), date(2026, 11, 23), True),
    ],
)
def test_an_age_is_attained_the_day_before_the_birthday(
    birth: tuple[int, int, int], on: date, of_age: bool
) -> None:
    with under(HAYAMA):
        settle(MOTHER, birth=UncertainDate(*birth))
        assert Resident.objects.filter(born_so_as_to_be("birth", 65, on)).exists() is of_age


# -- prefill --------------------------------------------------------------------------------------


def test_prefill_gives_what_is_known_and_never_the_towns_own_numbers() -> None:
    asked = [
        "juki.name",
        "juki.kana",
        "juki.birth_date",
        "juki.building",
        "juki.atena_number",
        "juki.nothing",
        "juminzei.total_income",
    ]
    with under(HAYAMA):
        settle(MOTHER)
        settle(CHILD, household_number=MOTHER, relationship="子", birth=UncertainDate(2026, 11, 10))
        known = prefill.values(MOTHER, asked, date(2026, 11, 23))
        assert known == {
            "juki.name": "髙橋 花子",
            "juki.kana": "タカハシ ハナコ",
            "juki.birth_date": "1994-05-06",
        }
        (child,) = prefill.household(MOTHER, ["juki.birth_date", "juki.relationship"], date(2026, 11, 23))
        assert child == {"juki.birth_date": "2026-11-10", "juki.relationship": "子"}
