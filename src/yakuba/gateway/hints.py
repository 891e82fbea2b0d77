"""A word to whoever waits for a queue: something may be due now. So that waiting costs nothing.

It is told after the commit, in a transaction of its own (``NOTIFY``): inside the transaction of the work, PostgreSQL
would hold a lock that all writers share until that commit is on disk. It is a hint and nothing rests on it: one that is
lost, by a kill between commit and word, costs :data:`LOOK_ANYWAY` seconds, after which everybody looks by themselves.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction
from psycopg import sql

from yakuba.base import cells

LOOK_ANYWAY = 2.0
_EVERY = 0.05  # a queue is told of at most this often; who hears of it waits as long before looking
_LOOK_EVERY = 0.1
_here: dict[str, threading.Event] = {}
_told: dict[str, float] = {}


def tell(queue: str) -> None:
    """Something has been put into ``queue``, in the caller's transaction."""
    transaction.on_commit(partial(_tell, queue), robust=True)


def _tell(queue: str) -> None:
    if queue in _here:
        _here[queue].set()
        return
    moment = time.monotonic()
    if moment - _told.get(queue, -_EVERY) >= _EVERY:
        _told[queue] = moment
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [_channel(queue)])


def wakes(queue: str, event: threading.Event) -> None:
    """This process works on ``queue`` itself: whatever it puts there sets ``event``, without the database."""
    _here[queue] = event


@contextmanager
def listening(*queues: str) -> Iterator[Callable[[float], list[str]]]:
    """Listen on the thread's own connection, outside any transaction. The block gets a function that waits at most so
    many seconds for a word, and returns which queues were told of.

    Look for work after listening has begun and before waiting, or what came in between is missed. Where the zone has
    several databases (cells) none of them hears of the others: there the function waits a tenth of a second and says
    that something may be due.
    """
    if cells.spread():
        yield lambda seconds: _suppose(seconds, queues)
        return
    with connection.cursor() as cursor:
        for queue in queues:
            cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(_channel(queue))))
    yield _heard
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")


def _suppose(seconds: float, queues: tuple[str, ...]) -> list[str]:
    time.sleep(min(seconds, _LOOK_EVERY))
    return list(queues)


def _heard(seconds: float) -> list[str]:
    heard = [one.channel for one in connection.connection.notifies(timeout=seconds, stop_after=1)]
    if heard:
        time.sleep(_EVERY)
    return [channel.removeprefix(_channel("")) for channel in heard]


def _channel(queue: str) -> str:
    return f"yakuba_due_{queue}"


class Ear:
    """The step of a relay's thread that hears what other processes put into its queues, and wakes who works on them."""

    def __init__(self, events: dict[str, threading.Event]) -> None:
        self._events = events
        for queue, event in events.items():
            wakes(queue, event)

    def step(self) -> bool:
        """Listen until the connection breaks; then everybody looks, because something may have been missed."""
        with listening(*self._events) as heard:
            for event in self._events.values():
                event.set()
            while True:
                for queue in heard(60.0):
                    self._events[queue].set()
