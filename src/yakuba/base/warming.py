"""What a process reads once and then keeps (definitions, tables, roots), read before the first resident has to wait for it."""

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)
_readers: list[Callable[[], object]] = []


def warms(reader: Callable[[], object]) -> None:
    """Register a function that fills a cache; rooms call this as they are loaded."""
    if reader not in _readers:
        _readers.append(reader)


def warm_up() -> None:
    """Read everything now. What cannot be read is told to the log and tried again by whoever needs it."""
    for reader in _readers:
        try:
            reader()
        except Exception as error:  # noqa: BLE001 - a cache that stays cold must not keep the zone from starting
            _log.warning("%s could not be read yet: %s", reader.__qualname__, type(error).__name__)
