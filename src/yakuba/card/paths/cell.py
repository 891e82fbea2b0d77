"""The process paths are judged in: it has loaded the engine once and forks a cell for each question.

Run as ``python -m yakuba.card.paths.cell``. A question is one line of JSON on standard input, its answer one
line on standard output. The cell that reads the certificates has limits on CPU, memory and files, no way to
start processes, and is killed when its wall clock runs out; it dies with its question.
"""

import json
import logging
import os
import resource
import select
import signal
import sys
import time
from typing import Final

from yakuba.card.paths.engine import answer
from yakuba.card.paths.outcomes import PathReason, PathVerdict
from yakuba.card.paths.question import PathLimits, PathQuestion, read_question

_LONGEST_ANSWER: Final = 65_536
_OPEN_FILES: Final = 64


def main() -> None:
    """Answer until standard input ends."""
    logging.disable()  # the engine logs what it refuses; the answer says it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(_in_a_cell(read_question(line)) + b"\n")
        sys.stdout.buffer.flush()


def _in_a_cell(question: PathQuestion) -> bytes:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _answer_and_die(question, writer)
    os.close(writer)
    try:
        said = _read(reader, time.monotonic() + question.limits.wall_seconds)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return said or _written(PathVerdict(PathReason.LIMIT_REACHED, "the engine ran into its limits"))


def _answer_and_die(question: PathQuestion, writer: int) -> None:
    try:
        _lock(question.limits)
        verdict = answer(question)
    except (MemoryError, RecursionError):
        verdict = PathVerdict(PathReason.LIMIT_REACHED, "the engine ran out of memory or depth")
    except Exception as problem:  # noqa: BLE001 - whatever a foreign engine raises on hostile input: no answer
        verdict = PathVerdict(PathReason.ENGINE_FAILED, f"{type(problem).__name__}: {problem}"[:200])
    try:
        os.write(writer, _written(verdict))
    finally:
        os._exit(0)


def _lock(limits: PathLimits) -> None:
    for what, most in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _read(reader: int, until: float) -> bytes:
    """All of the cell's answer; nothing if it did not come in time or was cut off."""
    said = b""
    while len(said) < _LONGEST_ANSWER:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return b""
        part = os.read(reader, _LONGEST_ANSWER)
        if not part:
            return said
        said += part
    return b""


def _written(verdict: PathVerdict) -> bytes:
    reason = verdict.reason.value if verdict.reason else None
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    return json.dumps(
        {
            "reason": reason,
            "said": verdict.said,
            "chain": verdict.chain,
            "policies": verdict.policies,
            "cpu_seconds": cpu.ru_utime + cpu.ru_stime,
        }
    ).encode()


if __name__ == "__main__":
    main()
