"""Rows written and read without the ORM's query building are the rows the ORM writes and reads."""

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.base.rows import fetch, insert_together
from yakuba.base.tenancy import under
from yakuba.casework.models import ProcedureSetting, UnreadableMessage

pytestmark = pytest.mark.django_db
HAYAMA, ZUSHI = "143014", "142085"
OVERRIDES = {"open": True, "words": ["あ", "\"'\\"], "more": None}


def setting(town: str = HAYAMA) -> ProcedureSetting:
    return ProcedureSetting(municipality=town, procedure="hoiku", signature="login", overrides=OVERRIDES)


def unreadable() -> UnreadableMessage:
    return UnreadableMessage(
        municipality=HAYAMA, id=uuid7(), kind="test", received_at=now(), problem="'%s", body={"a": [1, {}]}
    )


def test_rows_of_several_tables_written_together_read_back_through_the_orm_as_they_were() -> None:
    kept, message = setting(), unreadable()
    with under(HAYAMA):
        insert_together(kept, message)
        found = ProcedureSetting.objects.get()
        assert found.overrides == OVERRIDES
        assert found.changed_at is not None
        assert model_to_dict(UnreadableMessage.objects.get()) == model_to_dict(message)


def test_a_row_fetched_is_the_row_the_orm_gives() -> None:
    with under(HAYAMA):
        setting().save()
        (fetched,) = fetch(ProcedureSetting, "WHERE municipality = %s", [HAYAMA])
        by_orm = ProcedureSetting.objects.get()
    names = [field.attname for field in ProcedureSetting._meta.concrete_fields]
    assert [getattr(fetched, name) for name in names] == [getattr(by_orm, name) for name in names]
    assert not fetched._state.adding


def test_one_wrong_row_keeps_out_all() -> None:
    with under(HAYAMA):
        setting().save()
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_together(unreadable(), setting())
        assert not UnreadableMessage.objects.exists()


def test_row_level_security_holds_for_both() -> None:
    with under(ZUSHI):
        setting(ZUSHI).save()
    with under(HAYAMA):
        assert fetch(ProcedureSetting, "WHERE true", []) == []
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            insert_together(setting(ZUSHI))
