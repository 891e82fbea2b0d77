"""From a signed application to the clerk's desk: rate, waiting time and CPU per case, over three real zones.

    python -m benchmarks.whole_way [--scale N]

A case is one claim for child allowance (31 answers) with one PDF of 400 KB, signed with the emulated card beforehand, handed
in over the portal's API by 1, 4, 16 and 64 clients at once. "Visible" is when the case's row is there for the queue in the
My Number zone. CPU is that of every process of the town hall and of its three PostgreSQL servers; the clients' is not counted.
Beside it, in the same run: a bare INSERT with fsync of the same bytes, once, into one table of the same PostgreSQL.
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.cpu import tree_seconds
from benchmarks.driver.parcels import Parcel, make, post, session, signers
from benchmarks.driver.running import RunningTown, start_town, stop_town
from benchmarks.results import Results
from yakuba.zones.launcher.home import ZONES
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.postgres import Cluster

PDF_BYTES = 400 * 1024
_PATIENCE = 300.0
_FIRST = 12
"""Cases that find every process as it started. Shown, and not among the rounds: a town hall starts once a month."""
_IDLE_SECONDS = 10.0


@dataclass(frozen=True)
class Run:
    """What one round showed."""

    clients: int
    cases: int
    seconds: float
    visible: list[float]
    cpu: float
    lost: int
    doubled: int

    def values(self) -> dict[str, float]:
        return {
            "per_second": self.cases / self.seconds,
            "cpu_ms": self.cpu / self.cases * 1000,
            "p50_s": statistics.median(self.visible),
            "p95_s": sorted(self.visible)[int(len(self.visible) * 0.95) - 1],
            "lost": self.lost,
            "double": self.doubled,
        }

    def line(self, label: str) -> str:
        of = self.values()
        return (
            f"{label:<34}{of['per_second']:>7.1f} cases/s   p50 {of['p50_s']:>5.2f} s   p95 {of['p95_s']:>5.2f} s   "
            f"{of['cpu_ms']:>6.1f} CPU-ms a case   lost {self.lost}   double {self.doubled}"
        )


def main() -> int:
    """Measure and print; 1 if any case was lost or doubled."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0, help="times the number of cases")
    scale = parser.parse_args().scale
    bad, results = False, Results("whole_way")
    for sanitise, rounds in (
        ("none-for-measuring", ((1, 100), (4, 100), (16, 120), (64, 192))),
        ("raster", ((16, 60),)),
    ):
        os.environ["YAKUBA_GATEWAY_SANITISE"] = sanitise
        with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as place:
            Path(place).chmod(0o755)
            town = start_town(Path(place) / "home", residents=300)
            try:
                if sanitise != "raster":
                    print(_bare(town, int(60 * scale)), flush=True)
                    results.add("idle", {"cpu_ms": _idle(town)})
                first = measure(town, 1, _FIRST)
                print(first.line(f"the first {_FIRST} after the start"), flush=True)
                bad = bad or bool(first.lost or first.doubled)
                for clients, cases in rounds:
                    stored = sizes(town)
                    found = measure(town, clients, max(clients, int(cases * scale)))
                    label = (
                        f"{clients} clients, {'sanitised' if sanitise == 'raster' else 'without sanitising'}"
                    )
                    print(found.line(label), flush=True)
                    results.add(label, found.values())
                    for zone, size in sizes(town).items():
                        grown = {"bytes": (size - stored[zone]) / found.cases}
                        results.add(f"{label}: database of {zone} grows by", grown)
                    bad = bad or bool(found.lost or found.doubled)
            finally:
                stop_town(town)
    return 1 if bad else 0


def sizes(town: RunningTown) -> dict[str, int]:
    """Bytes of each zone's database, indexes included. The internet zone's shrinks again when it forgets what has arrived."""
    found = {}
    for zone in ZONES:
        with _superuser(town, zone) as connection:
            row = connection.execute("SELECT pg_database_size(%s)", [DATABASE]).fetchone()
            found[zone] = int(str(row[0])) if row else 0
    return found


