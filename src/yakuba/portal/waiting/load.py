"""What this process measures: the machine's load, and how many come to the doors. One process's word opens the room."""

import os
import time
from collections import deque
from typing import Final

from yakuba.portal.waiting.rule import CROWDED

_COMING: Final = 10  # at this process's doors within a minute: a machine busy with other work is no crowd
_arrivals: deque[float] = deque(maxlen=_COMING)


def per_core() -> float:
    """Runnable processes a core, the mean of the last minute (getloadavg)."""
    return os.getloadavg()[0] / len(os.sched_getaffinity(0))


def crowded_on_arrival() -> bool:
    """Count one at the door; whether the machine is crowded because people come."""
    moment = time.monotonic()
    _arrivals.append(moment)
    coming = len(_arrivals) == _COMING and moment - _arrivals[0] < 60
    return coming and per_core() > CROWDED
