"""One municipality cannot see, change, or learn of another's rows: asked of the database itself, table by table.

Row-level security has known leaks: keys that are unique across tenants tell what exists, foreign keys are checked past
it (PostgreSQL manual, 5.9 "Row Security Policies"), owners, BYPASSRLS and SECURITY DEFINER see everything, and a pooled
connection may keep a setting. Each has its test here; what is accepted is listed with its reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from psycopg import errors, sql

from tests.house.test_house import SOURCE
from yakuba.base.tenancy import under
from yakuba.zones.cells.tables import movable
from yakuba.zones.postgres import APP, OWNER, Cluster

HAYAMA, NINOMIYA = "143014", "143421"
_SAMPLES = {
    "uuid": "01890a5d-ac96-774b-bcce-b302099a8057", "bool": True, "int2": 1, "int4": 1, "int8": 7, "date": "2026-01-01",
    "timestamptz": "2026-01-01T00:00:00Z", "jsonb": "{}", "json": "{}", "bytea": b"x", "varchar": "x", "text": "x",
    "bpchar": "x", "numeric": 1, "float8": 1.0, "inet": "192.0.2.1",
}  # fmt: skip

# Unique keys that are the same for all municipalities although nobody can only guess them.
GLOBAL_KEYS = {
    "staff_staff.login": "the sign-in page asks for no municipality; whoever makes accounts learns only that a name is taken",
    "staff_passkey.credential_id": "made at random by the authenticator, at least 100 bits (WebAuthn, 6.5.1)",
}


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    length: int | None


@dataclass(frozen=True)
class Table:
    """A table with a municipality, as the database knows it."""

    name: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...]

    def values(self, municipality: str) -> dict[str, Any]:
        """A row that has something in every column that matters."""
        row = {column.name: _sample(column) for column in self.columns}
        return {**row, "municipality": municipality}


def _sample(column: Column) -> Any:
    if column.type.startswith("_"):
        return []
    value = _SAMPLES[column.type]
    return value[: column.length] if isinstance(value, str) and column.length else value


def _ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def tables() -> list[Table]:
    """Every table that has a municipality."""
    columns = _ask(
        """SELECT c.table_name, c.column_name, c.udt_name, c.character_maximum_length
           FROM information_schema.columns c JOIN information_schema.columns m
             ON (m.table_schema, m.table_name, m.column_name) = (c.table_schema, c.table_name, 'municipality')
           WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER' ORDER BY c.ordinal_position"""
    )
    keys = _ask(
        """SELECT i.indrelid::regclass::text, array_agg(a.attname::text ORDER BY a.attnum)
           FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
           WHERE i.indisunique GROUP BY i.indexrelid, i.indrelid"""
    )
    forced = {
        name for (name,) in _ask("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    }
    return [
        Table(
            name,
            tuple(Column(*rest) for table, *rest in columns if table == name),
            tuple(tuple(key) for table, key in keys if table == name),
        )
        for name in sorted({row[0] for row in columns} & forced)
    ]


Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def as_town(town: Connection, municipality: str) -> Iterator[None]:
    """As a zone's process would ask, under a municipality; undone afterwards."""
    with town.transaction(force_rollback=True):
        town.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP)))
        town.execute("SELECT set_config('yakuba.municipality', %s, true)", [municipality])
        yield


def _insert(town: Connection, table: Table, row: dict[str, Any]) -> None:
    town.execute(
        sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() for _ in row),
        ),
        list(row.values()),
    )


def _run(town: Connection, query: str, table: Table) -> psycopg.Cursor[tuple[Any, ...]]:
    return town.execute(sql.SQL(query).format(table=sql.Identifier(table.name)))  # type: ignore[arg-type]


@pytest.fixture
def town(cluster: Cluster, db: None) -> Iterator[Connection]:
    """The administrator's connection, who becomes the application's role to ask; nothing is kept. What is tested is
    isolation, so rows need not make sense: checks of content and foreign keys are off in this one transaction."""
    name = connections["default"].settings_dict["NAME"]
    with cluster.as_superuser(name).connect() as opened, opened.transaction(force_rollback=True):
        opened.execute("SET LOCAL session_replication_role = replica")
        opened.execute("SET LOCAL lock_timeout = '20s'")
        yield opened


def _without_checks(town: Connection, table: Table) -> None:
    found = town.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table.name]
    ).fetchall()
    for (name,) in found:
        town.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                sql.Identifier(table.name), sql.Identifier(name)
            )
        )