def measure(town: RunningTown, clients: int, cases: int) -> Run:
    """Hand in ``cases`` by ``clients`` at once and wait until all are visible."""
    known = signers(town.ready)
    # Each client hands in for several people in turn: the portal takes only so many of one card in ten minutes.
    people = clients * -(-len(known) // clients)
    members = [known[number % len(known)] for number in range(people)]
    sessions = [session(town.ready, member) for member in members]
    parcels = make(town.ready, pdf(), cases, members)
    roots = _roots(town)
    watcher = _Watcher(town, {str(parcel.id) for parcel in parcels})
    sent: dict[str, float] = {}
    before, began = tree_seconds(roots), time.monotonic()

    def send(number: int) -> None:
        for place in range(number, len(parcels), clients):
            parcel = parcels[place]
            sent[str(parcel.id)] = time.monotonic()
            answer = post(sessions[place % people], parcel)
            if answer.status_code != 201 or answer.json()["receipt_number"] != parcel.receipt_number:
                raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")

    watcher.start()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(send, range(clients)))
    watcher.join()
    seconds, cpu = time.monotonic() - began, tree_seconds(roots) - before
    for one in sessions:
        one.close()
    waits = [watcher.seen[number] - sent[number] for number in sent if number in watcher.seen]
    return Run(clients, cases, seconds, waits, cpu, cases - len(watcher.seen), _doubled(town, parcels))


class _Watcher(threading.Thread):
    """Looks for the cases in the My Number zone's database, ten times a second."""

    def __init__(self, town: RunningTown, wanted: set[str]) -> None:
        super().__init__()
        self.town, self.wanted, self.seen = town, wanted, dict[str, float]()

    def run(self) -> None:
        limit = time.monotonic() + _PATIENCE
        with _superuser(self.town, "mynumber") as connection:
            while len(self.seen) < len(self.wanted) and time.monotonic() < limit:
                missing = list(self.wanted - set(self.seen))
                rows = connection.execute(
                    "SELECT id::text FROM casework_case WHERE id = ANY(%s::uuid[])", [missing]
                )
                for (number,) in rows.fetchall():
                    self.seen[str(number)] = time.monotonic()
                time.sleep(0.1)


def _doubled(town: RunningTown, parcels: Sequence[Parcel]) -> int:
    """Receipt numbers with more than one case."""
    numbers = [parcel.receipt_number for parcel in parcels]
    with _superuser(town, "mynumber") as connection:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT receipt_number FROM casework_case WHERE receipt_number = ANY(%s) "
            "GROUP BY 1 HAVING count(*) > 1) AS twice",
            [numbers],
        ).fetchone()
    return int(str(row[0])) if row else 0


def _idle(town: RunningTown) -> float:
    """CPU-ms a second of a town hall in which nothing happens; part of what each round counts."""
    roots = _roots(town)
    time.sleep(_IDLE_SECONDS)
    before = tree_seconds(roots)
    time.sleep(_IDLE_SECONDS)
    spent = (tree_seconds(roots) - before) / _IDLE_SECONDS * 1000
    print(f"{'idle':<34}{'':>45}{spent:>8.1f} CPU-ms a second", flush=True)
    return spent


def _bare(town: RunningTown, cases: int) -> str:
    """The same bytes, inserted once with fsync: what the machine gives at best."""
    parcels, roots = make(town.ready, pdf(), cases), _roots(town)
    with _superuser(town, "mynumber") as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_bare (id uuid, document bytea, cms bytea, pdf bytea)"
        )
        connection.execute("ALTER TABLE bench_bare ALTER pdf SET STORAGE EXTERNAL")
        before, began = tree_seconds([*roots, os.getpid()]), time.monotonic()
        for one in parcels:
            connection.execute(
                "INSERT INTO bench_bare VALUES (%s, %s, %s, %s)",
                [one.id, one.content, one.cms, one.pdf],
                binary=True,
            )
        seconds, cpu = time.monotonic() - began, tree_seconds([*roots, os.getpid()]) - before
        connection.execute("DROP TABLE bench_bare")
    return f"{'bare INSERT + fsync, once':<34}{cases / seconds:>7.1f} cases/s   {'':<28}{cpu / cases * 1000:>6.1f} CPU-ms a case"


def pdf() -> bytes:
    """A one-page PDF of about 400 KB with a photograph in it."""
    from PIL import Image

    noise = Image.effect_noise((900, 1270), 80).convert("RGB")
    with tempfile.SpooledTemporaryFile() as out:
        noise.save(out, "PDF", quality=60, resolution=110)
        out.seek(0)
        data = out.read()
    return data + b"\n%" + b" " * max(0, PDF_BYTES - len(data) - 2)


def _roots(town: RunningTown) -> list[int]:
    """The launcher and the three PostgreSQL servers, which are not its children."""
    servers = [
        int((town.home / zone / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
        for zone in ZONES
    ]
    return [town.process.pid, *servers]


def _superuser(town: RunningTown, zone: str) -> psycopg.Connection[tuple[object, ...]]:
    return Cluster(town.home / zone / "postgres").as_superuser(DATABASE).connect()


if __name__ == "__main__":
    sys.exit(main())
