"""Our side of the sandbox: hands it one file at a time and reads pixels, trusting nothing of what comes back."""

import contextlib
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yakuba.gateway.sanitise import wire
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.wire import Nonsense, Pixels

_START_SECONDS = 30.0
_GRACE = 5.0
_LONGEST_WAIT = 20  # times the file's own time: a machine so busy has other troubles
_PIPE = 1024 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ


class SandboxBroken(Exception):
    """The sandbox itself does not work on this machine (not the file's fault)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended. ``refused`` is a code, or ``None`` when all pages came."""

    refused: str | None
    pages: int
    removed: tuple[str, ...]
    cpu_ms: int
    walls: tuple[str, ...]
    facts: dict[str, int] = field(default_factory=dict, hash=False)


class Sandbox:
    """One zygote process; not to be shared between threads. Restarted when it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.walls: tuple[str, ...] = ()

    def take_apart(
        self, data: bytes, media_type: str, limits: Limits, on_page: Callable[[Pixels], None]
    ) -> Outcome:
        """Decode ``data`` to pixels in the sandbox; ``on_page`` gets each page as it comes."""
        return self.run("pixels", data, media_type, limits, on_page=on_page)

    def run(
        self,
        task: str,
        data: bytes,
        media_type: str,
        limits: Limits,
        *,
        on_page: Callable[[Pixels], None] | None = None,
        on_file: Callable[[str, bytes], None] | None = None,
    ) -> Outcome:
        """Do one of the cell's tasks with ``data``; what comes out goes to ``on_page`` and ``on_file`` as it comes.

        Whatever the file does in there (a crash, a hang, nonsense) is a refusal, never an exception.

        Raises:
            SandboxBroken: it cannot be started, or its parent process was ended from outside.
        """
        control = self._running()
        source = memory_file(data)
        reader, writer = os.pipe()
        try:
            _widen(writer)
            job = json.dumps({"task": task, "media_type": media_type, "limits": limits.document()}).encode()
            socket.send_fds(control, [job], [source, writer])
            os.close(writer)
            writer = -1
            collected = _collect(reader, limits, on_page, on_file)
            ended = self._ended()
        except (OSError, SandboxBroken) as error:
            self.close()
            raise SandboxBroken(f"the sandbox ended before its answer: {error}") from error
        finally:
            for descriptor in (source, reader, writer):
                if descriptor >= 0:
                    os.close(descriptor)
        return _outcome(collected, ended, self.walls)

    def close(self) -> None:
        """End the zygote and whatever it is doing."""
        if self._control:
            self._control.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None

    def _running(self) -> socket.socket:
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_START_SECONDS)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yakuba.gateway.sanitise.zygote"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={
                "PATH": os.defpath,
                "LC_ALL": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            start_new_session=True,
        )
        theirs.close()
        self._control = ours
        self.walls = tuple(_answer(ours)["walls"])
        return ours

    def _ended(self) -> dict[str, Any]:
        if self._control is None:
            raise SandboxBroken
        self._control.settimeout(_GRACE)
        return _answer(self._control)


@dataclass(slots=True)
class _Collected:
    pages: int = 0
    files: int = 0
    file_bytes: int = 0
    statement: dict[str, Any] | None = None
    refused: str | None = None
    nonsense: bool = False


def _collect(
    reader: int,
    limits: Limits,
    on_page: Callable[[Pixels], None] | None,
    on_file: Callable[[str, bytes], None] | None,
) -> _Collected:
    """Read records until the end of the pipe; at the first one that makes no sense, read no further."""
    collected = _Collected()
    source = _Reader(reader, limits.seconds * _LONGEST_WAIT + _GRACE)
    try:
        while letter := source.letter():
            if collected.statement is not None:
                raise Nonsense("a record after the closing statement")
            if letter == wire.PAGE and on_page and collected.pages < limits.pages:
                on_page(wire.read_page(source.exactly, _most_pixels(limits)))
                collected.pages += 1
            elif letter == wire.FILE and on_file and collected.files < limits.entries:
                name, data = wire.read_file(source.exactly, limits.unpacked - collected.file_bytes)
                collected.files, collected.file_bytes = collected.files + 1, collected.file_bytes + len(data)
                on_file(name, data)
            elif letter == wire.END:
                collected.statement = json.loads(wire.read_text(source.exactly))
            elif letter == wire.REFUSED:
                collected.refused = wire.read_text(source.exactly)
            else:
                raise Nonsense(f"a record {letter!r}")
    except (Nonsense, EOFError, ValueError):
        collected.nonsense = True
    return collected


def _most_pixels(limits: Limits) -> int:
    return max(limits.page_pixels, limits.longest_edge**2)


def _outcome(collected: _Collected, ended: dict[str, Any], walls: tuple[str, ...]) -> Outcome:
    statement = collected.statement or {}
    removed = tuple(str(item)[:40] for item in statement.get("removed", ())[:40])
    refused: str | None = None
    if ended["late"] or ended["status"] == -24 or ended["status"] == -9:  # SIGXCPU, SIGKILL
        refused = "too_costly"
    elif collected.refused:
        refused = collected.refused
    elif (
        ended["status"]
        or collected.nonsense
        or statement.get("pages", 0) != collected.pages
        or statement.get("files", 0) != collected.files
        or not collected.statement
    ):
        refused = "failed"
    return Outcome(refused, collected.pages, removed, int(ended["cpu_ms"]), walls, _facts(statement))


def _facts(statement: dict[str, Any]) -> dict[str, int]:
    """Whole numbers of the closing statement, other than the counts that have been compared."""
    found = {str(key)[:40]: value for key, value in list(statement.items())[:20] if type(value) is int}
    return {key: value for key, value in found.items() if key not in ("pages", "files")}


class _Reader:
    """Exact reads from the pipe, up to a deadline."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self._descriptor, self._until = descriptor, time.monotonic() + seconds

    def letter(self) -> bytes:
        """The next record's letter; empty at the end of the pipe."""
        self._wait()
        return os.read(self._descriptor, 1)

    def exactly(self, count: int) -> bytes:
        """``count`` bytes.

        Raises:
            EOFError: the pipe ends before, or the time is up.
        """
        data = bytearray(count)
        view, done = memoryview(data), 0
        while done < count:
            self._wait()
            got = os.readv(self._descriptor, [view[done:]])
            if got == 0:
                raise EOFError
            done += got
        return bytes(data)

    def _wait(self) -> None:
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, self._until - time.monotonic()))
        if not ready:
            raise EOFError


def _answer(control: socket.socket) -> dict[str, Any]:
    try:
        data = control.recv(65_536)
    except OSError as error:
        raise SandboxBroken(f"no answer: {error}") from error
    if not data:
        raise SandboxBroken("the sandbox's parent process has ended; its standard error says why")
    answer: dict[str, Any] = json.loads(data)
    return answer


def memory_file(data: bytes) -> int:
    """The input as a sealed file in memory: readable, never on a disk, unchangeable."""
    descriptor = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl.fcntl(
        descriptor,
        fcntl.F_ADD_SEALS,
        fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL,
    )
    return descriptor


def _widen(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # the user's pipe budget is spent: smaller pieces then
        fcntl.fcntl(descriptor, _SET_PIPE_SIZE, _PIPE)