def test_every_table_hides_its_rows_from_another_municipality(town: Connection) -> None:
    found = tables()
    assert len(found) > 30
    for table in found:
        with town.transaction(force_rollback=True):
            _without_checks(town, table)
            _insert(town, table, table.values(HAYAMA))
            with as_town(town, HAYAMA):
                assert _run(town, "SELECT count(*) FROM {table}", table).fetchone() == (1,), table.name
            for other in (NINOMIYA, ""):
                with as_town(town, other):
                    assert _run(town, "SELECT count(*) FROM {table}", table).fetchone() == (0,), (
                        table.name,
                        other,
                    )
                    for query in (
                        "UPDATE {table} SET municipality = municipality",
                        "DELETE FROM {table}",
                    ):
                        assert _may(town, query, table) == 0, (table.name, other, query)
            with as_town(town, HAYAMA):
                assert _run(town, "SELECT count(*) FROM {table}", table).fetchone() == (1,), table.name


def _may(town: Connection, query: str, table: Table) -> int:
    """How many rows are touched; none where the application has not even the right (append-only tables)."""
    try:
        with town.transaction():
            return _run(town, query, table).rowcount
    except errors.InsufficientPrivilege:
        return 0


def test_no_row_can_be_written_into_or_moved_to_another_municipality(town: Connection) -> None:
    for table in tables():
        with town.transaction(force_rollback=True):
            _without_checks(town, table)
            for own in (NINOMIYA, ""):
                with as_town(town, own), pytest.raises(errors.InsufficientPrivilege), town.transaction():
                    _insert(town, table, table.values(HAYAMA))
            _insert(town, table, table.values(NINOMIYA))
            with as_town(town, NINOMIYA), pytest.raises(errors.InsufficientPrivilege), town.transaction():
                _run(town, f"UPDATE {{table}} SET municipality = '{HAYAMA}'", table)


def test_a_forgotten_municipality_is_no_municipality_of_its_own(town: Connection) -> None:
    """After its first transaction a connection's setting is the empty text, not NULL: it must match nothing either."""
    for table in tables():
        with town.transaction(force_rollback=True):
            _without_checks(town, table)
            with as_town(town, ""), pytest.raises(errors.InsufficientPrivilege), town.transaction():
                _insert(town, table, table.values(""))


def _unguessable(table: Table, key: tuple[str, ...]) -> bool:
    types = {column.name: column.type for column in table.columns}
    return any(types.get(name) == "uuid" for name in key)


def _surrogate(table: Table, key: tuple[str, ...]) -> bool:
    """A number that the database alone gives out."""
    types = {column.name: column.type for column in table.columns}
    return key == ("id",) and types["id"] == "int8"


@pytest.mark.django_db
def test_keys_that_are_unique_across_municipalities_tell_nothing() -> None:
    """A unique key reports a clash even with a row one cannot see. So it holds the municipality, or cannot be guessed,
    or is a number nobody chooses, or is listed with its reason."""
    telling = {
        f"{table.name}.{'+'.join(key)}"
        for table in tables()
        for key in table.unique
        if "municipality" not in key and not _unguessable(table, key) and not _surrogate(table, key)
    }
    assert telling == set(GLOBAL_KEYS), "list it with its reason, or take it off the list"


def test_the_same_key_is_free_in_another_municipality_unless_it_is_listed(town: Connection) -> None:
    """Said by trying: a copy of another municipality's row, with new surrogate and random keys."""
    for table in tables():
        listed = {key.split(".")[1] for key in GLOBAL_KEYS if key.startswith(f"{table.name}.")}
        with town.transaction(force_rollback=True):
            _without_checks(town, table)
            _insert(town, table, table.values(HAYAMA))
            copy = table.values(NINOMIYA)
            for key in table.unique:
                if "municipality" in key:
                    continue
                for column in table.columns:
                    if column.name in key and column.type == "uuid":
                        copy[column.name] = "01890a5d-ac96-774b-bcce-b302099a8058"
                if _surrogate(table, key):
                    copy["id"] = 8
            copy |= {name: "y" if isinstance(copy[name], str) else b"y" for name in listed}
            with as_town(town, NINOMIYA):
                _insert(town, table, copy)
                assert _run(town, "SELECT count(*) FROM {table}", table).fetchone() == (1,), table.name


@pytest.mark.django_db
def test_foreign_keys_cannot_ask_for_what_can_be_guessed() -> None:
    """They are checked past row-level security: a reference holds the municipality or a UUID."""
    references = _ask(
        """SELECT k.conrelid::regclass::text, array_agg(a.attname::text), array_agg(t.typname::text)
           FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
           JOIN pg_type t ON t.oid = a.atttypid
           WHERE k.contype = 'f' GROUP BY k.oid, k.conrelid"""
    )
    isolated = {table.name for table in tables()}
    assert [
        (table, columns)
        for table, columns, types in references
        if table in isolated and "municipality" not in columns and "uuid" not in types
    ] == []


