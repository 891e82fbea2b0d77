"""Document numbers (文書番号): per series and fiscal year, each once and none left out."""

from django.db import connection

from yakuba.base.tenancy import current_municipality

_NEXT = """
INSERT INTO notices_counter (municipality, series, fiscal_year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (municipality, series, fiscal_year) DO UPDATE SET last = notices_counter.last + 1
RETURNING last
"""


def next_number(series: str, fiscal_year: int) -> int:
    """The next number, in the caller's transaction.

    The counter's row stays locked until that transaction ends: if it rolls back the number is given again, and the
    next caller waits. That wait is the price of a series without gaps, so keep the transaction short.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [current_municipality(), series, fiscal_year])
        return int(cursor.fetchone()[0])
