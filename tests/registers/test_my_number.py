"""個人番号 exist in one sealed place, are seen for a purpose of law only, and every look is on record."""

import logging
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA, event, settle
from yakuba.audit.models import AuditRecord
from yakuba.base.tenancy import under
from yakuba.registers import mynumber, mynumber_keys, people, prefill, purposes
from yakuba.registers.models import MyNumberAccess, MyNumberRecord
from yakuba.registers.mynumber_digits import InvalidMyNumber, MyNumber, check_digit

MOTHER, NEIGHBOUR = "0000000001", "0000000002"
DIGITS = "99000000012" + check_digit("99000000012")
OTHER_DIGITS = "99000000034" + check_digit("99000000034")


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "mynumber.json"
    mynumber_keys.make_keys(path)
    settings.MYNUMBER_KEYS = str(path)
    return path


def _kept(digits: str = DIGITS, atena_number: str = MOTHER) -> None:
    with under(HAYAMA):
        settle(atena_number)
        mynumber.keep(
            atena_number, MyNumber(digits), valid_from=date(2026, 4, 1), audit=event(), synthetic=True
        )


# -- the number as a value ------------------------------------------------------------------------


def test_the_check_digit_follows_the_ministerial_order() -> None:
    # worked by hand: digits from the right 1…1, weights 2,3,4,5,6,7,2,3,4,5,6 sum to 47; 47 mod 11 = 3; 11 - 3 = 8
    assert check_digit("11111111111") == "8"
    assert check_digit("00000000000") == "0", "a remainder of 0 or 1 gives 0"


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_no_number_with_one_wrong_digit_and_same_check_digit_passes_unless_the_law_lets_it(
    body: str, place: int, add: int
) -> None:
    """Remainders 0 and 1 share check digit 0, so the formula cannot see every single error; all others it must."""
    wrong = body[:place] + str((int(body[place]) + add) % 10) + body[place + 1 :]
    if check_digit(body) != "0":
        assert check_digit(wrong) != check_digit(body)


@pytest.mark.parametrize(
    "typed", ["", "123", DIGITS[:-1] + str((int(DIGITS[-1]) + 1) % 10), "9900000001２3", DIGITS + "0"]
)
def test_a_wrong_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(InvalidMyNumber) as refused:
        MyNumber(typed)
    assert not typed or typed not in str(refused.value)


def test_a_number_never_shows_itself() -> None:
    number = MyNumber(DIGITS)
    for shown in (repr(number), str(number), f"{number}", f"{number:>20}", "%s" % number, repr([number])):  # noqa: UP031
        assert DIGITS not in shown
    with pytest.raises(TypeError):
        pickle.dumps(number)
    assert number.reveal() == DIGITS


# -- purposes and the access log ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_number_is_read_for_a_purpose_and_the_look_is_on_record() -> None:
    _kept()
    number = mynumber.read(HAYAMA, MOTHER, purpose="jidou_teate", staff="staff:17")
    assert number is not None
    assert number.reveal() == DIGITS
    with under(HAYAMA):
        access = MyNumberAccess.objects.get()
        assert (access.staff, access.purpose, access.operation, access.found) == (
            "staff:17", "jidou_teate", "read", True,
        )  # fmt: skip
        assert AuditRecord.objects.filter(action="my_number.read", actor="staff:17").count() == 1


@pytest.mark.django_db
def test_a_person_is_found_by_number_and_a_vain_look_is_on_record_too() -> None:
    _kept()
    assert mynumber.look_up(HAYAMA, MyNumber(DIGITS), purpose="kaigo_hoken", staff="staff:17") == MOTHER
    assert mynumber.look_up(HAYAMA, MyNumber(OTHER_DIGITS), purpose="kaigo_hoken", staff="staff:17") is None
    with under(HAYAMA):
        assert list(MyNumberAccess.objects.order_by("id").values_list("found", flat=True)) == [True, False]


@pytest.mark.django_db
def test_a_purpose_outside_the_law_sees_nothing_and_leaves_nothing() -> None:
    _kept()
    with pytest.raises(purposes.NotAPurpose):
        mynumber.read(HAYAMA, MOTHER, purpose="curiosity", staff="staff:17")
    with under(HAYAMA):
        assert not MyNumberAccess.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_number_cannot_be_read_inside_a_transaction_that_could_take_the_record_back() -> None:
    _kept()
    with transaction.atomic(), pytest.raises(RuntimeError, match="longer transaction"):
        mynumber.read(HAYAMA, MOTHER, purpose="jidou_teate", staff="staff:17")


@pytest.mark.django_db
def test_another_town_finds_nobody_by_the_number() -> None:
    _kept()
    assert mynumber.look_up(NINOMIYA, MyNumber(DIGITS), purpose="jidou_teate", staff="staff:17") is None


