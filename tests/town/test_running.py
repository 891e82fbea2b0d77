"""`yakuba run`: starts whole, stops whole, and keeps its data."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from benchmarks.driver.running import RunningTown, open_folder, start_town, stop_town

from yakuba.zones.launcher.home import ZONES
from yakuba.zones.postgres import Cluster

pytestmark = [pytest.mark.town]


@pytest.mark.parametrize("part", ["portal", "office", "casework"])
def test_each_zone_answers_at_the_address_that_was_printed(town: RunningTown, part: str) -> None:
    answer = httpx.get(town.url(part), follow_redirects=True)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_second_launcher_on_the_same_folder_says_that_it_runs_already(town: RunningTown) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "yakuba", "run"],
        env={**os.environ, "YAKUBA_HOME": str(town.home), "YAKUBA_PORT_BASE": str(town.base)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "すでに動いています" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr


def test_a_second_town_on_the_same_ports_is_told_which_port_is_taken(
    town: RunningTown, tmp_path: Path
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "yakuba", "run"],
        env={**os.environ, "YAKUBA_HOME": str(tmp_path / "home"), "YAKUBA_PORT_BASE": str(town.base)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert str(town.base) in second.stdout
    assert "YAKUBA_PORT_BASE=" in second.stdout


def test_the_town_stops_whole_starts_again_with_its_data_and_outlives_its_killed_launcher() -> None:
    with open_folder() as folder:
        home = folder / "home"
        first = start_town(home, residents=100)
        stop_town(first)
        assert first.process.returncode == 0
        assert not any(Cluster(home / zone / "postgres").running() for zone in ZONES)
        second = start_town(home)
        assert second.ready["made"] == first.ready["made"], "the second run found the first one's town"
        assert second.ready["residents"] == 100
        os.kill(second.process.pid, signal.SIGKILL)
        second.process.wait()
        _wait_until_gone(second.url("portal"))
        third = start_town(home, base=second.base)
        assert httpx.get(third.url("portal"), follow_redirects=True).status_code == 200
        stop_town(third)
        assert not any(Cluster(home / zone / "postgres").running() for zone in ZONES)


def _wait_until_gone(address: str) -> None:
    """The parts end with their launcher, without being told by anybody."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            httpx.get(address, timeout=1)
        except httpx.TransportError:
            return
        time.sleep(0.2)
    raise AssertionError(f"{address} still answers after its launcher was killed")
