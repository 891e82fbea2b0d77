"""The table of what faults did, as lines and as docs/faults.md."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks.faults.kinds import Fault
from benchmarks.faults.tally import Tally
from benchmarks.faults.town import Round
from benchmarks.results import this_machine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
_HEAD = """# What faults did
Written by `make faults` from one real run; not edited by hand. Each round: a whole town hall (`yakuba run`: three zones, eleven processes, three PostgreSQL servers), signed applications with a
PDF each handed in over the portal one after another, by senders of whom a quarter give up at the first error and the others try again, while the fault is done to it. Then the fault is put right
and everything that has a receipt number is looked for on the clerks' desk of the My Number zone.

**shown**: the sender saw a receipt number. **recorded**: the portal has one (an answer may be cut off after it was promised). **desk**: on the desk.
What must be nought: **broken** (shown, not recorded), **lost** (recorded, not on the desk), **double**, **altered** (another content, file or verdict than was signed), **phantom** (on the desk without a
receipt number). **drain**: the longest wait until all had arrived after the fault was over and the last application handed in.

"""
_COLUMNS = ("tried", "shown", "recorded", "desk", "broken", "lost", "double", "altered", "phantom")


@dataclass(frozen=True, slots=True)
class Row:
    """All rounds of one fault."""

    fault: Fault
    rounds: Sequence[Round]
    note: str = ""

    @property
    def total(self) -> Tally:
        """The counts of all rounds together."""
        return reduce(add, (each.tally for each in self.rounds), Tally())

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return self.total.kept

    def values(self) -> dict[str, float]:
        """For the results file."""
        return {**asdict(self.total), "rounds": len(self.rounds), "drain_s": self._drain()}

    def line(self) -> str:
        """For the terminal."""
        if not self.rounds:
            return f"{self.fault.words:<64} {self.note}"
        counts = " ".join(f"{name} {getattr(self.total, name)}" for name in _COLUMNS)
        return f"{self.fault.words:<64} {len(self.rounds)} rounds: {counts}; drained in {self._drain():.0f} s"

    def markdown(self) -> str:
        """For the page."""
        if not self.rounds:
            return f"| {self.fault.words} | {self.note} |" + " |" * (len(_COLUMNS) + 1)
        counts = " | ".join(str(getattr(self.total, name)) for name in _COLUMNS)
        return f"| {self.fault.words} | {len(self.rounds)} | {counts} | {self._drain():.0f} s |"

    def _drain(self) -> float:
        return max((each.drain for each in self.rounds), default=0.0)


def page(rows: Sequence[Row], day: date) -> str:
    """docs/faults.md."""
    machine = this_machine()
    where = f"{day}, {machine.cores} cores, {machine.memory_gib} GiB, {machine.system}, load at the end {machine.load_at_start}.\n\n"
    head = f"| fault | rounds | {' | '.join(_COLUMNS)} | drain |\n|{'---|' * (len(_COLUMNS) + 3)}\n"
    notes = "".join(
        f"- {row.fault.words}: {'; '.join(each.note for each in row.rounds)}\n" for row in rows if row.rounds
    )
    return (
        _HEAD
        + where
        + head
        + "\n".join(row.markdown() for row in rows)
        + f"\n\n## What was done, round by round\n{notes}"
    )
