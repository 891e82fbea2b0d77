"""A step done over and over in a thread of its own, through every fault that can pass."""

import logging
import threading
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connection

from yakuba.gateway import links

_log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Loop(threading.Thread):
    """Calls ``step`` until ``stop`` is set. ``step`` returns whether there was something to do: if not, the loop
    pauses (or until ``wake`` is set); after a fault it pauses longer each time, at most five seconds.

    Args:
        peer: the neighbour to blame when a step fails, shown on the office's page.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        stop: threading.Event,
        *,
        pause: float,
        peer: str = "",
        wake: threading.Event | None = None,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step, self._stop_event, self._pause, self._peer = step, stop, pause, peer
        self._wake = wake or stop
        self._faults = 0

    def run(self) -> None:
        while not self._stop_event.is_set():
            try:
                busy = self._step()
                self._faults = 0
            except Exception as error:  # noqa: BLE001 - a relay that stops at a fault would need a person to start it
                busy = False
                self._after_fault(error)
            if not busy:
                self._rest()
        connection.close()

    def _rest(self) -> None:
        pause = min(_FIRST_PAUSE * 2**self._faults, _LONGEST_PAUSE) if self._faults else self._pause
        self._wake.wait(pause)
        if self._wake is not self._stop_event:
            self._wake.clear()

    def _after_fault(self, error: Exception) -> None:
        self._faults = min(self._faults + 1, 8)
        # the first and then ever fewer: a zone that is down for a night must not fill the log
        if self._faults & (self._faults - 1) == 0:
            _log.warning("%s: %s: %s", self.name, type(error).__name__, _harmless(error))
        connection.close()  # if it was the database, the next step opens a new connection
        if self._peer:
            self._tell_office(error)

    def _tell_office(self, error: Exception) -> None:
        try:
            links.trouble_with(self._peer, f"{type(error).__name__}: {_harmless(error)}")
        except DatabaseError:
            connection.close()


def _harmless(error: Exception) -> str:
    """A database's error may quote residents' data; its first line does not."""
    return str(error).split("\n", 1)[0][:200]
