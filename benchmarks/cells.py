"""A municipality moved between two cells of all three zones, while applications for it keep coming; nothing lost, nothing twice.

    python -m benchmarks.cells [--cases N] [--moves N] [--clients N] [--residents N]

A real town hall in two cells (``YAKUBA_RUN_CELLS=2``). Clients hand in signed applications over the API and one reads the pages of another
municipality, while `yakuba cells move` moves the first municipality away and back. Beside it, in the same run, the same number of
applications without a move. Exit status 1 if an application was lost, doubled or refused, or the neighbour's page failed.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.disaster import nobody_counted
from benchmarks.driver import parcels
from benchmarks.driver.parcels import Parcel
from benchmarks.driver.running import RunningTown, start_town, stop_town
from benchmarks.results import Results
from yakuba.zones.launcher.cells import VARIABLE
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.play.story import _photo
from yakuba.zones.postgres import Cluster

_MOVED, _NEIGHBOUR = "143014", "143421"
_PATIENCE = 300.0
_STOP = re.compile(r"書き込みを (\d+) ミリ秒")


@dataclass
class Answers:
    """What the clients were told."""

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, standard in (("cases", 400), ("moves", 4), ("clients", 4), ("residents", 2_000)):
        parser.add_argument(f"--{name}", type=int, default=standard)
    wanted = parser.parse_args()
    os.environ[VARIABLE] = "2"
    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as place:
        Path(place).chmod(0o755)
        town = start_town(Path(place) / "home", residents=wanted.residents)
        try:
            return measure(town, wanted, Results("cells"))
        finally:
            stop_town(town)


def measure(town: RunningTown, wanted: argparse.Namespace, results: Results) -> int:
    """With moves and without; 1 if anything went wrong in either."""
    wrong = 0
    for what, moves in (
        ("handed in, nothing moved", 0),
        (f"handed in while moved {wanted.moves} times", wanted.moves),
    ):
        given, answers, stops, failed = under_load(town, wanted, moves)
        there, double = arrived(town, [one.receipt_number for one in given])
        figures = {
            "count": len(given), "p50_s": part(answers.seconds, 0.5), "p95_s": part(answers.seconds, 0.95),
            "longest_s": max(answers.seconds), "refused": len(answers.refused), "neighbour_failed": failed,
            "lost": len(given) - len(answers.refused) - there, "double": double,
            **({"longest_stop_ms": max(stops), "stops": len(stops)} if stops else {}),
        }  # fmt: skip
        results.add(what, figures)
        print(
            f"{what:<36}" + "   ".join(f"{name} {value:,.3f}" for name, value in figures.items()), flush=True
        )
        for one in answers.refused[:5]:
            print(f"  refused: {one}")
        wrong += int(figures["lost"] + double + failed) + len(answers.refused)
    return 1 if wrong else 0


def under_load(
    town: RunningTown, wanted: argparse.Namespace, moves: int
) -> tuple[list[Parcel], Answers, list[int], int]:
    """Hand all in, and more for as long as it is moved; the parcels, the answers, the stops, the neighbour's failures."""
    members = parcels.signers(town.ready)[: wanted.clients]
    given, answers = parcels.make(town.ready, _photo(), wanted.cases, members), Answers()
    nobody_counted(town)
    with neighbour_read(town) as failures, ThreadPoolExecutor(1) as mover:
        moved = mover.submit(move_to_and_fro, town, moves)
        hand_in_all(town, given, members, answers)
        while not moved.done():
            more = parcels.make(town.ready, _photo(), 20 * len(members), members)
            nobody_counted(town)
            hand_in_all(town, more, members, answers)
            given += more
        stops = moved.result()
    return given, answers, stops, len(failures)


def hand_in_all(
    town: RunningTown, given: Sequence[Parcel], members: Sequence[parcels.CastMember], answers: Answers
) -> None:
    """Each client its share, one after the other."""

    def client(number: int) -> None:
        with parcels.session(town.ready, members[number]) as session:
            for one in given[number :: len(members)]:
                began = time.monotonic()
                answer = parcels.post(session, one)
                answers.seconds.append(time.monotonic() - began)
                if answer.status_code != 201:
                    answers.refused.append(f"{answer.status_code} {answer.text[:120]}")

    with ThreadPoolExecutor(len(members)) as pool:
        list(pool.map(client, range(len(members))))


def move_to_and_fro(town: RunningTown, moves: int) -> list[int]:
    """`yakuba cells move`, now there, now back; how long writing had to wait each time and zone, in milliseconds."""
    stops: list[int] = []
    for _ in range(moves):
        target = "home" if seat(town, "mynumber") == "c2" else "c2"
        command = [sys.executable, "-m", "yakuba", "cells", "move", _MOVED, target]
        environment = {**os.environ, "YAKUBA_HOME": str(town.home)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
        stops += [int(one) for one in _STOP.findall(done.stdout)]
    return stops


@contextmanager
def neighbour_read(town: RunningTown) -> Iterator[list[str]]:
    """Somebody reads another municipality's pages all the while; what they were not shown."""
    failures: list[str] = []
    over = threading.Event()

    def read() -> None:
        with httpx.Client(timeout=60) as client:
            while not over.wait(0.1):
                answer = client.get(town.url("portal", f"/{_NEIGHBOUR}/"))
                if answer.status_code != 200:
                    failures.append(str(answer.status_code))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield failures
    finally:
        over.set()
        reader.join()


def cells_of(town: RunningTown, zone: str) -> Mapping[str, Cluster]:
    """The zone's clusters by cell."""
    return {"home": Cluster(town.home / zone / "postgres"), "c2": Cluster(town.home / zone / "postgres-c2")}


def seat(town: RunningTown, zone: str) -> str:
    """In which cell the municipality is."""
    for name, cluster in cells_of(town, zone).items():
        with cluster.as_superuser(DATABASE).connect() as database:
            if database.execute(
                "SELECT 1 FROM cell_seat WHERE code = %s AND state = 'here'", [_MOVED]
            ).fetchone():
                return name
    raise RuntimeError(f"no cell of {zone} has {_MOVED}")


def arrived(town: RunningTown, numbers: Sequence[str]) -> tuple[int, int]:
    """How many of the receipt numbers are on the desk in the end, over all cells, and how many of them more than once."""
    limit, counted = time.monotonic() + _PATIENCE, (0, 0)
    while time.monotonic() < limit:
        found: list[str] = []
        for cluster in cells_of(town, "mynumber").values():
            with cluster.as_superuser(DATABASE).connect() as database:
                rows = database.execute(
                    "SELECT receipt_number FROM casework_case WHERE receipt_number = ANY(%s)", [list(numbers)]
                ).fetchall()
                found += [str(row[0]) for row in rows]
        counted = (len(set(found)), len(found) - len(set(found)))
        if counted[0] >= len(numbers):
            break
        time.sleep(0.5)
    return counted


def part(seconds: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


if __name__ == "__main__":
    sys.exit(main())
