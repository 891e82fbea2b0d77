"""One relay per zone at a time: a second one stands by and takes over when the first one's connection ends."""

import threading

from django.db import Error as DatabaseError
from django.db import connection

_NUMBER = 0x79616B756261  # "yakuba": any number the zone's database uses for nothing else


def wait_for_turn(stop: threading.Event) -> bool:
    """Wait until no other relay holds the lock; ``False`` if told to stop first."""
    while not stop.is_set():
        if _try():
            return True
        stop.wait(1.0)
    return False


def still_ours() -> bool:
    """Whether the connection that holds the lock is alive."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted)"
            )
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False


def _try() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_NUMBER])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        connection.close()
        return False
