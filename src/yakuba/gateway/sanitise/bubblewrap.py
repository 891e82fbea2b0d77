"""A cell made by bubblewrap, for a program that is not ours: no network, no home, no /etc, no file but the one it reads.

The program may start threads but no process, and write to one small folder in memory. What it wrote there is fetched;
what it says, and how it ends, is not asked.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from yakuba.gateway.sanitise.confine import STRANGER
from yakuba.gateway.sanitise.office_syscalls import office_filter
from yakuba.gateway.sanitise.priority import lower_group, waited
from yakuba.gateway.sanitise.sandbox import SandboxBroken, memory_file

OWN = "/tmp"  # noqa: S108 - the cell's own folder, in the cell
WALLS = (
    *("bubblewrap", "network namespace", "ipc namespace", "pid namespace", "empty read-only file system"),
    *("unprivileged user", "no_new_privs", "limits", "no new processes"),
)
_LINKED = ("/lib", "/lib64")
_LARGEST_FILE = 200_000_000
_THREADS = 200
_START_SECONDS = 20.0
_TICK = 0.05


@dataclass(frozen=True, slots=True)
class Walls:
    """What a cell is built of.

    Attributes:
        bubblewrap, prlimit: the programs that build it.
        readable: folder outside → where it is seen inside; never written.
        files: path inside → contents of files that can be read.
        own: path inside the own folder → contents of files the program may change.
        environment: all of it.
        cpu_seconds: processor time.
        memory: address space in bytes; an eighth of it for what the program writes.
    """

    bubblewrap: str
    prlimit: str
    readable: Mapping[str, str]
    files: Mapping[str, bytes]
    own: Mapping[str, bytes]
    environment: Mapping[str, str]
    cpu_seconds: int
    memory: int


@contextmanager
def cell(command: Sequence[str], walls: Walls) -> Iterator["Cell"]:
    """``command`` running behind ``walls`` until the block ends.

    Raises:
        SandboxBroken: the cell cannot be made on this machine.
    """
    with ExitStack() as stack:
        arguments, kept = _arguments(walls, stack)
        info_reader, info_writer = os.pipe()
        gate_reader, gate_writer = os.pipe()
        gate = stack.enter_context(open(gate_writer, "wb", buffering=0))
        stack.callback(os.close, info_reader)
        line = [
            *_limits(walls), walls.bubblewrap, "--info-fd", str(info_writer), *arguments,
            "--file", str(gate_reader), f"{OWN}/.begun", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", OWN,
            "--", *command,
        ]  # fmt: skip
        process = _started(line, [*kept, info_writer, gate_reader])
        stack.callback(process.wait)
        stack.callback(process.kill)
        os.close(info_writer)
        os.close(gate_reader)
        lower_group(process.pid)
        pid = _child(info_reader)
        folder = _folder(process, pid)
        stack.callback(os.close, folder)
        gate.close()
        yield Cell(process, pid, folder)


class Cell:
    """One running cell. ``cpu_ms``: processor time its program has been seen to take."""

    def __init__(self, process: "subprocess.Popen[bytes]", pid: int, folder: int) -> None:
        self._process, self._pid, self._folder = process, pid, folder
        self.cpu_ms = 0
        self._in_line = 0.0

    def wait(self, seconds: float) -> bool:
        """Wait for its end; a cell that takes longer, not counting what it stands in line for a core, is ended, and the
        answer is ``False``."""
        began = time.monotonic()
        while time.monotonic() - began - self._in_line < seconds:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_TICK)
                return True
            self._look()
        self._process.kill()
        self._process.wait()
        return False

    def read(self, name: str) -> bytes:
        """A plain file in its own folder; empty if there is none, or something else stands there."""
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._folder)
        except OSError:
            return b""
        with open(file, "rb") as opened, suppress(OSError):
            data = opened.read(_LARGEST_FILE + 1)
            return data if len(data) <= _LARGEST_FILE else b""
        return b""

    def _look(self) -> None:
        """The cell's first process never tells what its child has used, so it is read while the program runs."""
        with suppress(OSError, ValueError, IndexError):
            inside = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()[0]
            self._in_line = waited(Path(f"/proc/{inside}/schedstat").read_text())
            fields = Path(f"/proc/{inside}/stat").read_text().rpartition(")")[2].split()
            self.cpu_ms = (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


def _arguments(walls: Walls, stack: ExitStack) -> tuple[list[str], list[int]]:
    """bubblewrap's arguments, and the descriptors it reads files from."""
    kept: list[int] = []

    def held(data: bytes) -> str:
        descriptor = memory_file(data)
        stack.callback(os.close, descriptor)
        kept.append(descriptor)
        return str(descriptor)

    line = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"]
    line += [part for outside, inside in walls.readable.items() for part in ("--ro-bind", outside, inside)]
    line += [part for path in map(Path, _LINKED) for part in _linked(path)]
    line += ["--proc", "/proc", "--dev", "/dev", "--size", str(walls.memory // 8), "--tmpfs", OWN]
    for name, data in walls.own.items():
        line += ["--file", held(data), f"{OWN}/{name}"]
    for name, data in walls.files.items():
        line += ["--perms", "0444", "--ro-bind-data", held(data), name]
    if program := office_filter():
        line += ["--seccomp", held(program)]
    for name, value in walls.environment.items():
        line += ["--setenv", name, value]
    return line, kept


def _linked(path: Path) -> list[str]:
    """``/lib`` as it is on this machine: a link into ``/usr``, or a folder."""
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind-try", str(path), str(path)]


def _limits(walls: Walls) -> list[str]:
    return [
        walls.prlimit, f"--cpu={walls.cpu_seconds}", f"--as={walls.memory}", f"--fsize={_LARGEST_FILE}",
        f"--nproc={_THREADS}", "--core=0", "--nofile=512", "--",
    ]  # fmt: skip


def _started(line: list[str], kept: list[int]) -> "subprocess.Popen[bytes]":
    """Root hands the cell to a user that owns nothing; others stay who they are, inside a user namespace."""
    nothing = subprocess.DEVNULL
    if os.geteuid() == 0:
        return subprocess.Popen(
            line, pass_fds=kept, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True,
            user=STRANGER, group=STRANGER, extra_groups=[],
        )  # fmt: skip
    return subprocess.Popen(
        line, pass_fds=kept, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )


def _child(info: int) -> int:
    """The cell's first process, as bubblewrap tells it."""
    said, until = b"", time.monotonic() + _START_SECONDS
    while b"}" not in said:
        ready, _, _ = select.select([info], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(info, 4096) if ready else b""
        if not piece:
            raise SandboxBroken(
                "bubblewrap could not make the cell (unprivileged user namespaces are needed)"
            )
        said += piece
    return int(json.loads(said)["child-pid"])


def _folder(process: "subprocess.Popen[bytes]", pid: int) -> int:
    """The cell's own folder in memory, which stays readable through this descriptor when the cell has ended.

    bubblewrap builds the cell's root under ``/newroot`` and reads the files it is given in their order; the last one
    is our gate, so there is time to look.
    """
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            folder = os.open(f"/proc/{pid}/root/newroot{OWN}", os.O_PATH | os.O_DIRECTORY)
            with suppress(OSError):
                os.stat(".begun", dir_fd=folder)
                return folder
            os.close(folder)
        time.sleep(_TICK / 10)
    raise SandboxBroken("bubblewrap ended before the cell was made")
