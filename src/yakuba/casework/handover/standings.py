"""Where the cases of a procedure stand, counted and compared by the database: a list of a million costs one scan."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from yakuba.base.clock import japan_day
from yakuba.casework.handover.inbound import last_statement
from yakuba.casework.handover.models import Item, OutsideSystem, State
from yakuba.casework.handover.reconcile import MISSING_AFTER, Counts, Difference, Kind, counts

SHOWN = 500
"""Differences of one kind that are listed; the counts tell how many there are."""

_NOT_THERE = """
SELECT receipt_number FROM handover_item
WHERE procedure = ANY(%s) AND state IN ('acknowledged', 'returned')
EXCEPT SELECT unnest(%s::text[]) ORDER BY 1 LIMIT %s
"""
_NOT_HERE = """
SELECT unnest(%s::text[]) EXCEPT SELECT receipt_number FROM handover_item
WHERE procedure = ANY(%s) AND state NOT IN ('ready', 'held') ORDER BY 1 LIMIT %s
"""


def counts_of(procedure: str, at: datetime) -> Counts:
    """The procedure's counts at ``at``."""
    mine = Item.objects.filter(procedure=procedure)
    by_state = dict(mine.values_list("state").annotate(Count("pk")).order_by())
    overdue = mine.filter(state=State.SENT, state_at__lt=at - MISSING_AFTER).count()
    return counts(by_state, overdue, mine.count())


def troubles_of(procedure: str, at: datetime) -> tuple[Difference, ...]:
    """Its cases that are missing, held or rejected, the oldest first, at most :data:`SHOWN` of each."""
    mine = Item.objects.filter(procedure=procedure)
    kinds: tuple[tuple[Kind, QuerySet[Item]], ...] = (
        ("missing", mine.filter(state=State.SENT, state_at__lt=at - MISSING_AFTER)),
        ("held", mine.filter(state=State.HELD)),
        ("rejected", mine.filter(state=State.REJECTED)),
    )
    return tuple(
        Difference(kind, number, japan_day(since).isoformat())
        for kind, items in kinds
        for number, since in items.order_by("state_at").values_list("receipt_number", "state_at")[:SHOWN]
    )


def differences_with(system: OutsideSystem) -> tuple[Difference, ...] | None:
    """What the system's last statement and our records do not agree on; None if it never stated anything."""
    said = last_statement(system)
    if said is None:
        return None
    stated = list(said[1])
    there = _numbers(_NOT_THERE, [system.procedures, stated, SHOWN])
    here = _numbers(_NOT_HERE, [stated, system.procedures, SHOWN])
    return (
        *(Difference("unknown_there", number, "") for number in there),
        *(Difference("unknown_here", number, "") for number in here),
    )


def _numbers(query: str, facts: list[Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return [str(row[0]) for row in cursor.fetchall()]
