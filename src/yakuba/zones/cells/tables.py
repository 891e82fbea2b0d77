"""What belongs to a municipality in a database: every table that has it in a column, asked of the catalogue itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql

# The chain is the cell's and is never moved; the cell's own directory is no data of a municipality.
_STAYS = ("audit_record",)
_CODES = "gateway_municipality"  # codes whose messages came by: one row each, noted anew wherever they come

Database = psycopg.Connection[tuple[Any, ...]]


class CannotMove(RuntimeError):
    """A table is not of the form a move needs; the text names it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a municipality: ``columns`` without generated ones, ``key`` those of its primary key with their types."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_types: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.name)

    def row(self, alias: str) -> sql.Composable:
        """``alias.a, alias.b, …``"""
        return sql.SQL(", ").join(sql.Identifier(alias, column) for column in self.columns)

    def key_of(self, alias: str) -> sql.Composable:
        """The key of a row as one text: a JSON list of texts."""
        parts = sql.SQL(", ").join(
            sql.SQL("{}::text").format(sql.Identifier(alias, name)) for name in self.key
        )
        return sql.SQL("jsonb_build_array({})::text").format(parts)

    def among(self, alias: str, keys: Iterable[str]) -> sql.Composable:
        """The rows with one of ``keys`` (as :meth:`key_of` writes them), found by the primary key's index."""
        names = sql.SQL(", ").join(sql.Identifier(alias, name) for name in self.key)
        parts = sql.SQL(", ").join(
            sql.SQL("(k.key ->> {})::{}").format(sql.Literal(place), sql.SQL(kind))
            for place, kind in enumerate(self.key_types)
        )
        return sql.SQL("({}) IN (SELECT {} FROM (SELECT unnest({}::text[])::jsonb AS key) AS k)").format(
            names, parts, sql.Literal(list(keys))
        )


def movable(database: Database) -> list[Table]:
    """Every table that moves with a municipality, those referred to before those that refer.

    Raises:
        CannotMove: a table has no primary key, or tables refer to each other in a circle.
    """
    found = {
        row[0]: Table(row[0], tuple(row[1]), tuple(row[2] or ()), tuple(row[3] or ()))
        for row in database.execute(_COLUMNS, [list(_STAYS)]).fetchall()
    }
    missing = [table.name for table in found.values() if not table.key]
    if missing:
        raise CannotMove(f"no primary key: {', '.join(missing)}")
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in found})
    for child, parent in database.execute(_REFERENCES).fetchall():
        if child in found and parent in found and child != parent:
            order.add(child, parent)
    try:
        return [found[name] for name in order.static_order()]
    except CycleError as error:
        raise CannotMove(f"tables refer to each other in a circle: {error.args[1]}") from error


def same_tables(one: Sequence[Table], other: Sequence[Table]) -> bool:
    """Whether two databases are of the same version."""
    return {table.name: table for table in one} == {table.name: table for table in other}


def note_code(database: Database, code: str) -> None:
    """The relay's list of codes that come by is right at once where the municipality arrives."""
    query = sql.SQL("INSERT INTO {} (code) VALUES ({}) ON CONFLICT DO NOTHING")
    database.execute(query.format(sql.Identifier(_CODES), sql.Literal(code)))


def forget_code(database: Database, code: str) -> None:
    """And where it has left."""
    database.execute(
        sql.SQL("DELETE FROM {} WHERE code = {}").format(sql.Identifier(_CODES), sql.Literal(code))
    )


_COLUMNS = """
SELECT c.relname::text,
       array_agg(a.attname::text ORDER BY a.attname),
       array_agg(a.attname::text ORDER BY array_position(k.conkey, a.attnum)) FILTER (WHERE a.attnum = ANY (k.conkey)),
       array_agg(format_type(a.atttypid, NULL) ORDER BY array_position(k.conkey, a.attnum))
           FILTER (WHERE a.attnum = ANY (k.conkey))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE c.relkind = 'r' AND c.relname <> ALL (%s)
  AND EXISTS (SELECT FROM pg_attribute m WHERE m.attrelid = c.oid AND m.attname = 'municipality' AND NOT m.attisdropped)
GROUP BY c.relname ORDER BY c.relname
"""
_REFERENCES = """
SELECT DISTINCT k.conrelid::regclass::text, k.confrelid::regclass::text FROM pg_constraint k WHERE k.contype = 'f'
"""
