"""What a benchmark measured, kept as one JSON file per benchmark in ``var/bench`` (never committed).

    results = Results("whole_way")
    results.add("16 clients, sanitised", {"per_second": 12.4, "cpu_ms": 81.0, "p95_s": 0.9, "lost": 0, "double": 0})

Each ``add`` writes the file anew, so a benchmark that is stopped leaves what it had measured. ``docs/capacity.md`` is made from
these files by ``scripts/write_capacity_page.py``. Names of values are the same everywhere:

``per_second``  items a second of wall-clock time
``cpu_ms``      CPU milliseconds per item, all processes of the thing measured, PostgreSQL included
``bytes``       bytes per item (on disk or on the wire; the figure's name says which)
``p50_s``, ``p95_s``  seconds from being sent to being there
``lost``, ``double``  counts that must be nought

Any other name is allowed; ``note`` is the one text.
"""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(os.environ.get("YAKUBA_BENCH_RESULTS", "") or Path(__file__).parents[1] / "var" / "bench")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a benchmark ran; no host name."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    load_at_start: float  # the 1-minute load: above the number of cores, rates mean little


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: ``values`` by the names above."""

    what: str
    values: dict[str, float]
    note: str = ""


def this_machine() -> Machine:
    """The machine this runs on, from /proc."""
    return Machine(
        processor=_first("/proc/cpuinfo", "model name") or platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20, 1),
        system=f"{platform.system()} {platform.release().split('-')[0]}",
        python=platform.python_version(),
        load_at_start=round(os.getloadavg()[0], 1),
    )


def _first(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""


@dataclass(slots=True)
class Results:
    """All figures of one run of one benchmark."""

    benchmark: str
    measured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    machine: Machine = field(default_factory=this_machine)
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, values: Mapping[str, float], note: str = "") -> None:
        """Keep one figure; a figure of the same name is replaced."""
        self.figures = [one for one in self.figures if one.what != what]
        self.figures.append(Figure(what, {name: round(value, 6) for name, value in values.items()}, note))
        self._write()

    def _write(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.benchmark}.json"
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")
        beside.replace(path)


def kept(folder: Path = FOLDER) -> Iterator[Results]:
    """The results in ``folder``, by name of benchmark."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text())
        yield Results(
            data["benchmark"],
            data["measured_at"],
            Machine(**data["machine"]),
            [Figure(**figure) for figure in data["figures"]],
        )
