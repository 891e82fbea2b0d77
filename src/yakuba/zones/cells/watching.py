"""Noting, in the cell a municipality leaves, the keys of rows that change while it is still in use there.

A trigger per table, for this one municipality, as long as it is being moved. Making one waits for writers that are under
way and keeps new ones waiting meanwhile, so it gives up soon and tries again.
"""

import time

from psycopg import errors, sql

from yakuba.zones.cells.tables import Database, Table

_PATIENCE = "SET LOCAL lock_timeout = '500ms'"
_MOST_TRIES = 240
_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.municipality = TG_ARGV[0] THEN
        INSERT INTO public.cell_change (code, "table", key) VALUES (TG_ARGV[0], TG_TABLE_NAME, {old_key});
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.municipality = TG_ARGV[0] THEN
        INSERT INTO public.cell_change (code, "table", key) VALUES (TG_ARGV[0], TG_TABLE_NAME, {new_key});
    END IF;
    RETURN NULL;
END $$
"""
_TRIGGER = """
CREATE OR REPLACE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {function}({code})
"""


def watch(database: Database, table: Table, code: str) -> None:
    """From now on every change of the municipality's rows in ``table`` is noted. Repeating it changes nothing."""
    function = sql.Identifier(f"cell_note_{table.name}")
    make = sql.SQL(_FUNCTION).format(
        function=function, old_key=table.key_of("old"), new_key=table.key_of("new")
    )
    begin = sql.SQL(_TRIGGER).format(
        trigger=_trigger(code), table=table.identifier, function=function, code=sql.Literal(code)
    )
    _patiently(database, make, begin)


def stop_watching(database: Database, table: Table, code: str) -> None:
    """The end of :func:`watch`."""
    drop = sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(_trigger(code), table.identifier)
    _patiently(database, drop)


def _trigger(code: str) -> sql.Identifier:
    return sql.Identifier(f"cell_move_{code}")


def _patiently(database: Database, *statements: sql.Composed) -> None:
    for attempt in range(_MOST_TRIES):
        try:
            with database.transaction():
                database.execute(_PATIENCE)
                for statement in statements:
                    database.execute(statement)
            return
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            if attempt == _MOST_TRIES - 1:
                raise
            time.sleep(0.25)
