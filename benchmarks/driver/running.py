"""The real `yakuba run` as a process, with its own home and ports."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from benchmarks.driver.ports import free_base
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.postgres import Cluster

READY_WITHIN = 600  # on a machine that does much else


@dataclass(frozen=True)
class RunningTown:
    """A town hall somebody started with `yakuba run`."""

    home: Path
    base: int
    process: subprocess.Popen[bytes]
    ready: dict[str, Any]

    def url(self, part: str, path: str = "/") -> str:
        return str(self.ready["addresses"][part]).rstrip("/") + path


def start_town(
    home: Path, *, residents: int | None = None, base: int | None = None, inside: tuple[str, ...] = ()
) -> RunningTown:
    """Start `yakuba run` and wait until it says it is ready.

    Args:
        inside: a command that runs the command after it, e.g. ``unshare``.
    """
    base = base or free_base()
    (home / "ready.json").unlink(missing_ok=True)
    home.mkdir(exist_ok=True)
    with (home / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *inside,
                sys.executable,
                "-m",
                "yakuba",
                "run",
                *(["--residents", str(residents)] if residents else []),
            ],
            env={**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_PORT_BASE": str(base)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    limit = time.monotonic() + READY_WITHIN
    while not (home / "ready.json").exists():
        if process.poll() is not None or time.monotonic() > limit:
            process.kill()
            raise AssertionError((home / "run.log").read_text())
        time.sleep(0.1)
    let_everybody_in(home)
    return RunningTown(home, base, process, json.loads((home / "ready.json").read_text()))


def let_everybody_in(home: Path) -> None:
    """No waiting room: what is measured here is the town hall under load, and sign-ins one after another are no crowd."""
    codes = list(
        yaml.safe_load((resources.files("yakuba.portal") / "data" / "towns.yaml").read_text("utf-8"))
    )
    folders = sorted((home / "internet").glob("postgres*"))  # one, or a cell each
    for folder in folders:
        with Cluster(folder).as_superuser(DATABASE).connect() as connection:
            connection.execute(
                "INSERT INTO portal_waiting_room (municipality, mode, rate, credit, at, waiting, minutes)"
                " SELECT code, 'off', 120, 0, now(), 0, '[]' FROM unnest(%s::text[]) AS code"
                " WHERE %s OR code IN (SELECT code FROM cell_seat WHERE state = 'here')"
                " ON CONFLICT (municipality) DO UPDATE SET mode = 'off'",
                [[str(code) for code in codes], len(folders) == 1],
            )


def stop_town(town: RunningTown) -> None:
    """Ctrl-C, and wait for the clean end."""
    if town.process.poll() is None:
        town.process.send_signal(signal.SIGINT)
        town.process.wait(60)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder of our own that the database server, which is somebody else for root, can walk into."""
    with tempfile.TemporaryDirectory(prefix="yakuba-town-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
