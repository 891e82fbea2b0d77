"""Links between the zones are cut while applications come in; how long after that until every one of them is on the desk.

    python -m benchmarks.recovery [--seconds N]

The partition of `python -m benchmarks.faults` by itself: a whole town hall, an application with a PDF every three seconds, both links
or one of them cut for 300 seconds, in a network namespace of its own (root). Exit status 1 if one was lost, doubled or altered.
"""

import argparse
import os
import sys

from benchmarks.faults.__main__ import in_own_network


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300.0)
    seconds = parser.parse_args().seconds
    if os.geteuid() != 0:
        print("not run: root is needed for a network namespace")
        return 0
    return in_own_network(
        ["--only", "partition", "--seeds", "1", "--partition", str(seconds), "--results", "recovery"]
    )


if __name__ == "__main__":
    sys.exit(main())
