"""Everything `make test` checks, in the order of what fails fastest. `--lint-only` stops before the tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LINTS = (
    ("形式 (ruff)", ["ruff", "check", "."]),
    ("整形 (ruff format)", ["ruff", "format", "--check", "."]),
    ("構造 (import-linter)", ["lint-imports"]),
    ("型 (mypy)", ["mypy"]),
)
TESTS = ["pytest", "-n", "2", "-q", "--durations=10"]


def run(title: str, command: list[str]) -> bool:
    started = time.monotonic()
    print(f"== {title}: {' '.join(command)}", flush=True)
    finished = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, check=False
    )
    print(
        f"== {title}: {'ok' if finished.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)",
        flush=True,
    )
    return finished.returncode == 0


def main() -> int:
    steps = list(LINTS) if "--lint-only" in sys.argv else [*LINTS, ("試験 (pytest)", TESTS)]
    failed = [title for title, command in steps if not run(title, command)]
    if failed:
        print(f"失敗: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
