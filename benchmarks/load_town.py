"""Filling the registers with a synthetic town, beside a bare COPY of the same bytes; then searching in it.

The load is the real one: people made from the seed in worker processes, 個人番号 sealed one by one, rows staged and
inserted by the application role under row-level security with every index and check, parts committed with their
audit record, ``fsync`` on. The bare COPY puts the same bytes into tables without index, check or policy: nothing that
keeps the data can be faster on this machine. All in one run; nothing is compared with figures from elsewhere.

    python -m benchmarks.load_town [--residents 100000] [--jobs 3]
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import psycopg
from django.core.management import call_command
from django.db import connection

from yakuba.demo.plan import Plan
from yakuba.zones.postgres import Cluster

TOWN = "143014"
AS_OF = date(2026, 11, 23)
SEARCHES = ("髙橋", "渡辺", "渡邉大輔", "たかはし", "ﾜﾀﾅﾍﾞ ﾀﾞｲ", "サ", "santos maria", "0000001005", "山﨑直樹")
ROUNDS = 20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Wall and CPU seconds of one run; the server's CPU apart from ours."""

    wall: float
    ours: float
    server: float

    def line(self, name: str, residents: int) -> str:
        """One row of the table."""
        each = 1e6 / residents
        return (
            f"{name:<46} {residents / self.wall:>9,.0f}/s {self.ours * each:>8.1f} {self.server * each:>8.1f} "
            f"{(self.ours + self.server) * each:>8.1f}"
        )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--residents", type=int, default=100_000)
    options.add_argument("--jobs", type=int, default=None)
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.zones.settings.everything")
    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as folder, _database(Path(folder)) as cluster:
        _measure(Plan(TOWN, chosen.residents, AS_OF), chosen.jobs, cluster, Path(folder))


@contextmanager
def _database(folder: Path) -> Iterator[Cluster]:
    folder.chmod(0o755)
    cluster = Cluster(folder / "postgres")
    cluster.start()
    try:
        cluster.ensure_database("bench")
        django.setup()
        for role in (cluster.as_owner("bench"), cluster.as_app("bench")):
            connection.close()
            connection.settings_dict.update(
                HOST=role.host, PORT=role.port, NAME=role.database, USER=role.role, PASSWORD=role.password
            )
            if role.role == "yakuba_owner":
                call_command("migrate", verbosity=0)
        yield cluster
    finally:
        connection.close()
        cluster.stop()


def _measure(plan: Plan, jobs: int | None, cluster: Cluster, folder: Path) -> None:
    keys_file = folder / "keys.json"
    import_module("yakuba.registers.mynumber_keys").make_keys(keys_file)
    load = import_module("yakuba.demo.load")
    spent, report = _spent(cluster, lambda: load.load_town(plan, keys_file, jobs=jobs))
    sizes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    files = _spool(plan, keys_file, folder / "rows")
    bare, _ = _spent(cluster, lambda: _bare_copy(cluster, files))
    print(
        f"{plan.residents:,} residents, {report.rows:,} rows, {report.bytes / plan.residents:,.0f} bytes each; "
    )
    print(f"memory of the largest of our processes: {max(sizes) / 1024:,.0f} MiB")
    print(
        f"load average when done: {', '.join(f'{each:.1f}' for each in os.getloadavg())} on {os.cpu_count()} cores"
    )
    print(f"\n{'':<46} {'residents':>11} {'CPU-µs each: ours':>8} {'server':>4} {'both':>8}")
    print(spent.line("the load, everything in it", plan.residents))
    print(
        f"{'  of which making people (all processes)':<46} {'':>11} {report.generation_cpu / plan.residents * 1e6:>8.1f}"
    )
    print(bare.line("bare COPY of the same bytes", plan.residents))
    print(
        f"\nThe load takes {(spent.ours + spent.server) / (bare.ours + bare.server):.1f} × the CPU of the bare COPY.\n"
    )
    _searches()


def _spent(cluster: Cluster, work: Callable[[], Any]) -> tuple[Spent, Any]:
    server, ours, wall = _server_cpu(cluster), _own_cpu(), time.perf_counter()
    result = work()
    wall = time.perf_counter() - wall
    return Spent(wall, _own_cpu() - ours, _server_cpu(cluster) - server), result


def _own_cpu() -> float:
    """This process, those it has waited for, and those that live (what the workers are forked from, with the workers)."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system + _of_children(os.getpid())


def _of_children(parent: int) -> float:
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            ticks += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return ticks / _TICKS


def _server_cpu(cluster: Cluster) -> float:
    """The server's processes that live, and those that have ended."""
    postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(status.parent.name) == postmaster:
            total += sum(int(fields[place]) for place in (11, 12, 13, 14))
        elif int(fields[1]) == postmaster:
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


# -- the bare limit ---------------------------------------------------------------------------------


def _spool(plan: Plan, keys_file: Path, folder: Path) -> list[tuple[str, Path]]:
    """The same bytes as files, one per table."""
    rows = import_module("yakuba.demo.rows").rows
    town = import_module("yakuba.demo.town")
    keys = import_module("yakuba.registers.mynumber_keys").read_keys(keys_file)
    folder.mkdir()
    tables = import_module("yakuba.registers.bulk").COLUMNS
    for number, size in plan.blocks():
        made = rows(plan.municipality, town.block(plan, number, size), keys)
        for table in tables:
            with (folder / table).open("ab") as file:
                file.write(made.data(table))
    return [(table, folder / table) for table in tables]


def _bare_copy(cluster: Cluster, files: list[tuple[str, Path]]) -> None:
    """Logged tables with the same columns and nothing else; one stream a table, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: _copy_one(cluster, *each), files))


def _copy_one(cluster: Cluster, table: str, file: Path) -> None:
    columns = ", ".join(f'"{name}"' for name in import_module("yakuba.registers.bulk").COLUMNS[table])
    with cluster.as_superuser("bench").connect() as session, session.transaction():
        session.execute(f"CREATE TABLE bare_{table} AS SELECT {columns} FROM {table} WITH NO DATA")  # type: ignore[arg-type]
        with (
            file.open("rb") as data,
            psycopg.Cursor(session).copy(f"COPY bare_{table} FROM STDIN") as copy,  # type: ignore[arg-type]
        ):
            while chunk := data.read(1 << 20):
                copy.write(chunk)


# -- searching in it --------------------------------------------------------------------------------


def _searches() -> None:
    """Each kind of search as the application role, with row-level security, without any vacuum or analysis before."""
    people = import_module("yakuba.registers.people")
    under = import_module("yakuba.base.tenancy").under
    print(
        f"{'search (50 first), under row-level security':<46} {'found':>6} {'median ms':>10} {'worst ms':>9}"
    )
    for text in SEARCHES:
        times, found = [], 0
        with under(TOWN):
            for _ in range(ROUNDS):
                began = time.perf_counter()
                found = len(people.search(text))
                times.append((time.perf_counter() - began) * 1e3)
        print(f"{text:<46} {found:>6} {statistics.median(times):>10.2f} {max(times):>9.2f}")


if __name__ == "__main__":
    main()
