"""Every query of residents' data is under a municipality: row-level security in PostgreSQL, forced.

A table of residents' data leads with ``municipality`` and carries a policy that compares it with the setting
``yakuba.municipality`` of the running transaction. Outside :func:`under` the setting is empty and no row is seen,
so a query that forgot its municipality finds nothing rather than everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from yakuba.base import cells
from yakuba.base.municipality import municipality_code

_SETTING = "yakuba.municipality"
_REMEMBERED = "yakuba_municipality"


@contextmanager
def under(municipality: str) -> Iterator[None]:
    """Run the block in a transaction that sees and writes rows of ``municipality`` only.

    Nests: an inner block may name another municipality and the outer one is restored after it. The setting is
    transaction-local (``set_config(…, true)``), so a pooled connection cannot carry it to the next request.

    Raises:
        InvalidMunicipalityCode: before any query is sent.
    """
    code = municipality_code(municipality)
    if connection.in_atomic_block:
        with _within(code):
            yield
        return
    with cells.opened(code) if cells.spread() else _one_database(code):
        setattr(connection, _REMEMBERED, code)
        try:
            yield
        finally:
            setattr(connection, _REMEMBERED, "")


@contextmanager
def _one_database(code: str) -> Iterator[None]:
    with transaction.atomic():
        _set(code)
        yield


@contextmanager
def _within(code: str) -> Iterator[None]:
    """Inside a longer transaction: a savepoint, and another municipality only for as long as the block lasts."""
    before = current_municipality()
    with transaction.atomic():
        if code != before:
            _change_to(code)
        try:
            yield
            # A rollback to the savepoint restores the setting; what is left is an inner block that ends well.
            if code != before and not connection.needs_rollback:
                _set(before)
        finally:
            setattr(connection, _REMEMBERED, before)


def _change_to(code: str) -> None:
    if cells.spread() and not cells.enter(code):
        raise cells.TwoCells(f"{code} is not in cell {cells.here()!r}, where this transaction is")
    _set(code)


@contextmanager
def joining(municipality: str) -> Iterator[None]:
    """As :func:`under`; but inside a block under the same municipality it simply belongs to that block, without a
    savepoint of its own: a fault of the database in it is a fault of the whole transaction."""
    if current_municipality() == municipality_code(municipality):
        yield
    else:
        with under(municipality):
            yield


def current_municipality() -> str:
    """The municipality of the enclosing :func:`under` block, or an empty text outside any.

    Remembered beside the connection (which belongs to one thread), to spare a question to the database in each
    nested block; what protects the rows is the database's own setting.
    """
    return getattr(connection, _REMEMBERED, "") if connection.in_atomic_block else ""


def _set(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, code])
    setattr(connection, _REMEMBERED, code)


@contextmanager
def alone(municipality: str) -> Iterator[None]:
    """As :func:`under`, but never part of a longer transaction, which could take back what was done here.

    Raises:
        RuntimeError: a transaction is open.
    """
    if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("this must not be part of a longer transaction, which could take it back")
    with under(municipality):
        yield


class TenantModel(models.Model):
    """Base of every table of residents' data; its migration also runs :class:`EnableTenantIsolation`."""

    municipality = models.CharField("全国地方公共団体コード", max_length=6)

    class Meta:
        abstract = True


class EnableTenantIsolation(migrations.operations.base.Operation):
    """Migration operation: row-level security with FORCE, so that not even the table's owner reads past it."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Row-level security is not part of Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = schema_editor.quote_name(self.table)
        # NULLIF: after its first transaction a connection's setting is '' and not NULL; it must not match a row of ''
        condition = f"municipality = NULLIF(current_setting('{_SETTING}', true), '')"
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY own_municipality ON {table} USING ({condition}) WITH CHECK ({condition})"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"DROP POLICY own_municipality ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Isolate municipalities in {self.table}"
