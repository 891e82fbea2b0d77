"""Low priority: whatever else the machine has to do comes first, and a core that is idle is used in full.

Linux gives every session its share as a group (autogroup, sched(7)): a nice value counts only within the session, so the
group needs one too. Where the kernel knows no autogroups, the nice value alone says it.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

NICE = 5
"""A quarter of the time where others of usual priority want all of it; the whole where nobody does."""


def lower_thread() -> None:
    """This thread alone; on Linux each has its own priority. Its process's group too, if the session is its own."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
    if os.getsid(0) == os.getpid():
        lower_group(os.getpid())


def lower_group(pid: int) -> None:
    """The group of the session that process ``pid`` leads."""
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICE))


def waited(schedstat: str) -> float:
    """Seconds a process has been ready and had no core, of ``/proc/<pid>/schedstat`` (its second number, ns).

    A file must not be refused because the machine is busy with other things: what counts against its time is what it
    ran or slept, not what it stood in line.
    """
    try:
        return int(schedstat.split()[1]) / 1e9
    except (IndexError, ValueError):
        return 0.0
