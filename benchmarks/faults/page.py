"""The table of what faults did, as lines and as docs/faults.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks.faults.kinds import Fault, faults
from benchmarks.faults.tally import Tally
from benchmarks.faults.town import Round
from benchmarks.results import FOLDER, this_machine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
_FOLDER = FOLDER / "faults"
_HEAD = """# What faults did
Written by `make faults` from real runs; not edited by hand. Each round: a whole town hall (`yakuba run`: three zones, eleven processes, three PostgreSQL servers), signed applications with a
PDF each handed in over the portal one after another, by senders of whom a quarter give up at the first error and the others try again, while the fault is done to it. Then the fault is put right
and everything that has a receipt number is looked for on the clerks' desk of the My Number zone.

**shown**: the sender saw a receipt number. **recorded**: the portal has one (an answer may be cut off after it was promised). **desk**: on the desk.
What must be nought: **broken** (shown, not recorded), **lost** (recorded, not on the desk), **double**, **altered** (another content, file or verdict than was signed), **phantom** (on the desk without a
receipt number). **drain**: the longest wait until all had arrived after the fault was over and the last application handed in.

Which day, machine and 1-minute load each kind was run on stands below the table: waits say little where the load is above the number of cores.

"""
NEVER = "not run yet"
_COLUMNS = ("tried", "shown", "recorded", "desk", "broken", "lost", "double", "altered", "phantom")


@dataclass(frozen=True, slots=True)
class Row:
    """All rounds of one fault."""

    fault: Fault
    rounds: Sequence[Round]
    note: str = ""
    when: str = ""

    @property
    def total(self) -> Tally:
        """The counts of all rounds together."""
        return reduce(add, (each.tally for each in self.rounds), Tally())

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return all(each.kept for each in self.rounds)

    def keep(self) -> None:
        """Write the rounds so far, so that a run that is stopped, or one of some faults only, leaves what it saw."""
        _FOLDER.mkdir(parents=True, exist_ok=True)
        kept = {
            "day": datetime.now(UTC).date().isoformat(),
            "machine": asdict(this_machine()),
            "rounds": [asdict(each) for each in self.rounds],
        }
        (_FOLDER / f"{self.fault.name}.json").write_text(json.dumps(kept))

    def values(self) -> dict[str, float]:
        """For the results file."""
        return {**asdict(self.total), "rounds": len(self.rounds), "drain_s": self._drain()}

    def line(self) -> str:
        """For the terminal."""
        if not self.rounds:
            return f"{self.fault.words:<64} {self.note}"
        counts = " ".join(f"{name} {getattr(self.total, name)}" for name in _COLUMNS)
        return f"{self.fault.words:<64} {len(self.rounds)} rounds: {counts}; drained in {self._drain():.0f} s{self._failures()}"

    def markdown(self) -> str:
        """For the page."""
        if not self.rounds:
            return f"| {self.fault.words} | {self.note} |" + " |" * (len(_COLUMNS) + 1)
        counts = " | ".join(str(getattr(self.total, name)) for name in _COLUMNS)
        return f"| {self.fault.words}{self._failures()} | {len(self.rounds)} | {counts} | {self._drain():.0f} s |"

    def _failures(self) -> str:
        return "".join(f"; FAILED: {each.failure}" for each in self.rounds if each.failure)

    def _drain(self) -> float:
        return max((each.drain for each in self.rounds), default=0.0)


def kept_rows() -> list[Row]:
    """What :meth:`Row.keep` has kept, in the order of the faults; a fault that never ran here says so."""
    return [_kept(each) for each in faults()]


def _kept(fault: Fault) -> Row:
    file = _FOLDER / f"{fault.name}.json"
    if not file.exists():
        return Row(fault, [], NEVER)
    kept = json.loads(file.read_text())
    rounds = [Round(**{**each, "tally": Tally(**each["tally"])}) for each in kept["rounds"]]
    return Row(fault, rounds, when=_when(kept["day"], kept["machine"]))


def _when(day: str, machine: Mapping[str, object]) -> str:
    return f"{day}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, load {machine['load_at_start']}"


def page(rows: Sequence[Row], before: str = "") -> str:
    """docs/faults.md.

    Args:
        before: the page as it is. What never ran here keeps the lines it has there, with the day and machine they name.
    """
    head = f"| fault | rounds | {' | '.join(_COLUMNS)} | drain |\n|{'---|' * (len(_COLUMNS) + 3)}\n"
    lines = [_before(before, f"| {row.fault.words}", row) or row.markdown() for row in rows]
    notes = [_before(before, f"- {row.fault.words} (", row) or _told(row) for row in rows]
    below = "".join(f"{note}\n" for note in notes if note)
    return _HEAD + head + "\n".join(lines) + f"\n\n## What was done, round by round\n{below}"


def _before(page_before: str, start: str, row: Row) -> str:
    """The line of what did not run here, as it was; empty if it ran, or if there was none."""
    if row.note != NEVER:
        return ""
    starts = (start,) if start.startswith("-") else (f"{start} |", f"{start}; FAILED")
    return next((line for line in page_before.splitlines() if line.startswith(starts)), "")


def _told(row: Row) -> str:
    done = "; ".join(each.note for each in row.rounds)
    return f"- {row.fault.words} ({row.when}): {done}" if row.rounds else ""
