"""A town never sees another town's register, table by table, not even by mistake in a query."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import InternalError, ProgrammingError, connection, models, transaction

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA, event, somebody
from yakuba.base.tenancy import TenantModel, under
from yakuba.registers.changes import register_person
from yakuba.registers.models import (
    AppliedEffect,
    BulkLoad,
    CardCertificate,
    Guardianship,
    LoadedPart,
    MyNumberAccess,
    MyNumberRecord,
    NamedPerson,
    RegisterEntry,
    Resident,
)

pytestmark = pytest.mark.django_db

DAY, MOMENT = date(2026, 4, 1), datetime(2026, 4, 1, tzinfo=UTC)
ONE_OF_EACH: tuple[models.Model, ...] = (
    somebody(municipality=HAYAMA, history_number=1, name_key="x"),
    Guardianship(ward_number="1", kind="guardian", guardian_name="後見　人", guardian_address="x", valid_from=DAY),
    CardCertificate(
        issuer_key_id="aa", serial="1", atena_number="1", kind="sign", not_before=DAY, not_after=DAY,
        state="active", recorded_from=DAY,
    ),
    RegisterEntry(
        register="juminzei", atena_number="1", history_number=1, valid_from=DAY, items={}, recorded_at=MOMENT
    ),
    NamedPerson(register="jidou_teate", group="children", value="2", atena_number="1", history_number=1),
    AppliedEffect(
        effect_id=UUID(int=1), register="juminzei", atena_number="1", history_number=1, digest="0" * 64,
        applied_at=MOMENT,
    ),
    MyNumberRecord(atena_number="1", key_version=1, sealed=b"x", blind_index=b"y", valid_from=DAY),
    BulkLoad(source="test", plan={}, started_at=MOMENT),
    LoadedPart(source="test", part=0, rows=0),
    MyNumberAccess(at=MOMENT, staff="staff:1", purpose="jidou_teate", operation="read", found=False),
)  # fmt: skip


def _insert(row: models.Model) -> None:
    copy: Any = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    )
    copy.municipality = HAYAMA
    copy.save(force_insert=True)


@pytest.mark.parametrize("row", ONE_OF_EACH, ids=lambda row: type(row).__name__)
def test_a_row_of_one_town_does_not_exist_for_another(row: models.Model) -> None:
    with under(HAYAMA):
        _insert(row)
        assert type(row)._default_manager.count() == 1
    with under(NINOMIYA):
        assert type(row)._default_manager.count() == 0
        if not isinstance(row, MyNumberAccess):  # which nobody may change at all: see below
            assert type(row)._default_manager.all().update(municipality=NINOMIYA) == 0
    assert type(row)._default_manager.count() == 0, "outside any town nothing is seen"


@pytest.mark.parametrize("row", ONE_OF_EACH, ids=lambda row: type(row).__name__)
def test_a_town_cannot_write_a_row_into_another_towns_register(row: models.Model) -> None:
    with pytest.raises((ProgrammingError, InternalError), match="row-level security"), under(NINOMIYA):
        _insert(row)


def test_every_table_of_the_registers_is_isolated_by_force() -> None:
    tables = {model._meta.db_table for model in apps.get_app_config("registers").get_models()}
    assert tables == {type(row)._meta.db_table for row in ONE_OF_EACH}
    assert all(issubclass(model, TenantModel) for model in apps.get_app_config("registers").get_models())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname = ANY(%s)",
            [list(tables)],
        )
        assert {name for (name,) in cursor.fetchall()} == tables


def test_two_towns_may_give_the_same_atena_number() -> None:
    for town in (HAYAMA, NINOMIYA):
        with under(town):
            register_person(somebody("0000000001"), event(municipality=town))
    with under(NINOMIYA):
        assert Resident.objects.get().municipality == NINOMIYA


def test_the_log_of_accesses_can_only_be_added_to() -> None:
    with under(HAYAMA):
        _insert(ONE_OF_EACH[-1])
        for deed in (
            lambda: MyNumberAccess.objects.update(staff="staff:2"),
            MyNumberAccess.objects.all().delete,
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                deed()
