"""docs/capacity.md from what `make bench` measured (var/bench/*.json), with the arithmetic shown.

python scripts/write_capacity_page.py            # writes the page
python scripts/write_capacity_page.py --check    # 1 if the page is not what the figures give
"""

import math
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGE = ROOT / "docs" / "capacity.md"

from benchmarks.results import Figure, Results, kept  # noqa: E402 - the checkout is not installed

MUNICIPALITIES = 1_741
APPLICATIONS = 100_000_000  # a year
PEAK = 30
SECONDS = 365 * 24 * 3600
HEADROOM = 0.5  # of a core's time that the plan uses at the peak
CORES = 16  # of one machine
KEPT_YEARS = 5
COPIES = 3  # of each database: Patroni, one primary and two standbys
USABLE = 2.0  # TB of one machine's disk that data may fill


class NotMeasured(LookupError):
    """A figure the plan needs has not been measured; the text says which benchmark makes it."""


@dataclass(frozen=True)
class Plan:
    """The figures measured, and what follows."""

    way: str
    cpu_ms: float
    clean_ms: float
    bytes_kept: float
    bare_ms: float

    @property
    def average(self) -> float:
        return APPLICATIONS / SECONDS

    @property
    def peak(self) -> float:
        return self.average * PEAK

    @property
    def cores(self) -> float:
        return self.peak * (self.cpu_ms + self.clean_ms) / 1000 / HEADROOM

    @property
    def machines(self) -> int:
        return math.ceil(self.cores / CORES)

    @property
    def terabytes(self) -> float:
        return APPLICATIONS * KEPT_YEARS * self.bytes_kept / 1e12

    @property
    def disks(self) -> int:
        return math.ceil(self.terabytes / USABLE)

    @property
    def cells(self) -> int:
        return max(self.disks, 1)


def figure(found: dict[str, Results], benchmark: str, what: str) -> Figure:
    """The figure whose name begins with ``what``.

    Raises:
        NotMeasured: it is not there.
    """
    if benchmark in found:
        for one in found[benchmark].figures:
            if one.what.startswith(what):
                return one
    raise NotMeasured(f"{benchmark}: {what!r} (python -m benchmarks {benchmark})")


def plan(found: dict[str, Results]) -> Plan:
    """The plan from what many clients at once cost, one PDF of 400 KB each: the dearer of 16 and 64."""
    ways = [figure(found, "whole_way", f"{count} clients, without sanitising") for count in (16, 64)]
    dearer = max(ways, key=lambda one: one.values["cpu_ms"])
    grown = figure(found, "whole_way", f"{dearer.what}: database of mynumber grows by")
    return Plan(
        dearer.what,
        dearer.values["cpu_ms"],
        figure(found, "relay", "sanitise: decode").values["cpu_ms"],
        grown.values["bytes"],
        figure(found, "relay", "bare INSERT + fsync of 400,000").values["cpu_ms"],
    )


