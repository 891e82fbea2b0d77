"""Clocks that jump: a town whose every process has a library before it that tells it what time it is, from a file."""

import random
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.faults.town import FaultTown, Load
from yakuba.zones.launcher.home import ZONES

_SOURCE = Path(__file__).with_name("shifted_clock.c")
_LIBRARY = "shifted_clock.so"
_SWEEP = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args) "
    "VALUES ('default', 'casework.verify_again', 0, '{\"timestamp\": 0}')"
)
_WAITING = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'casework.verify_again' AND status IN ('todo', 'doing')"
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
# Within the patience of a session and a signature and far out of it, and to before and after the links' certificates.
_JUMPS = ("+10min", "-90s", "+2h", "-2h", "+1d", "-1d", "+730d", "-400d")


def why_not() -> str:
    """Why this machine cannot do it; empty if it can."""
    return "" if shutil.which("gcc") else "gcc is not installed"


@contextmanager
def faked(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yields the command that runs the command after it, and all it starts, under the clock of :func:`jump`.

    In a mount namespace of its own with another /etc, whose ``ld.so.preload`` reaches even programs that drop their environment.
    """
    library = folder / _LIBRARY
    _set(folder, "+0s")
    told = f'-DSHIFT_FILE="{_shift(folder)}"'
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", told, "-o", str(library), str(_SOURCE)], check=True)
    shutil.copytree("/etc", folder / "etc", symlinks=True)
    (folder / "etc" / "ld.so.preload").write_text(f"{library}\n")
    script = f'mount --bind {folder / "etc"} /etc && exec "$@"'
    yield ("unshare", "-m", "sh", "-c", script, "sh")


def jump(town: FaultTown, chance: random.Random, load: Load) -> str:
    """The wall clock of everything jumps forward and back several times, and is right again at the end."""
    folder, jumps = town.home.parent, chance.sample(_JUMPS, 5)
    _reaches_everything(town)
    for step, offset in enumerate(jumps):
        load.wait_for((step + 1) * len(load.parcels) // 8)
        _set(folder, offset)
        time.sleep(chance.uniform(1, 4))
        if chance.random() < 0.5:  # sometimes back to the right time, sometimes on to the next wrong one
            _set(folder, "+0s")
    _set(folder, "+0s")
    load.join()
    _verify_again(town, load)
    return " ".join(jumps)


def jump_one_zone(town: FaultTown, chance: random.Random, load: Load) -> str:
    """The wall clock of one zone alone jumps forward and back, each zone's in turn: the zones disagree about the time."""
    folder, jumps = town.home.parent, []
    _reaches_one_zone_alone(town)
    forward, back = ([one for one in _JUMPS if one[0] == sign] for sign in "+-")
    for step, zone in enumerate(chance.sample(ZONES, 3)):
        load.wait_for((step + 1) * len(load.parcels) // 5)
        for offset in (chance.choice(forward), chance.choice(back)):
            _set(folder, offset, zone)
            time.sleep(chance.uniform(1, 4))
            jumps.append(f"{zone} {offset}")
        _set(folder, "+0s", zone)
    load.join()
    _verify_again(town, load)
    return ", ".join(jumps)


def _verify_again(town: FaultTown, load: Load) -> None:
    """What arrived while the lists of revoked certificates seemed years old could not be judged; it is every ten minutes,
    and here at once."""
    town.settle(load.parcels)
    town.run("mynumber", _SWEEP)
    town.wait_while("mynumber", _WAITING)


def _reaches_everything(town: FaultTown) -> None:
    """Otherwise nothing would be shown: the library is in every process, and a database believes it."""
    without = [pid for pid in town.everything() if _LIBRARY not in _maps(pid)]
    assert not without, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in without]
    _set(town.home.parent, "+730d")
    told = _two_years_on(town)
    _set(town.home.parent, "+0s")
    assert told == list(ZONES), told


def _reaches_one_zone_alone(town: FaultTown) -> None:
    for zone in ZONES:
        _set(town.home.parent, "+730d", zone)
        told = _two_years_on(town)
        _set(town.home.parent, "+0s", zone)
        assert told == [zone], (zone, told)


def _two_years_on(town: FaultTown) -> list[str]:
    """The zones whose databases believe it is two years later."""
    later = datetime.now(UTC) + timedelta(days=729)
    return [zone for zone in ZONES if town.run(zone, "SELECT now() > %s", later)[0][0]]


def _maps(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
        return _LIBRARY


def _shift(folder: Path) -> Path:
    return folder / "clock"


def _set(folder: Path, offset: str, zone: str = "") -> None:
    """Write the offset of ``zone``, or of everything, as the library reads it: signed words, in place, because they are
    mapped; one for each zone and one for what belongs to none."""
    number = offset.rstrip("abcdefghijklmnopqrstuvwxyz")
    nanoseconds = int(number) * _SECONDS[offset.removeprefix(number)] * 1_000_000_000
    file = _shift(folder)
    with file.open("r+b" if file.exists() else "wb") as opened:
        opened.seek(8 * ZONES.index(zone) if zone else 0)
        opened.write(struct.pack("=q", nanoseconds) * (1 if zone else len(ZONES) + 1))
    file.chmod(0o644)
