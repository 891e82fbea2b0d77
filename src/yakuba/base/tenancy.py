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

from yakuba.base.municipality import municipality_code

_SETTING = "yakuba.municipality"


@contextmanager
def under(municipality: str) -> Iterator[None]:
    """Run the block in a transaction that sees and writes rows of ``municipality`` only.

    Nests: an inner block may name another municipality and the outer one is restored after it. The setting is
    transaction-local (``set_config(…, true)``), so a pooled connection cannot carry it to the next request.

    Raises:
        InvalidMunicipalityCode: before any query is sent.
    """
    code = municipality_code(municipality)
    with transaction.atomic():
        before = _swap(code)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _swap(before)


def current_municipality() -> str:
    """The municipality of the enclosing :func:`under` block, or an empty text outside any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [_SETTING])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _swap(code: str) -> str:
    before = current_municipality()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, code])
    return before


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
        condition = f"municipality = current_setting('{_SETTING}', true)"
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
