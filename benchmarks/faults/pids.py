"""Processes by number, from /proc."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from yakuba.zones.postgres import Cluster


def all_of_them() -> list[int]:
    """Every process there is."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def parent(pid: int) -> int:
    """Its parent; 0 if it is gone."""
    return int(_stat(pid)[1])


def group(pid: int) -> int:
    """Its process group; 0 if it is gone."""
    return int(_stat(pid)[2])


def there(pid: int) -> bool:
    """Whether the system still knows it (pg_ctl asks no more); a child of ours that waits to be asked how it ended is gone."""
    state, its_parent, *_ = _stat(pid)
    return state != "X" and not (state == "Z" and int(its_parent) == os.getpid())


def log_of(pid: int) -> str:
    """The name of the log it writes to, without its ending; empty if none."""
    with suppress(OSError):
        log = Path(os.readlink(f"/proc/{pid}/fd/1"))
        return log.stem if log.suffix == ".log" else ""
    return ""


def of_server(cluster: Cluster) -> list[int]:
    """The processes of a database server; none if it does not run."""
    with suppress(FileNotFoundError, IndexError):
        server = int((cluster.data / "postmaster.pid").read_text().split()[0])
        return [server, *(pid for pid in all_of_them() if parent(pid) == server)]
    return []


def tell(those: Iterable[int], signal: int) -> None:
    """Send a signal to each that still is."""
    for pid in those:
        with suppress(ProcessLookupError):
            os.kill(pid, signal)


def wait_until_gone(those: Iterable[int], seconds: float = 30.0) -> None:
    """Until the system knows none of them any more."""
    until = time.monotonic() + seconds
    while any(there(pid) for pid in those) and time.monotonic() < until:
        time.sleep(0.02)


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["X", "0", "0"]
