"""`yakuba run`: starts whole, stops whole, and keeps its data."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.town.conftest import RunningTown, open_to_the_database_server, start_town, stop_town
from yakuba.zones.launcher.home import ZONES
from yakuba.zones.postgres import Cluster

pytestmark = [pytest.mark.town, pytest.mark.xdist_group("town")]


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


def test_ctrl_c_stops_everything_and_a_second_run_keeps_the_data(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("again")
    open_to_the_database_server(folder)
    home = folder / "home"
    first = start_town(home, residents=100)
    stop_town(first)
    assert first.process.returncode == 0
    assert not any(Cluster(home / zone / "postgres").running() for zone in ZONES)
    second = start_town(home, residents=100)
    stop_town(second)
    assert second.ready["made"] == first.ready["made"], "the second run found the first one's town"


def test_when_the_launcher_itself_is_killed_its_parts_end_and_the_next_start_takes_over(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    open_to_the_database_server(folder)
    home = folder / "home"
    first = start_town(home, residents=100)
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            httpx.get(first.url("portal"), timeout=1)
        except httpx.TransportError:
            break
        time.sleep(0.2)
    second = start_town(home, residents=100, base=first.base)
    assert httpx.get(second.url("portal"), follow_redirects=True).status_code == 200
    stop_town(second)
    assert not any(Cluster(home / zone / "postgres").running() for zone in ZONES)
