"""Bringing rows from one database to another, and comparing them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from yakuba.zones.cells.tables import Database, Table

_TAKE = """
WITH gone AS (DELETE FROM cell_change WHERE code = %s RETURNING "table", key)
INSERT INTO cell_taken SELECT DISTINCT "table", key FROM gone
"""
# sixty bits of each row's SHA-256, summed: rows in any order, no list of them in memory
_SUM = """
SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(row({row})::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint), 0)::text
FROM {table} t WHERE t.municipality = {code}
"""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and a sum over their hashes."""

    rows: int
    hashes: str


def under(database: Database, code: str) -> None:
    """The municipality of the running transaction, as :func:`yakuba.base.tenancy.under` sets it; dates and numbers as text
    alike on both sides."""
    database.execute("SELECT set_config('yakuba.municipality', %s, true)", [code])
    database.execute(
        "SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL intervalstyle = 'iso_8601'"
    )


def take_changes(source: Database, code: str) -> dict[str, list[str]]:
    """The noted keys by table, taken off the list in the running transaction."""
    source.execute('CREATE TEMP TABLE cell_taken ("table" text, key text) ON COMMIT DROP')
    source.execute(_TAKE, [code])
    found: dict[str, list[str]] = {}
    for table, key in source.execute("SELECT * FROM cell_taken").fetchall():
        found.setdefault(str(table), []).append(str(key))
    return found


def bring(
    source: Database,
    target: Database,
    code: str,
    whole: Sequence[Table],
    changed: Mapping[Table, Sequence[str]],
) -> int:
    """Make ``target`` as ``source`` is in its running transaction: all rows of the tables ``whole``, and the rows of
    ``changed`` tables with those keys (gone where they are gone). Both transactions are the caller's. Tables come in the
    order of references. Returns how many rows were brought."""
    for table in reversed([*changed, *whole]):
        target.execute(_where("DELETE FROM {table} t WHERE {which}", table, code, changed.get(table)))
    return sum(
        [_copy(source, target, table, code, changed.get(table)) for table in changed]
        + [_copy(source, target, table, code, None) for table in whole]
    )


def _copy(source: Database, target: Database, table: Table, code: str, keys: Sequence[str] | None) -> int:
    beside = sql.Identifier(f"cell_in_{table.name}"[:63])
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    target.execute(
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            beside, names, table.identifier
        )
    )
    out = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(
        _where("SELECT {row} FROM {table} t WHERE {which}", table, code, keys)
    )
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(beside, names)
    with source.cursor().copy(out) as reading, target.cursor().copy(into) as writing:
        for piece in reading:
            writing.write(piece)
    insert = sql.SQL("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM {2}")
    return target.execute(insert.format(table.identifier, names, beside)).rowcount


def _where(query: str, table: Table, code: str, keys: Iterable[str] | None) -> sql.Composed:
    which = sql.SQL("t.municipality = {}").format(sql.Literal(code))
    if keys is not None:
        which = sql.SQL("{} AND {}").format(which, table.among("t", keys))
    return sql.SQL(query).format(row=table.row("t"), table=table.identifier, which=which)


def summed(database: Database, table: Table, code: str, keys: Sequence[str] | None = None) -> Sum:
    """Number and hash sum of the municipality's rows (of those with ``keys``)."""
    query = sql.SQL(_SUM).format(row=table.row("t"), table=table.identifier, code=sql.Literal(code))
    if keys is not None:
        query += sql.SQL(" AND ") + table.among("t", keys)
    row = database.execute(query).fetchone()
    assert row is not None
    return Sum(int(row[0]), str(row[1]))


def counted(database: Database, table: Table, code: str) -> int:
    """Number of the municipality's rows."""
    query = sql.SQL("SELECT count(*) FROM {} t WHERE t.municipality = {}")
    row = database.execute(query.format(table.identifier, sql.Literal(code))).fetchone()
    assert row is not None
    return int(row[0])
