"""Every fault, each repeated with seeds, on a real town hall; prints a table and writes it to docs/faults.md.

    python -m benchmarks.faults [--only NAME …] [--seeds N] [--partition SECONDS] [--write]

Needs root (network namespace, mounts, ptrace), strace, nftables, libfaketime and gcc. Runs for about an hour as a whole.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from benchmarks.faults.kinds import Fault, faults
from benchmarks.faults.page import PAGE, Row, page
from benchmarks.faults.tally import Tally
from benchmarks.faults.town import FaultTown
from benchmarks.results import Results

_INSIDE = "--inside-own-network"


def main() -> int:
    """Run what is asked for; 1 if a promise was broken."""
    options = _options()
    if not options.inside_own_network:
        return _in_own_network()
    chosen = [each for each in faults(options.partition) if not options.only or each.name in options.only]
    results, rows = Results("faults"), []
    for _ground, group in groupby(chosen, key=lambda each: each.ground):
        for row in _on_one_town(list(group), options.seeds):
            print(row.line(), flush=True)
            rows.append(row)
            results.add(row.fault.words, {**row.values()}, row.note)
    if options.write:
        PAGE.write_text(page(rows, datetime.now(UTC).date()))
    return 0 if all(row.kept for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[], choices=[each.name for each in faults()])
    parser.add_argument(
        "--seeds", type=int, default=0, help="repetitions of each fault; 0: as many as it says itself"
    )
    parser.add_argument("--partition", type=float, default=300.0, help="seconds a link is cut")
    parser.add_argument("--write", action="store_true", help="write docs/faults.md")
    parser.add_argument(_INSIDE, action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_own_network() -> int:
    """Rules and lost packets must meet nobody else."""
    if os.geteuid() != 0:
        print("root is needed: sudo .venv/bin/python -m benchmarks.faults")
        return 2
    script = 'ip link set lo up && exec "$@"'
    command = [sys.executable, "-m", "benchmarks.faults", _INSIDE, *sys.argv[1:]]
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    inside = ["unshare", "-n", "sh", "-c", script, "sh", *command]
    return subprocess.run(inside, env={**os.environ, "PATH": path}, check=False).returncode


def _on_one_town(group: list[Fault], seeds: int) -> list[Row]:
    """The faults of one ground, one after another on one town."""
    reason = group[0].why_not()
    if reason:
        return [Row(each, [], f"not run: {reason}") for each in group]
    with tempfile.TemporaryDirectory(prefix="yakuba-faults-") as place:
        Path(place).chmod(0o755)
        with group[0].ground(Path(place)) as town:
            return [_repeated(town, each, seeds or each.seeds) for each in group]


def _repeated(town: FaultTown, fault: Fault, seeds: int) -> Row:
    rounds = []
    for seed in range(1, seeds + 1):
        began = time.monotonic()
        found = town.round(fault.disturb, seed, fault.count, fault.pause)
        rounds.append(found)
        print(
            f"  {fault.name} {seed}: {found.tally} {found.note} ({time.monotonic() - began:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
        if found.tally == Tally():
            break
    return Row(fault, rounds)


if __name__ == "__main__":
    sys.exit(main())
