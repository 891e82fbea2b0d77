"""Clocks that jump: a town whose every process has libfaketime before it, told by a file what time it is."""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.town import FaultTown, Load

_LIBRARY = next(map(str, Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "libfaketimeMT.so.1")
# The zones' processes get no environment they do not need, so the settings of libfaketime are put there by a library, too.
# The monotonic clock goes on as it does on a machine whose wall clock is set.
_ENVIRONMENT = """
#include <stdlib.h>
__attribute__((constructor)) static void before(void) {
    setenv("FAKETIME_TIMESTAMP_FILE", "%s", 1); setenv("FAKETIME_NO_CACHE", "1", 1); setenv("DONT_FAKE_MONOTONIC", "1", 1);
}
"""
_JUMPS = ("+2h", "-2h", "+10m", "-90s", "+23h", "-1d")


def why_not() -> str:
    """Why this machine cannot do it; empty if it can."""
    if not Path(_LIBRARY).is_absolute():
        return "libfaketime is not installed"
    return "" if shutil.which("gcc") else "gcc is not installed"


@contextmanager
def faked(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yields the command that runs the command after it, and all it starts, under the clock of :func:`jump`.

    In a mount namespace of its own with another /etc, whose ``ld.so.preload`` reaches even programs that drop their environment.
    """
    clock, source, library = _clock(folder), folder / "before.c", folder / "before.so"
    clock.write_text("+0")
    clock.chmod(0o644)
    source.write_text(_ENVIRONMENT % clock)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    shutil.copytree("/etc", folder / "etc", symlinks=True)
    # the last one's constructor runs first
    (folder / "etc" / "ld.so.preload").write_text(f"{_LIBRARY}\n{library}\n")
    script = f'mount --bind {folder / "etc"} /etc && exec "$@"'
    yield ("unshare", "-m", "sh", "-c", script, "sh")


def _clock(folder: Path) -> Path:
    return folder / "clock"


def jump(town: FaultTown, chance: random.Random, load: Load) -> str:
    """The wall clock of everything jumps forward and back several times, and is right again at the end."""
    clock, jumps = _clock(town.home.parent), chance.sample(_JUMPS, 4)
    for step, offset in enumerate(jumps):
        load.wait_for((step + 1) * len(load.parcels) // 6)
        clock.write_text(offset)
        time.sleep(chance.uniform(1, 3))
    clock.write_text("+0")
    return " ".join(jumps)
