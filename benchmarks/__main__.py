"""``make bench``: every benchmark, one after another, each in a process of its own so that CPU is counted cleanly."""

import subprocess
import sys
import time

# name, what it answers, arguments
BENCHMARKS = (
    ("verdict", "one verdict on a resident's signature", []),
    (
        "verdict_suites",
        "verdicts with lists of 20,000 and 1,000,000 and on PKITS, beside pyHanko and OpenSSL",
        [],
    ),
    ("relay", "the relay and the sanitiser", []),
    ("sanitise", "sanitising by kind of file, and what it leaves to others", []),
    ("whole_way", "signed application to the clerk's desk", []),
    ("recovery", "links cut for 300 s: time to drain", []),
    ("disaster", "罹災証明 with the inner zones cut off, the drain, and the waiting page", []),
    ("cells", "a municipality moved between cells while applications come in", []),
    ("gate", "a 250-question form at 50 a second", []),
    ("load_town", "residents into PostgreSQL", []),
    ("queue", "the clerk's queue at a million cases", []),
    ("notices", "notices per core-second", []),
    ("reassess", "child allowance of a million households", []),
)


def main() -> int:
    """Run all, or those named on the command line; the exit status says whether all ran to their end."""
    wanted = set(sys.argv[1:])
    unknown = wanted - {name for name, _, _ in BENCHMARKS}
    if unknown:
        print(
            f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(n for n, _, _ in BENCHMARKS)}"
        )
        return 2
    failed = []
    for name, question, arguments in BENCHMARKS:
        if wanted and name not in wanted:
            continue
        print(f"\n=== {name}: {question}", flush=True)
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False).returncode:
            failed.append(name)
        print(f"=== {name}: {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"did not run to the end: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
