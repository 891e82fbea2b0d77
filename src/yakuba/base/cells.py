"""Several databases in one zone (cells): which of them serves a municipality, and how a thread gets to it.

With one database nothing of this is in the way. With several, :func:`opened` makes the right one the thread's default
connection for as long as its transaction lasts. Whether a municipality is served by a database is asked of that very
database, inside the transaction and under a lock the mover takes alone (``yakuba_enter``): a process that remembers an old
place cannot write there, and one that comes during the short stop of a move waits and then goes where the data went.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

ALIAS = "cell_"
LONGEST_WAIT = 60.0
_known: dict[str, str] = {}  # municipality → the cell that served it last
_turns = itertools.count()
_log = logging.getLogger(__name__)
T = TypeVar("T")


class NoCell(LookupError):
    """No cell of this zone has the municipality; ``code`` says which."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"{code} の置き場所(セル)が決まっていません。例: yakuba cells place {code} {names()[0] if names() else 'home'}"
        )


class TwoCells(RuntimeError):
    """One transaction was to span two databases, which could not be taken back together."""


def names() -> tuple[str, ...]:
    """The zone's cells in the order of their file; the first is the home cell. Empty with one database."""
    return tuple(settings.CELLS)


def spread() -> bool:
    """Whether this zone has several databases."""
    return bool(names())


def here() -> str:
    """The cell whose database is this thread's default connection now; empty with one database."""
    return str(connection.settings_dict.get("CELL", ""))


def chain() -> str:
    """The name of the audit chain of the database in use: the zone's, and for all but the home cell ``<zone>/<cell>``."""
    zone: str = settings.ZONE
    cell = here()
    return zone if not cell or cell == names()[0] else f"{zone}/{cell}"


@contextmanager
def inside(cell: str) -> Iterator[None]:
    """Make ``cell``'s database the thread's default connection for the block.

    Raises:
        TwoCells: a transaction is open in another cell.
    """
    before = connections["default"]
    if here() == settings.CELL:
        connections[ALIAS + settings.CELL] = before
    if here() == cell:
        yield
        return
    if before.in_atomic_block:
        raise TwoCells(f"a transaction is open in cell {here()!r}; {cell!r} cannot be part of it")
    connections["default"] = connections[ALIAS + cell]
    try:
        yield
    finally:
        connections["default"] = before


def each(work: Callable[[], T]) -> Iterator[T]:
    """What ``work`` gives in one cell after the other, beginning with another one each time so that none is always last.

    A cell that does not answer is passed over, so that the others go on.

    Raises:
        OperationalError: no cell answered.
    """
    if not spread():
        yield work()
        return
    answered, trouble = False, None
    first = next(_turns) % len(names())
    for cell in names()[first:] + names()[:first]:
        try:
            with inside(cell):
                found = work()
        except OperationalError as error:
            trouble = error
            _log.warning("cell %s does not answer: %s", cell, type(error).__name__)
            connections[ALIAS + cell].close()
        else:
            answered = True
            yield found
    if trouble and not answered:
        raise trouble


def everywhere(work: Callable[[], T]) -> list[T]:
    """As :func:`each`, from all cells that answer."""
    return list(each(work))


def only_here() -> str:
    """An SQL condition for tables that are read over all municipalities at once: only those this cell serves. One that is
    being moved has its rows in two cells, and a job must be found in one of them only. Empty with one database."""
    return "AND municipality IN (SELECT code FROM cell_seat WHERE state = 'here')" if spread() else ""


def aside(work: Callable[[], T]) -> list[T]:
    """As :func:`everywhere`, also while a transaction is open: asked over connections of its own, which see only what is
    committed. For reading, and rarely: connections are made and closed for it."""
    if not connection.in_atomic_block or not spread():
        return everywhere(work)
    with ThreadPoolExecutor(1) as another:
        return another.submit(_asked_and_closed, work).result()


def _asked_and_closed(work: Callable[[], T]) -> list[T]:
    try:
        return everywhere(work)
    finally:
        connections.close_all()


@contextmanager
def opened(code: str) -> Iterator[None]:
    """A transaction in the cell that has the municipality, which cannot be moved away until it ends.

    Raises:
        NoCell: none has it.
        OperationalError: the cell that may have it does not answer.
    """
    for cell, move in _places(code):
        with inside(cell), transaction.atomic():
            if enter(code, move):
                yield
                return
    raise NoCell(code)


def enter(code: str, move: str = "") -> bool:
    """Set the municipality of the running transaction and say whether this database serves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT yakuba_enter(%s)", [code])
        state, _, of = str(cursor.fetchone()[0] or "").partition(":")
    if state == "here":
        _known[code] = here()
        return True
    _known.pop(code, None)
    return state == "arriving" and bool(move) and of == move


def _places(code: str) -> Iterator[tuple[str, str]]:
    """Where to try, best guess first; between looks a little time, for a move that is just switching."""
    if code in _known:
        yield _known[code], ""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        found = _look_up(code)
        if found is None:
            return
        yield found
        time.sleep(0.05)


def _look_up(code: str) -> tuple[str, str] | None:
    """The cell that has ``code``; with it the number of the move, where it has left one cell and just arrives there."""
    seats = {cell: seat for cell, seat in everywhere(lambda: (here(), _seat(code))) if seat}
    for cell, (state, _peer, _move) in seats.items():
        if state == "here":
            return cell, ""
    for state, peer, move in seats.values():
        if state == "left" and move and seats.get(peer, ("", "", ""))[::2] == ("arriving", move):
            return peer, move
    _raise_if_one_is_away()
    return None


def _seat(code: str) -> tuple[str, str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, peer, coalesce(move::text, '') FROM cell_seat WHERE code = %s", [code])
        row = cursor.fetchone()
    return (str(row[0]), str(row[1]), str(row[2])) if row else None


def _raise_if_one_is_away() -> None:
    """A cell that does not answer may be the one: "does not exist" would be the wrong answer."""
    for cell in names():
        with inside(cell):
            connection.ensure_connection()


class SessionsAtHome:
    """Database router: browser sessions stay in the process's own cell, also while a municipality's cell is in use."""

    def _alias(self, label: str) -> str | None:
        return ALIAS + settings.CELL if label == "sessions" and spread() else None

    def db_for_read(self, model: type, **_hints: object) -> str | None:
        return self._alias(model._meta.app_label)  # type: ignore[attr-defined]

    def db_for_write(self, model: type, **_hints: object) -> str | None:
        return self._alias(model._meta.app_label)  # type: ignore[attr-defined]
