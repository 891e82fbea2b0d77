"""What sanitising costs per kind of file, beside plain pdftoppm; and what a pool on all cores leaves to others.

    python -m benchmarks.sanitise [--seconds N]

CPU is that of all processes: the cells, our own side, LibreOffice. "Others" is a process of usual priority that answers one
request after another, each 20 ms of processor, as the portal would: alone, beside the pool, and (the control) beside as
many endless processes of usual priority as there are cores, which shows what it would be without the low priority.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gateway.corpus import office_files
from tests.gateway.corpus.specimen import DISARM, EVERYTHING

from benchmarks.relay import sanitising, scanned_pdf
from benchmarks.results import Results
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.clean import clean
from yakuba.gateway.sanitise.office_cell import installation
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.priority import lower_thread
from yakuba.gateway.sanitise.sandbox import Sandbox

_CORES = len(os.sched_getaffinity(0))
_REQUESTS = """
import sys, time
until, taken = time.monotonic() + float(sys.argv[1]), []
while time.monotonic() < until:
    began, spent = time.monotonic(), time.process_time()
    while time.process_time() - spent < 0.02: sum(range(2000))
    taken.append(time.monotonic() - began)
    time.sleep(0.02)
taken.sort()
print(len(taken), taken[len(taken) // 2], taken[int(len(taken) * 0.95)])
"""
_ENDLESS = "while True: pass"
_SHARE = """
import os, sys, time
from yakuba.gateway.sanitise.priority import NICE, lower_group
if sys.argv[2] != "usual":
    os.setpriority(os.PRIO_PROCESS, 0, NICE if sys.argv[2] == "low" else 10)
if sys.argv[2] == "low":
    lower_group(os.getpid())
until, spent = time.monotonic() + float(sys.argv[1]), time.process_time()
while time.monotonic() < until: pass
print(time.process_time() - spent)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    seconds = parser.parse_args().seconds
    results, scan = Results("sanitise"), scanned_pdf()
    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as place:
        (Path(place) / "scan.pdf").write_bytes(scan)
        for figure in sanitising(Path(place), scan):
            print(figure.line(), flush=True)
            results.add(figure.what, {"per_second": figure.per_second, "cpu_ms": figure.cpu_ms}, figure.note)
    for what, name, data, policy, rounds in _kinds(scan):
        cpu_ms = _cost(name, data, policy, rounds)
        print(f"{what:<58}{cpu_ms:>21.1f} CPU-ms  {1000 / cpu_ms:.1f} per core-second", flush=True)
        results.add(what, {"cpu_ms": cpu_ms})
    _shares(results, seconds)
    for what, beside in (
        ("alone", _nothing),
        ("beside the pool on all cores", _pool),
        ("beside endless processes", _endless),
    ):
        _others(results, what, beside, scan, seconds)


def _kinds(scan: bytes) -> Iterator[tuple[str, str, bytes, Policy, int]]:
    yield "sanitise: the same page, kept as text", "a.pdf", scan, DISARM, 10
    yield "sanitise: ZIP of a PDF, a photograph, a table", "a.zip", office_files.mixed_zip(), EVERYTHING, 10
    if not installation().missing:
        yield "sanitise: Word document of one page", "a.docx", office_files.docx(), EVERYTHING, 5
        yield "sanitise: Excel sheet of one page", "a.xlsx", office_files.xlsx(), EVERYTHING, 5


def _cost(name: str, data: bytes, policy: Policy, rounds: int) -> float:
    """CPU milliseconds per file: our own, and what the evidence says of the cells (LibreOffice's cell ends unwaited
    for, so the kernel's sums do not have it)."""
    sandbox, ref, cells = Sandbox(), AttachmentRef("s", name, "", len(data), ""), 0
    clean(ref, data, sandbox, policy=policy)
    before = time.process_time()
    for _ in range(rounds):
        evidence = clean(ref, data, sandbox, policy=policy).ref.evidence or {}
        if evidence["outcome"] == "refused":
            raise SystemExit(f"{name} was refused")
        cells += evidence["cpu_ms"]
    own = time.process_time() - before
    sandbox.close()
    return (1000 * own + cells) / rounds


def _shares(results: Results, seconds: float) -> None:
    """Processor time that endless processes get beside each other: of usual priority, of the cells', and with a nice
    value of 10 alone (which says nothing between sessions). Holds on a busy machine too; an idle one gives to all."""
    kinds = ("usual",) * _CORES + ("low", "nice")
    command = [sys.executable, "-c", _SHARE, str(seconds)]
    running = [
        (kind, subprocess.Popen([*command, kind], stdout=subprocess.PIPE, text=True, start_new_session=True))
        for kind in kinds
    ]
    taken = [(kind, float(process.communicate()[0])) for kind, process in running]
    for kind, spent in taken[_CORES - 1 :]:
        print(f"{'share of a core: ' + kind:<58}{spent / seconds:>9.1%}", flush=True)
        results.add(f"share of a core: {kind}", {"share": spent / seconds})


@contextmanager
def _nothing(_scan: bytes) -> Iterator[Callable[[], int]]:
    yield lambda: 0


@contextmanager
def _pool(scan: bytes) -> Iterator[Callable[[], int]]:
    """One thread and one sandbox per core, as the relay has; tells how many pages are done."""
    stop, done = threading.Event(), [0] * _CORES

    def work(number: int) -> None:
        lower_thread()
        sandbox = Sandbox()
        while not stop.is_set():
            clean(AttachmentRef("s", "a.pdf", "", len(scan), ""), scan, sandbox)
            done[number] += 1
        sandbox.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_CORES)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    yield lambda: sum(done)
    stop.set()
    for thread in threads:
        thread.join()


@contextmanager
def _endless(_scan: bytes) -> Iterator[Callable[[], int]]:
    processes = [
        subprocess.Popen([sys.executable, "-c", _ENDLESS], start_new_session=True) for _ in range(_CORES)
    ]
    yield lambda: 0
    for process in processes:
        process.kill()
        process.wait()


def _others(
    results: Results, what: str, beside: Callable[[bytes], object], scan: bytes, seconds: float
) -> None:
    with beside(scan) as pages:  # type: ignore[attr-defined]
        first, idle, began = pages(), _idle(), time.monotonic()
        said = subprocess.run(
            [sys.executable, "-c", _REQUESTS, str(seconds)],
            capture_output=True,
            check=True,
            text=True,
            start_new_session=True,
        ).stdout.split()
        took, made = time.monotonic() - began, pages() - first
        busy = 1 - (_idle() - idle) / (took * _CORES)
    count, median, late = int(said[0]), float(said[1]), float(said[2])
    note = f"cores busy {busy:.0%}, pages meanwhile {made / took:.1f}/s"
    print(
        f"{'others: ' + what:<58}{count / took:>9.1f}/s  p50 {1000 * median:.0f} ms  p95 {1000 * late:.0f} ms  {note}",
        flush=True,
    )
    results.add(
        f"others: {what}", {"per_second": count / took, "p50_s": median, "p95_s": late, "busy": busy}, note
    )


def _idle() -> float:
    """Seconds all cores have had nothing to do, since the machine started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    print(f"{_CORES} cores, load {os.getloadavg()[0]:.1f}")
    main()
