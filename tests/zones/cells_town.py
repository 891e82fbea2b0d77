"""The three zones of the gateway's tests with two clusters: internet and My Number each have a second cell there."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.driver.three_zones import EFFECTS, ZONES, Town, running_town

from yakuba.zones.postgres import Cluster

SPREAD = ("internet", "mynumber")
MOVED, STAYS = "143014", "143421"
_ROOT = Path(__file__).parents[2]
_COMMAND = "from yakuba.zones.cells.commands import cells; cells(prog_name='yakuba cells')"  # starts sooner than the whole
_POSTING = """
import itertools, os, sys, threading, time
first, stop, pause = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
numbers, posted, faults = itertools.count(first), [], []
def go(town):
    try:
        while not os.path.exists(stop):
            number = next(numbers)
            post(number, town=town)
            posted.append(number)
            time.sleep(pause)
    except Exception as error:
        faults.append(repr(error))
threads = [threading.Thread(target=go, args=[town]) for town in ("143014", "143014", "143421")]
for each in threads: each.start()
for each in threads: each.join()
print(len(posted), faults)
"""


class CellsTown(Town):
    """A :class:`Town` whose zones of ``SPREAD`` have the cells ``home`` and ``c2``."""

    second: Cluster

    def environment(self, zone: str, **more: str) -> dict[str, str]:
        file = self.folder / f"{zone}-cells.yaml"
        return super().environment(zone, **({"YAKUBA_CELLS": str(file)} if file.exists() else {}), **more)

    def spread(self, second: Cluster) -> None:
        """Make the second cells, and place both municipalities in the first."""
        self.second = second
        for zone in SPREAD:
            self._write_file(zone)
            second.ensure_database(self.database(zone))
            self.cells(zone, "prepare")
            with second.as_owner(self.database(zone)).connect() as connection:
                connection.execute(EFFECTS)
            for code in (MOVED, STAYS):
                self.cells(zone, "place", code, "home")

    def _write_file(self, zone: str) -> None:
        passwords = {}
        for name, cluster in (("home", self.cluster), ("c2", self.second)):
            for role, reached in (("owner", cluster.as_owner("x")), ("app", cluster.as_app("x"))):
                path = self.folder / f"{name}-{role}"
                path.write_text(reached.password)
                passwords[f"{name}-{role}"] = path
        (self.folder / f"{zone}-cells.yaml").write_text(
            f"""cells:
  home: {{number: 0, owner_password_file: {passwords["home-owner"]}}}
  c2:
    number: 1
    host: {self.second.socket_folder}
    port: {self.second.port}
    database: {self.database(zone)}
    password_file: {passwords["c2-app"]}
    owner_password_file: {passwords["c2-owner"]}
"""
        )

    def cells(self, zone: str, *words: str) -> str:
        """``yakuba cells …`` in the zone; its output."""
        done = self.start_cells(zone, *words)
        out, _ = done.communicate(timeout=120)
        assert done.returncode == 0, out
        return out

    def start_cells(self, zone: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *words], env=self.environment(zone), cwd=_ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def in_cell(self, cell: str, zone: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into one cell past row-level security."""
        cluster = {"home": self.cluster, "c2": self.second}[cell]
        with cluster.as_superuser(self.database(zone)).connect() as connection:
            return list(connection.execute(query.encode(), parameters).fetchall())

    def in_both(self, zone: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return [row for cell in ("home", "c2") for row in self.in_cell(cell, zone, query, *parameters)]

    @contextmanager
    def applications_keep_coming(self, first: int, pause: float = 0.05) -> Iterator[list[str]]:
        """Three threads post until the block ends; then how many they posted and every error they got."""
        stop, said = self.folder / f"stop-{first}", list[str]()
        thread = threading.Thread(
            target=lambda: said.append(self.post("internet", _POSTING, str(first), str(stop), str(pause)))
        )
        thread.start()
        try:
            yield said
        finally:
            stop.touch()
            thread.join(60)


@contextmanager
def town_with_cells(cluster: Cluster, folder: Path, name: str) -> Iterator[CellsTown]:
    """A town with cells that is up, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yakuba-cell-") as place:
        Path(place).chmod(0o755)
        second = Cluster(Path(place), durable=False)
        second.start()
        try:
            with running_town(cluster, folder, name, CellsTown) as town:
                assert isinstance(town, CellsTown)
                town.spread(second)
                town.start()
                yield town
        finally:
            second.stop()


__all__ = ["MOVED", "STAYS", "ZONES", "CellsTown", "town_with_cells"]
