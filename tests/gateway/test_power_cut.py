"""A power cut, in small: what PostgreSQL has promised is on the disk as it is at that moment, and without fsync it is not.

A whole town hall loses its power in ``make faults``.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from benchmarks.driver.running import open_folder
from benchmarks.faults import pids, storage

from yakuba.zones.postgres import Cluster, PostgresTrouble


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of its own, mounted."""
    if reason := storage.why_not():
        pytest.skip(reason)
    with open_folder() as folder, storage.own_disk(folder) as home:
        yield home


@pytest.mark.parametrize("durable", [True, False])
def test_what_was_promised_outlives_a_power_cut_and_without_fsync_it_does_not(
    disk: Path, durable: bool
) -> None:
    cluster = Cluster(disk / "postgres", durable=durable)
    cluster.start()
    cluster.ensure_database("power")
    promised = _promise_until_the_cut(cluster, disk)
    if durable:
        assert promised <= _what_is_left(cluster)
        return
    with suppress(PostgresTrouble):  # it may not even start again
        assert promised - _what_is_left(cluster), "the trial would notice a loss"


def _promise_until_the_cut(cluster: Cluster, disk: Path) -> set[int]:
    """Receipt numbers whose commit was answered, one after another, while the power goes."""
    promised: set[int] = set()
    with cluster.as_owner("power").connect() as connection:
        connection.execute("CREATE TABLE receipt (id bigint PRIMARY KEY, text text)")

    def promise() -> None:
        with suppress(psycopg.OperationalError), cluster.as_owner("power").connect() as writer:
            for number in range(100_000):
                writer.execute("INSERT INTO receipt VALUES (%s, repeat('x', 500))", [number])
                promised.add(number)

    writing = threading.Thread(target=promise)
    writing.start()
    while len(promised) < 200:
        time.sleep(0.01)
    storage.cut(disk, pids.of_server(cluster))
    writing.join()
    return promised


def _what_is_left(cluster: Cluster) -> set[int]:
    cluster.start()
    try:
        with cluster.as_owner("power").connect() as connection:
            return {int(str(row[0])) for row in connection.execute("SELECT id FROM receipt").fetchall()}
    finally:
        cluster.stop()
