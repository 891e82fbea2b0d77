"""Asking about paths: caps first, then the engine in its own process."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import yakuba
from yakuba.card import der
from yakuba.card.paths.outcomes import PathReason, PathVerdict
from yakuba.card.paths.question import PathQuestion

_GRACE_SECONDS: Final = 15.0
"""Loading the engine, and the cell's own clock running out first."""
_LONGEST_LINE: Final = 1 << 20


class PathJudge:
    """One engine process, started at the first question and again whenever it is gone; safe for threads.

    Use as a context manager, or call :meth:`close`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.cpu_seconds = 0.0
        """CPU of the last answer, in the cell."""

    def __enter__(self) -> "PathJudge":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the engine process."""
        with self._lock:
            self._end()

    def verdict(self, question: PathQuestion) -> PathVerdict:
        """The verdict on ``question.target``; never raises on hostile input."""
        refused = _over_caps(question) or _not_der(question)
        if refused:
            return refused
        with self._lock:
            try:
                return self._asked(question)
            except (OSError, ValueError) as problem:
                self._end()
                return PathVerdict(PathReason.ENGINE_FAILED, f"no answer: {problem}")

    def _asked(self, question: PathQuestion) -> PathVerdict:
        process = self._process
        if process is None or process.poll() is not None:
            self._end()
            process = self._process = _started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question.written())
        process.stdin.flush()
        line = _line(process.stdout, time.monotonic() + question.limits.wall_seconds + _GRACE_SECONDS)
        said = json.loads(line)
        self.cpu_seconds = said["cpu_seconds"]
        reason = PathReason(said["reason"]) if said["reason"] else None
        return PathVerdict(reason, said["said"], tuple(said["chain"]), tuple(said["policies"]))

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader any more
                    continue
        process.wait()


def _started() -> subprocess.Popen[bytes]:
    source = str(Path(yakuba.__file__).parents[1])
    environment = {"PYTHONPATH": source, "PATH": os.defpath, "LANG": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "yakuba.card.paths.cell"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )


def _line(pipe: IO[bytes], until: float) -> bytes:
    """One line, read from the descriptor itself: nothing of it stays in a buffer."""
    said = b""
    while not said.endswith(b"\n"):
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise OSError("the engine's process did not answer in time")
        part = os.read(pipe.fileno(), _LONGEST_LINE)
        if not part or len(said) > _LONGEST_LINE:
            raise OSError("the engine's process broke off")
        said += part
    return said


def _over_caps(question: PathQuestion) -> PathVerdict | None:
    limits = question.limits
    if len(question.others) > limits.others:
        said = f"{len(question.others)} embedded certificates, at most {limits.others} are read"
        return PathVerdict(PathReason.TOO_MANY_CERTIFICATES, said)
    largest = max(map(len, (question.target, *question.others)))
    if largest > limits.certificate:
        said = f"a certificate of {largest} octets, at most {limits.certificate} are read"
        return PathVerdict(PathReason.TOO_LARGE, said)
    revocation = sum(map(len, (*question.lists, *question.ocsp)))
    if revocation > limits.revocation:
        return PathVerdict(PathReason.LIMIT_REACHED, f"{revocation} octets of lists, too many for one answer")
    return None


def _not_der(question: PathQuestion) -> PathVerdict | None:
    try:
        for raw in (question.target, *question.others):
            der.check(raw)
    except der.NotDer as problem:
        return PathVerdict(PathReason.MALFORMED, str(problem))
    return None