def page(found: dict[str, Results]) -> str:
    """The whole page."""
    it = plan(found)
    return f"""# Capacity: 1,741 municipalities, 100 million applications a year
*Made by `scripts/write_capacity_page.py` from what `make bench` measured; change neither figures nor text here.*

A plan, not a proof: what was measured is one case on one machine; the rest is arithmetic, shown, and every assumption is a line of its own.

## Measured
{_measured(found)}

## The load
| | | |
|---|---|---|
| applications a year | assumed | {APPLICATIONS:,} |
| on average | {APPLICATIONS:,} ÷ {SECONDS:,} s | {it.average:.2f} a second |
| at the peak | × {PEAK} | {it.peak:.0f} a second |
| of one municipality, on average | ÷ {MUNICIPALITIES:,} | {APPLICATIONS / MUNICIPALITIES:,.0f} a year, {it.average / MUNICIPALITIES * 3600:.1f} an hour |

## Processors
| | | |
|---|---|---|
| all three zones and PostgreSQL, a case | whole_way, {it.way} (the dearer of 16 and 64) | {it.cpu_ms:.0f} CPU-ms |
| rebuilding one scanned page | relay, sanitise | {it.clean_ms:.0f} CPU-ms |
| together | {it.cpu_ms:.0f} + {it.clean_ms:.0f} | {it.cpu_ms + it.clean_ms:.0f} CPU-ms |
| beside it: a bare INSERT of 400 KB | relay | {it.bare_ms:.1f} CPU-ms |
| cores at the peak, half of each left free | {it.peak:.0f} × {(it.cpu_ms + it.clean_ms) / 1000:.3f} s ÷ {HEADROOM} | {it.cores:.0f} |
| machines of {CORES} cores, all zones together | {it.cores:.0f} ÷ {CORES}, up | {it.machines} |
| of the peak, one such machine takes | {CORES} × {HEADROOM} ÷ {(it.cpu_ms + it.clean_ms) / 1000:.3f} s | {CORES * HEADROOM / ((it.cpu_ms + it.clean_ms) / 1000):.0f} cases a second |

## Disk (My Number zone, where cases stay)
| | | |
|---|---|---|
| a case with its 400 KB PDF, indexes included | whole_way, sanitising off | {it.bytes_kept / 1000:,.0f} KB |
| kept {KEPT_YEARS} years | × {APPLICATIONS:,} × {KEPT_YEARS} | {it.terabytes:,.0f} TB |
| cells with {USABLE:g} TB each | ÷ {USABLE:g}, up | {it.disks} |
| with {COPIES} copies | × {COPIES} | {it.terabytes * COPIES:,.0f} TB |

Disk, not processors, decides the number of cells in the My Number zone: {it.cells}, of {MUNICIPALITIES / it.cells:.0f} municipalities each on average ([how](decisions/0018-cells.md)); a big city has one of its own. The internet and
LGWAN zones forget what has arrived, and need cells only for the peak.

## The peak, one by one
| | | |
|---|---|---|
| serial part: one commit to the audit chain per step of a case and cell | {it.peak:.0f} ÷ {it.cells} cells | {it.peak / it.cells:.1f} cases a second and cell |
| through one pair of gateways, 400 KB each | {it.peak:.0f} × 0.41 MB ÷ {it.cells} | {it.peak * 0.41 / it.cells:.1f} MB a second and cell |

## Assumed, not measured
- One PDF of 400 KB per application. Photos of several megabytes shift everything by their size; a second page costs another {it.clean_ms:.0f} CPU-ms.
- CPU per case stays the same with more rows (the queue's benchmark looks at a million cases; nothing larger was measured) and with more cells.
- The peak is spread over municipalities as the population is. One municipality in a disaster is the peak of its own cell alone.
- Half of every core is left free; loss of a machine is borne by the others.
- PostgreSQL's write-ahead log, vacuum and backups double the disk's writes, not its size.
{_sanitised(found)}- Nothing of this was run on {it.machines} machines.
"""


def _sanitised(found: dict[str, Results]) -> str:
    try:
        figure(found, "whole_way", "16 clients, sanitised")
    except NotMeasured:
        return (
            "- The whole way with sanitising was not measured in this run: its cost is the way without it plus that of the "
            "sanitiser by itself.\n"
        )
    return ""


def _measured(found: dict[str, Results]) -> str:
    lines = []
    for name in ("whole_way", "relay"):
        one = found[name]
        at = one.machine
        loaded = (
            f" Other work ran on it (1-minute load {at.load_at_start:g} at the start): rates and waiting times mean little, and CPU per case is likely dearer than on a quiet machine."
            if at.load_at_start > at.cores / 2
            else ""
        )
        lines.append(
            f"`{name}`: {one.measured_at[:10]}, {at.processor}, {at.cores} cores, {at.memory_gib:g} GiB, {at.system}, Python {at.python}.{loaded}\n"
        )
        lines.append("| | a second | CPU-ms each | |\n|---|---|---|---|")
        lines += [
            f"| {figure.what} | {figure.values['per_second']:.1f} | {figure.values['cpu_ms']:.1f} | {_note(figure)} |"
            for figure in one.figures
            if "per_second" in figure.values
        ]
        lines.append("")
    return "\n".join(lines).rstrip()


def _note(figure: Figure) -> str:
    counts = [f"{name} {figure.values[name]:g}" for name in ("lost", "double") if name in figure.values]
    return ", ".join(counts) or figure.note.split(";")[0]


def main() -> int:
    found = {one.benchmark: one for one in kept()}
    try:
        text = page(found)
    except (NotMeasured, KeyError) as missing:
        print(f"not measured yet: {missing}. Run: make bench")
        return 2
    if "--check" in sys.argv:
        return 0 if PAGE.exists() and PAGE.read_text() == text else 1
    PAGE.write_text(text)
    print(f"{PAGE.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
