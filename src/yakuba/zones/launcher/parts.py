"""Starting, watching, restarting and stopping the processes that make up the town hall.

A part that dies, however it dies, is started again: what it had promised lies in its zone's database, so a restart
loses nothing. Parts end with the launcher even if that is killed (PR_SET_PDEATHSIG); the databases do not, and the
next start adopts them.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yakuba.zones.launcher.troubles import PartTrouble

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_READY_WITHIN = 600.0  # one that ends is noticed at once; this is for machines that do much else
_STOP_WITHIN = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_STEADY_AFTER = 30.0


@dataclass(slots=True)
class Part:
    """One process of the town hall.

    Attributes:
        name: short name, also of its log file.
        command: program and arguments.
        environment: the whole environment it gets; nothing is inherited by accident.
        port: where it will listen, if it does; it is ready when this accepts.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int | None = None
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    pause: float = _FIRST_PAUSE
    started_at: float = 0.0
    start_again_at: float = field(default=0.0)


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Holds the parts in starting order."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.parts: list[Part] = []

    def start(self, part: Part) -> None:
        """Start ``part`` without waiting for it."""
        self.parts.append(part)
        self._spawn(part)

    def wait_ready(self, tell: Callable[[str], None] = lambda _name: None) -> None:
        """Wait until every part that listens accepts connections.

        Raises:
            PartTrouble: one ended or took more than ten minutes; the message carries the end of its log.
        """
        limit = time.monotonic() + _READY_WITHIN
        for part in self.parts:
            while part.port is not None and not accepts(part.port):
                if time.monotonic() > limit or (part.process and part.process.poll() is not None):
                    raise PartTrouble(part.name, self.log_of(part))
                time.sleep(0.05)
            if part.process and part.process.poll() is not None:
                raise PartTrouble(part.name, self.log_of(part))
            tell(part.name)

    def watch(self, tell: Callable[[str], None]) -> None:
        """Look once at every part and start again what has died; call this in a loop."""
        moment = time.monotonic()
        for part in self.parts:
            if part.process is not None and part.process.poll() is not None:
                steady = moment - part.started_at > _STEADY_AFTER
                part.pause = _FIRST_PAUSE if steady else min(part.pause * 2, _LONGEST_PAUSE)
                part.start_again_at = moment + part.pause
                tell(f"{part.name} が止まりました(終了コード {part.process.returncode})。起動しなおします。")
                _clear(part.process.pid)
                part.process = None
            if part.process is None and moment >= part.start_again_at:
                part.restarts += 1
                self._spawn(part)

    def stop(self) -> None:
        """Stop the parts in reverse order: those that take work in first, each given time to finish its request."""
        for part in reversed(self.parts):
            if part.process and part.process.poll() is None:
                part.process.send_signal(signal.SIGTERM)
        limit = time.monotonic() + _STOP_WITHIN
        for part in reversed(self.parts):
            if part.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    part.process.wait(max(0.1, limit - time.monotonic()))
                if part.process.poll() is None:
                    part.process.kill()
                    part.process.wait()
                _clear(part.process.pid)
        self.parts.clear()

    def log_of(self, part: Part) -> Path:
        """Where the part writes."""
        return self.logs / f"{part.name}.log"

    def _spawn(self, part: Part) -> None:
        part.started_at = time.monotonic()
        with self.log_of(part).open("ab") as log:
            part.process = subprocess.Popen(
                list(part.command),
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # out of the terminal's process group: Ctrl-C reaches the launcher, which stops the parts in order
                process_group=0,
                preexec_fn=_end_with_parent if os.name == "posix" else None,  # noqa: PLW1509 - single-threaded here
            )


def _clear(group: int) -> None:
    """End what a dead part has left in its process group: an orphaned worker would hold the port of its successor."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def accepts(port: int) -> bool:
    """Whether something on this machine listens on ``port``."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False