def test_every_purpose_states_its_law() -> None:
    assert all(purpose.law.startswith("番号法") for purpose in purposes.purposes().values())
    assert {"jidou_teate", "kaigo_hoken", "kodomo_kosodate", "disaster_victims"} <= set(purposes.purposes())


# -- at rest --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sealed_number_opens_in_its_own_row_only() -> None:
    _kept()
    _kept(OTHER_DIGITS, NEIGHBOUR)
    with under(HAYAMA):
        mine, other = MyNumberRecord.objects.order_by("atena_number")
        MyNumberRecord.objects.filter(pk=other.pk).update(sealed=bytes(mine.sealed))
    with pytest.raises(InvalidTag):
        mynumber.read(HAYAMA, NEIGHBOUR, purpose="jidou_teate", staff="staff:17")


@pytest.mark.django_db
def test_the_digits_are_in_no_table_of_the_zone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _kept()
    mynumber.read(HAYAMA, MOTHER, purpose="jidou_teate", staff="staff:17")
    mynumber.look_up(HAYAMA, MyNumber(DIGITS), purpose="jidou_teate", staff="staff:17")
    with under(HAYAMA), connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.db_table == "cell_change":  # which the application may not read
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*) FROM {table} AS whole WHERE whole::text LIKE %s", [f"%{DIGITS}%"]
            )
            assert cursor.fetchone() == (0,), table
            cursor.execute(
                f"SELECT count(*) FROM {table} AS whole WHERE whole::text LIKE %s",
                [f"%{DIGITS.encode().hex()}%"],
            )
            assert cursor.fetchone() == (0,), table
    assert DIGITS not in caplog.text


@pytest.mark.django_db
def test_two_people_cannot_have_one_number() -> None:
    _kept()
    with pytest.raises(Exception, match="my_number_of_one_person") as refused:
        _kept(DIGITS, NEIGHBOUR)
    assert DIGITS not in str(refused.value)


@pytest.mark.django_db
def test_after_a_rotation_old_numbers_open_and_are_sealed_anew(key_file: Path) -> None:
    _kept()
    assert mynumber_keys.add_version(key_file) == 2
    before = mynumber.read(HAYAMA, MOTHER, purpose="jidou_teate", staff="staff:17")
    assert mynumber.reseal(HAYAMA, staff="staff:17") == 1
    assert mynumber.reseal(HAYAMA, staff="staff:17") == 0
    with under(HAYAMA):
        assert MyNumberRecord.objects.get().key_version == 2
    assert mynumber.read(HAYAMA, MOTHER, purpose="jidou_teate", staff="staff:17") == before


@pytest.mark.django_db
def test_a_changed_number_closes_the_one_before() -> None:
    _kept()
    with under(HAYAMA):
        mynumber.keep(MOTHER, MyNumber(OTHER_DIGITS), valid_from=date(2026, 9, 1), audit=event())
        old, new = MyNumberRecord.objects.order_by("history_number")
        assert (old.valid_to, new.history_number, new.valid_to) == (date(2026, 8, 31), 2, None)
    assert mynumber.look_up(HAYAMA, MyNumber(DIGITS), purpose="jidou_teate", staff="staff:17") is None


def test_a_key_file_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(mynumber_keys.UnusableKeys, match="chmod 600"):
        mynumber.keys()


def test_keys_do_not_show_themselves(key_file: Path) -> None:
    keys = mynumber.keys()
    assert repr(keys) == "MyNumberKeys(versions=[1])"
    mynumber_keys.make_keys(key_file)
    assert mynumber.keys() == keys, "an existing key file is never replaced"


# -- other doors ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_search_box_refuses_twelve_digits() -> None:
    with under(HAYAMA), pytest.raises(people.NotASearchTerm) as refused:
        people.search(f"{DIGITS[:4]} {DIGITS[4:8]} {DIGITS[8:]}")
    assert DIGITS not in str(refused.value)
    assert DIGITS[4:] not in str(refused.value)


def test_a_form_cannot_ask_for_a_number() -> None:
    assert not any("my_number" in path or "mynumber" in path for path in prefill.RESIDENT_ITEMS)
    assert not prefill.is_item("juki.my_number")


def test_many_rows_sealed_at_once_are_what_one_by_one_gives(tmp_path: Path) -> None:
    mynumber_keys.make_keys(tmp_path / "keys.json")
    keys = mynumber_keys.read_keys(tmp_path / "keys.json")
    numbers = [("0000000001", "991234567890"), ("0000000002", "999876543210")]
    found = list(mynumber_keys.sealed_rows(keys, HAYAMA, numbers))
    assert len({closed[:12] for closed, _ in found}) == len(numbers), "every row has a nonce of its own"
    for (atena_number, digits), (closed, index) in zip(numbers, found, strict=True):
        bound_to = mynumber_keys.row_binding(HAYAMA, atena_number, 1)
        assert mynumber_keys.unseal(keys, keys.newest, closed, bound_to).decode() == digits
        assert index == mynumber_keys.blind_index(keys, HAYAMA, digits)
