"""Disks: full, and without power. These towns live on a file system of their own (root and mount are needed)."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults import pids
from benchmarks.faults.town import FaultTown, Load

_SMALL = "1200m"
_DISK = 2 * 1024**3


@contextmanager
def small_tmpfs(folder: Path) -> Iterator[Path]:
    """A home on a small tmpfs."""
    home = folder / "small"
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SMALL},mode=755", "tmpfs", str(home)], check=True)
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False)


def fill_the_disk(town: FaultTown, chance: random.Random, load: Load) -> str:
    """Not a byte is left, twice, for a few seconds; then there is room again."""
    filler, times = town.home / "filler", 0
    for step in range(2):
        load.wait_for((step + 1) * len(load.parcels) // 4)
        _fill(filler)
        times += 1
        until = time.monotonic() + chance.uniform(4, 8)
        while time.monotonic() < until:  # whatever the databases give up is taken, too
            time.sleep(0.2)
            _fill(filler)
        filler.unlink()
    return f"full {times} times"


def _fill(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        size = 1 << 22
        while size >= 4096:
            try:
                if os.write(descriptor, b"\0" * size) < size:
                    size //= 2
            except OSError:
                size //= 2
    finally:
        os.close(descriptor)


@contextmanager
def own_disk(folder: Path) -> Iterator[Path]:
    """A home on ext4 on a loop device over a file, ``<folder>/disk``."""
    home = folder / "on-disk"
    disk = _disk_of(home)
    home.mkdir()
    with disk.open("wb") as file:
        file.truncate(_DISK)
    subprocess.run(["mkfs.ext4", "-q", str(disk)], check=True)
    _mount(disk, home)
    home.chmod(0o755)
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False)


def cut_the_power(town: FaultTown, chance: random.Random, load: Load) -> str:
    """The disk as it is at one moment, nothing flushed, is all that is left; the town starts on that."""
    cuts = 0
    for step in range(2):
        load.wait_for((step + 1) * len(load.parcels) // 3)
        time.sleep(chance.uniform(0, 1))
        cut(town.home.parent, town.everything())
        town.running.process.wait()
        town.start_again()
        cuts += 1
    return f"{cuts} cuts"


def cut(home: Path, those: list[int]) -> None:
    """End ``those`` processes at once, and leave of the file system mounted on ``home`` what had reached the disk by then.

    Nothing is flushed: the backing file is copied while everything stands still, and the copy mounted in its place; its
    journal is replayed as after a power cut.
    """
    disk = _disk_of(home)
    pids.tell(those, signal.SIGSTOP)
    left = _copy_at_one_moment(disk)
    pids.tell(those, signal.SIGKILL)
    pids.wait_until_gone(those)
    subprocess.run(["umount", str(home)], check=True)
    left.replace(disk)
    _mount(disk, home)


def _mount(disk: Path, home: Path) -> None:
    subprocess.run(["mount", "-o", "loop", str(disk), str(home)], check=True)


def _disk_of(home: Path) -> Path:
    return home.with_name("disk")


def _copy_at_one_moment(disk: Path) -> Path:
    """Copy the backing file while nothing was written to the device, so that the copy is of one moment."""
    found = subprocess.run(
        ["losetup", "-n", "-O", "NAME", "-j", str(disk)], capture_output=True, text=True, check=True
    )
    written = Path("/sys/block") / Path(found.stdout.split()[0]).name / "stat"
    copy = disk.with_name("disk.left")
    while True:
        before = written.read_text().split()[4:7]
        subprocess.run(["cp", "--sparse=always", str(disk), str(copy)], check=True)
        if written.read_text().split()[4:7] == before:
            return copy


def why_not() -> str:
    """Why this machine cannot do it; empty if it can."""
    if os.geteuid() != 0:
        return "root is needed to mount"
    if not shutil.which("mkfs.ext4"):
        return "mkfs.ext4 is not installed"
    with tempfile.TemporaryDirectory(prefix="yakuba-disk-") as name:
        folder = Path(name)
        with (folder / "disk").open("wb") as file:
            file.truncate(8 * 1024**2)
        subprocess.run(["mkfs.ext4", "-q", str(folder / "disk")], check=True)
        (folder / "on").mkdir()
        tried = subprocess.run(
            ["mount", "-o", "loop", str(folder / "disk"), str(folder / "on")],
            capture_output=True,
            check=False,
        )
        if tried.returncode:
            return "loop devices cannot be mounted here"
        subprocess.run(["umount", str(folder / "on")], check=True)
    return ""
