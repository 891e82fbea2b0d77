"""Reading bytes from PostgreSQL in its binary format: as text they would cross the socket as hexadecimal, twice the size."""

from typing import Any

from django.db import connection


def binary_rows(query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """All rows of ``query``, on the thread's own connection and in its transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(binary=True) as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
