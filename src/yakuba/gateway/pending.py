"""The list of what is still to be done, over all municipalities: message numbers, states and times only."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import connection

from yakuba.base import cells
from yakuba.gateway import hints

_COLUMNS = "id, municipality, message, role, kind, queue, attempts"
REMIND_AFTER = timedelta(minutes=5)
BEING_DONE = "being_done"  # in the place of a fault's name: somebody works on it, under a lease
LEASE_SECONDS = 3600  # longer than any file may take; what a killed relay held is due again when it starts
_LONGEST_WAIT = 600
_GRACE = 10
_RESTING = ("receipt", "passed", "stopped", "dead")  # nobody waits for these


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do."""

    id: int
    municipality: str
    message: uuid.UUID
    role: str
    kind: str
    queue: str
    attempts: int


def due(queue: str, limit: int) -> list[Item]:
    """What is due in ``queue``, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM gateway_pending WHERE queue = %s AND due_at <= now() "  # noqa: S608 - constants
            f"{cells.only_here()} ORDER BY due_at, id LIMIT %s",
            [queue, limit],
        )
        return [Item(*row) for row in cursor.fetchall()]


def of(messages: list[uuid.UUID], queue: str) -> list[Item]:
    """Those of ``messages`` that wait in ``queue``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM gateway_pending WHERE message = ANY(%s) AND queue = %s "  # noqa: S608 - constants
            f"{cells.only_here()}",
            [messages, queue],
        )
        return [Item(*row) for row in cursor.fetchall()]


def by_municipality(items: Iterable[Item]) -> Mapping[str, list[Item]]:
    """``items`` grouped, so that each municipality's rows are read under it."""
    ordered = sorted(items, key=lambda item: (item.municipality, item.id))
    return {code: list(group) for code, group in groupby(ordered, key=lambda item: item.municipality)}


def add(municipality: str, message: uuid.UUID, role: str, kind: str, queue: str) -> None:
    """Put a message on the list, due at once; if it is there already, move it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem) "
            "VALUES (%s, %s, %s, %s, %s, now(), 0, '') ON CONFLICT (message, role) DO UPDATE "
            "SET queue = EXCLUDED.queue, due_at = EXCLUDED.due_at, attempts = 0, problem = ''",
            [municipality, message, role, kind, queue],
        )
    hints.tell(queue)


def move(messages: list[uuid.UUID], role: str, queue: str, wait: timedelta = timedelta()) -> None:
    """Move messages to another queue, due after ``wait``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_pending SET queue = %s, due_at = now() + make_interval(secs => %s), attempts = 0, problem = '' "
            "WHERE message = ANY(%s) AND role = %s",
            [queue, wait.total_seconds(), messages, role],
        )
    if queue not in _RESTING:
        hints.tell(queue)


def done(messages: list[uuid.UUID], role: str) -> None:
    """Nothing is left to do about these messages."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gateway_pending WHERE message = ANY(%s) AND role = %s", [messages, role])


def again_later(item: Item, problem: str) -> None:
    """A passing fault: try again after 1, 2, 4 … seconds, at most ten minutes apart."""
    wait = min(2**item.attempts, _LONGEST_WAIT)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_pending SET attempts = attempts + 1, due_at = now() + make_interval(secs => %s), problem = %s WHERE id = %s",
            [wait, problem[:80], item.id],
        )


def back_to(item: Item, queue: str, problem: str) -> None:
    """As :func:`again_later` for what a broker had taken already: it waits in ``queue`` again."""
    again_later(item, problem)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gateway_pending SET queue = %s WHERE id = %s", [queue, item.id])


def mend_after_clock_jump() -> int:
    """What is due later than its own longest wait was written under a clock that ran ahead and has been put right since. It
    is due now. What was never tried waits for nothing, so ten minutes ahead would hold it up for ten minutes; what is
    worked on waits for its lease, or a second worker would begin it too. Returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_pending SET due_at = now() WHERE due_at > now() + make_interval(secs => %s + "  # noqa: S608 - constants
            "CASE WHEN problem = %s THEN %s WHEN queue = 'receipt' THEN %s WHEN attempts = 0 THEN 0 ELSE least(power(2, least(attempts, 16)), %s) END) "
            f"{cells.only_here()}",
            [_GRACE, BEING_DONE, LEASE_SECONDS, REMIND_AFTER.total_seconds(), _LONGEST_WAIT],
        )
        return int(cursor.rowcount)


def set_aside(message: uuid.UUID, role: str, problem: str) -> None:
    """To the dead letters: only people move it from here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_pending SET queue = 'dead', due_at = now(), problem = %s WHERE message = %s AND role = %s",
            [problem[:80], message, role],
        )
