"""Every fault, each repeated with seeds, on a real town hall; prints a table and writes it to docs/faults.md.

    python -m benchmarks.faults [--only NAME …] [--seeds N] [--partition SECONDS] [--write]

Needs root (network namespace, mounts, ptrace), strace, nftables and gcc. Runs for about an hour as a whole.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path

from benchmarks.faults.kinds import Fault, faults
from benchmarks.faults.page import PAGE, Row, kept_rows, page
from benchmarks.faults.town import FaultTown, Round
from benchmarks.results import Results

_INSIDE = "--inside-own-network"


def main() -> int:
    """Run what is asked for; 1 if a promise was broken."""
    options = _options()
    if not options.inside_own_network:
        return in_own_network(sys.argv[1:])
    chosen = [each for each in faults(options.partition) if not options.only or each.name in options.only]
    results, rows = Results(options.results), []
    for _ground, group in groupby(chosen, key=lambda each: each.ground):
        for row in _on_one_town(list(group), options.seeds):
            results.add(row.fault.words, {**row.values()}, row.note)
            rows.append(row)
    if options.write:
        PAGE.write_text(page(kept_rows(), PAGE.read_text() if PAGE.exists() else ""))
    return 0 if all(row.kept for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[], choices=[each.name for each in faults()])
    parser.add_argument(
        "--seeds",
        type=int,
        default=0,
        help="at most so many repetitions of each fault; 0: as many as it says itself",
    )
    parser.add_argument("--partition", type=float, default=300.0, help="seconds a link is cut")
    parser.add_argument("--results", default="faults", help="name of the file of figures in var/bench")
    parser.add_argument("--write", action="store_true", help="write docs/faults.md")
    parser.add_argument(_INSIDE, action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def in_own_network(arguments: list[str]) -> int:
    """Rules and lost packets must meet nobody else."""
    if os.geteuid() != 0:
        print("root is needed: sudo .venv/bin/python -m benchmarks.faults")
        return 2
    script = 'ip link set lo up && exec "$@"'
    command = [sys.executable, "-m", "benchmarks.faults", _INSIDE, *arguments]
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    inside = ["unshare", "-n", "sh", "-c", script, "sh", *command]
    return subprocess.run(inside, env={**os.environ, "PATH": path}, check=False).returncode


def _on_one_town(group: list[Fault], seeds: int) -> list[Row]:
    """The faults of one ground, one after another on one town."""
    reason = group[0].why_not()
    if reason:
        rows = [Row(each, [], f"not run: {reason}") for each in group]
        for row in rows:
            print(row.line(), flush=True)
        return rows
    with tempfile.TemporaryDirectory(prefix="yakuba-faults-") as place:
        Path(place).chmod(0o755)
        with group[0].ground(Path(place)) as town:
            return [_repeated(town, each, min(seeds or each.seeds, each.seeds)) for each in group]


def _repeated(town: FaultTown, fault: Fault, seeds: int) -> Row:
    rounds: list[Round] = []
    row = Row(fault, rounds)
    for seed in range(1, seeds + 1):
        began = time.monotonic()
        found = town.round(fault.disturb, seed, fault.count, fault.pause)
        rounds.append(found)
        print(
            f"  {fault.name} {seed}: {found.tally} {found.note} ({time.monotonic() - began:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
        row = Row(fault, rounds)
        row.keep()
    print(row.line(), flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