def test_neither_role_of_a_zone_sees_past_isolation(town: Connection) -> None:
    roles = town.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
        "WHERE rolname = ANY(%s) ORDER BY 1",
        [[APP, OWNER]],
    ).fetchall()
    assert roles == [(role, False, False, False, False, False) for role in sorted((APP, OWNER))]
    assert town.execute(
        "SELECT count(*) FROM pg_auth_members WHERE member = ANY(%s::regrole[])", [[APP, OWNER]]
    ).fetchone() == (0,)
    owners = town.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [(OWNER,)]


def test_even_the_owner_of_the_tables_sees_no_row_without_its_municipality(town: Connection) -> None:
    for table in tables():
        with town.transaction(force_rollback=True):
            _without_checks(town, table)
            _insert(town, table, table.values(HAYAMA))
            town.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
            assert _run(town, "SELECT count(*) FROM {table}", table).fetchone() == (0,), table.name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE yakuba_owner",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "ALTER TABLE gateway_outbox DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE gateway_outbox NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own_municipality ON gateway_outbox",
        "CREATE POLICY all_of_it ON gateway_outbox USING (true)",
        "CREATE VIEW public.all_of_it AS SELECT * FROM gateway_outbox",
        "CREATE FUNCTION public.all_of_it() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'",
        "ALTER ROLE yakuba_app BYPASSRLS",
        "COPY gateway_outbox TO PROGRAM 'cat'",
    ],
)
def test_the_applications_role_cannot_loosen_isolation(attempt: str) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"permission denied|must be|owner"):
        cursor.execute(attempt)


@pytest.mark.django_db
def test_switching_row_security_off_is_refused_rather_than_obeyed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(Exception, match="would be affected by row-level security"):
            cursor.execute("SELECT count(*) FROM gateway_outbox")


def test_the_application_may_not_empty_a_table_at_once(cluster: Cluster) -> None:
    """TRUNCATE heeds no policy. (The tests' own database grants it, to clean up; a town's does not.)"""
    cluster.ensure_database("isolation_probe")
    with cluster.as_owner("isolation_probe").connect() as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS probe (municipality text)")
    with cluster.as_app("isolation_probe").connect() as app:
        granted = app.execute(
            "SELECT array_agg(p ORDER BY p) FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER',"
            "'REFERENCES']) p WHERE has_table_privilege('probe', p)"
        ).fetchone()
    assert granted == (["DELETE", "INSERT", "SELECT", "UPDATE"],)


def test_every_table_with_a_municipality_moves_with_it_to_another_cell(town: Connection) -> None:
    """A move finds the tables by itself; what is left behind would be lost to the municipality."""
    moving = {table.name: table for table in movable(town)}
    isolated = {table.name for table in tables()}
    assert isolated <= set(moving)
    assert set(moving) - isolated == {"gateway_pending", "staff_login_name"}
    # rows keep their numbers, so each cell gives out its own: 2^40 of them, which 32 bits do not hold
    kinds = {kind for table in moving.values() for kind in table.key_types}
    assert kinds <= {"bigint", "uuid", "character varying", "text", "date", "smallint", "integer"}, kinds
    assert not [table.name for table in moving.values() if set(table.key_types) <= {"smallint", "integer"}]
    hard = town.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable"
    ).fetchall()
    assert [name for table, name in hard if table in moving] == [], (
        "a step of a move checks references at its end"
    )


def _setting() -> str:
    return str(_ask("SELECT coalesce(current_setting('yakuba.municipality', true), '')")[0][0])


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_keeps_no_municipality_however_its_request_ended() -> None:
    def backend() -> int:
        return int(_ask("SELECT pg_backend_pid()")[0][0])

    same = backend()
    with under(HAYAMA):
        assert _setting() == HAYAMA
    assert _setting() == ""
    for harm in ("SELECT 1/0", "SELECT * FROM no_such_table", "SELECT 'x'::int"):
        with pytest.raises(DatabaseError), under(NINOMIYA):
            _ask(harm)
        assert _setting() == ""
    assert backend() == same, "it must be the same connection, or nothing was tested"


def test_no_code_sets_a_municipality_for_longer_than_a_transaction() -> None:
    """`set_config(…, false)` or a plain SET would stay with a pooled connection."""
    sets = [
        (file.relative_to(SOURCE), line.strip())
        for file in SOURCE.rglob("*.py")
        for line in file.read_text().splitlines()
        if ("set_config(" in line or "SET yakuba." in line or "SET SESSION yakuba." in line)
        and "true)" not in line
    ]
    assert sets == []
