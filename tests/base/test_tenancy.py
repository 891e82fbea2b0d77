"""A query of residents' data is under a municipality, or sees nothing."""

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.base.tenancy import EnableTenantIsolation, current_municipality, under

HAYAMA, NINOMIYA = "143014", "143421"


@pytest.mark.django_db
def test_outside_a_municipality_there_is_none() -> None:
    assert current_municipality() == ""


@pytest.mark.django_db
def test_an_inner_municipality_ends_with_its_block() -> None:
    with under(HAYAMA):
        with under(NINOMIYA):
            assert current_municipality() == NINOMIYA
        assert current_municipality() == HAYAMA
    assert current_municipality() == ""


@pytest.mark.django_db
def test_a_wrong_code_is_refused_before_any_query() -> None:
    with pytest.raises(InvalidMunicipalityCode), under("999999"):
        pass


@pytest.mark.django_db(transaction=True)
def test_the_setting_does_not_outlive_its_transaction() -> None:
    def fail() -> None:
        with under(HAYAMA):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert current_municipality() == ""


@pytest.mark.django_db
def test_what_is_remembered_is_what_the_database_enforces() -> None:
    def enforced() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('yakuba.municipality', true), '')")
            return str(cursor.fetchone()[0])

    def fail_inside(code: str) -> None:
        with under(code), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    for inner in (HAYAMA, NINOMIYA):
        with under(HAYAMA):
            with pytest.raises(DataError):
                fail_inside(inner)
            assert current_municipality() == enforced() == HAYAMA
            with under(inner):
                assert current_municipality() == enforced() == inner
            assert current_municipality() == enforced() == HAYAMA
        assert current_municipality() == enforced() == ""


@pytest.mark.django_db
def test_the_application_role_may_not_make_tables_nor_pass_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.sneaky (municipality text)")


def test_isolation_names_the_table_it_isolates() -> None:
    assert EnableTenantIsolation("portal_draft").describe() == "Isolate municipalities in portal_draft"
