"""CPU time of processes and all they have started, from /proc: what each item costs, whatever else the machine does."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, int, int] | None:
    """Parent, own ticks, and ticks of children that have ended and been waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])


def tree_seconds(roots: Iterable[int]) -> float:
    """CPU seconds so far of ``roots``, their descendants, and what those have waited for."""
    stats = {int(name): stat for name in os.listdir("/proc") if name.isdigit() and (stat := _stat(int(name)))}
    wanted, ticks = set(roots), 0
    grew = True
    while grew:
        more = {pid for pid, (parent, _own, _ended) in stats.items() if parent in wanted} - wanted
        wanted |= more
        grew = bool(more)
    for pid in wanted:
        if pid in stats:
            ticks += stats[pid][1] + stats[pid][2]
    return ticks / _TICK
