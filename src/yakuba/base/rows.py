"""Rows of models without building a query each time: for the few places every application passes.

The models stay the one description of the tables. What is saved is the time Django's ORM takes to put a statement
together (several times that of running it), and round trips: rows of several tables are written in one statement.
Everything else uses the ORM.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def insert_together(*rows: models.Model) -> None:
    """Write new ``rows``, of any tables, in one statement. Keys the database gives are not read back, and no
    ``save`` method or signal runs."""
    parameters = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in _written(type(row))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(tuple(type(row) for row in rows)), parameters)


def fetch(model: type[Row], rest: str, parameters: Sequence[Any]) -> list[Row]:
    """The rows of ``SELECT … FROM <the model's table> <rest>``; ``rest`` is a constant of the caller's code."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_selection(model)} {rest}", parameters)
        found = cursor.fetchall()
    names, converters = _names(model), _converters(model)
    for place, converter in converters:
        found = [(*row[:place], converter(row[place], None, connection), *row[place + 1 :]) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


@lru_cache(maxsize=128)
def _insertion(kinds: tuple[type[models.Model], ...]) -> str:
    *first, last = (_insert(kind) for kind in kinds)
    named = ", ".join(f"row_{number} AS ({statement})" for number, statement in enumerate(first))
    return f"WITH {named} {last}" if named else last


def _insert(kind: type[models.Model]) -> str:
    fields = _written(kind)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(kind._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of models


@lru_cache(maxsize=128)
def _written(kind: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in kind._meta.concrete_fields if not isinstance(field, models.AutoField))


@lru_cache(maxsize=128)
def _selection(model: type[models.Model]) -> str:
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608 - names of models


@lru_cache(maxsize=128)
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@lru_cache(maxsize=128)
def _converters(model: type[models.Model]) -> tuple[tuple[int, Any], ...]:
    return tuple(
        (place, converter)
        for place, field in enumerate(model._meta.concrete_fields)
        for converter in field.get_db_converters(connection)
    )
