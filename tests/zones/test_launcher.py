"""What the launcher does when the machine is not as it would like, and when a part dies."""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.driver.ports import free_port

from yakuba.zones.launcher import cells
from yakuba.zones.launcher import home as homes
from yakuba.zones.launcher.parts import Part, Supervisor
from yakuba.zones.launcher.ports import Ports, check_free, chosen_ports
from yakuba.zones.launcher.troubles import AlreadyRunning, NoPort, PartTrouble, PlaceTrouble, PortTrouble
from yakuba.zones.postgres import Cluster

LISTENER = """
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: time.sleep(0.1)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path)
    yield made
    made.stop()


def listener(port: int, name: str = "listener") -> Part:
    return Part(name, [sys.executable, "-c", LISTENER, str(port)], dict(os.environ), port)


def test_a_taken_port_is_named_with_a_way_out() -> None:
    base = free_port()
    with socket.create_server(("127.0.0.1", base + 2)), pytest.raises(PortTrouble) as trouble:
        check_free(Ports(base))
    assert trouble.value.port == base + 2
    assert f"YAKUBA_PORT_BASE={base + 1000}" in str(trouble.value)


def test_free_ports_are_no_trouble() -> None:
    check_free(Ports(free_port()))


def test_a_folder_that_cannot_be_written_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PlaceTrouble, match="YAKUBA_HOME=") as trouble:
        homes.open_home(tmp_path / "file" / "var")
    assert str(tmp_path) in str(trouble.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as somebody else")
def test_root_in_a_closed_folder_gets_a_home_the_database_can_reach(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert homes.default_home(tmp_path).parts[:4] == ("/", "var", "lib", "yakuba")


def test_a_full_disk_is_said_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(homes.shutil, "disk_usage", lambda _path: usage._replace(free=5 * 1024 * 1024))
    with pytest.raises(PlaceTrouble, match="空きは 5 MB"):
        homes.open_home(tmp_path / "var")


def test_a_town_hall_has_one_cell_a_zone_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YAKUBA_RUN_CELLS", raising=False)
    home = homes.open_home(tmp_path)
    assert cells.cells_wanted(home) == 1
    assert cells.environment(home, "internet") == {}
    monkeypatch.setenv("YAKUBA_RUN_CELLS", "3")
    assert cells.names(cells.cells_wanted(home)) == ("home", "c2", "c3")


@pytest.mark.parametrize("text", ["0", "9", "two", "-1", "２"])
def test_a_number_of_cells_that_is_none_is_refused_with_a_right_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("YAKUBA_RUN_CELLS", text)
    with pytest.raises(PlaceTrouble, match="YAKUBA_RUN_CELLS=2 make run"):
        cells.cells_wanted(homes.open_home(tmp_path))


def test_cells_that_hold_municipalities_are_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = homes.open_home(tmp_path)
    cells.file_of(home, "internet").write_text("cells: {home: {number: 0}, c2: {number: 1}}")
    monkeypatch.delenv("YAKUBA_RUN_CELLS", raising=False)
    assert cells.cells_wanted(home) == 2, "as many as there have been"
    monkeypatch.setenv("YAKUBA_RUN_CELLS", "1")
    with pytest.raises(PlaceTrouble, match="届かなくなります"):
        cells.cells_wanted(home)


def test_only_one_launcher_holds_a_folder(tmp_path: Path) -> None:
    home = homes.open_home(tmp_path / "var")
    with homes.lock(home), pytest.raises(AlreadyRunning, match="すでに動いています"):
        homes.lock(home)
    homes.lock(home).close()


def test_a_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = homes.secret(path)
    assert (homes.secret(path), len(first), path.stat().st_mode & 0o777) == (first, 64, 0o600)
    assert homes.secret(tmp_path / "other") != first


def test_a_part_that_is_killed_is_started_again(supervisor: Supervisor) -> None:
    part = listener(free_port())
    supervisor.start(part)
    supervisor.wait_ready()
    assert part.process is not None
    killed = part.process.pid
    os.kill(killed, signal.SIGKILL)
    part.process.wait()
    said: list[str] = []
    limit = time.monotonic() + 30
    while (part.process is None or part.process.pid == killed) and time.monotonic() < limit:
        supervisor.watch(said.append)
        time.sleep(0.05)
    supervisor.wait_ready()
    assert part.restarts == 1
    assert "listener" in said[0]


def test_what_a_killed_part_has_left_behind_is_cleared_before_it_starts_again(supervisor: Supervisor) -> None:
    port = free_port()
    orphaning = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {LISTENER!r}, '{port}']); time.sleep(1e6)"
    part = Part("parent", [sys.executable, "-c", orphaning], dict(os.environ), port)
    supervisor.start(part)
    supervisor.wait_ready()
    assert part.process is not None
    os.kill(part.process.pid, signal.SIGKILL)
    part.process.wait()
    limit = time.monotonic() + 30
    while part.restarts == 0 and time.monotonic() < limit:
        supervisor.watch(lambda _line: None)
        time.sleep(0.05)
    supervisor.wait_ready()
    time.sleep(0.5)
    assert part.process.poll() is None, "the second start must find its port free"
    assert b"Address already in use" not in supervisor.log_of(part).read_bytes()


def test_a_part_that_cannot_start_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    supervisor.start(
        Part(
            "broken",
            [sys.executable, "-c", "raise SystemExit('no such table')"],
            dict(os.environ),
            free_port(),
        )
    )
    with pytest.raises(PartTrouble, match="no such table"):
        supervisor.wait_ready()


def test_stopping_ends_every_part_even_one_that_does_not_listen_to_reason(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yakuba.zones.launcher.parts._STOP_WITHIN", 0.5)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(1e6)"
    parts = [listener(free_port()), Part("stubborn", [sys.executable, "-c", stubborn], dict(os.environ))]
    for part in parts:
        supervisor.start(part)
    supervisor.wait_ready()
    processes = [part.process for part in parts]
    while b"deaf" not in supervisor.log_of(parts[1]).read_bytes():
        time.sleep(0.02)
    supervisor.stop()
    assert all(process is not None and process.poll() is not None for process in processes)


def test_a_database_that_was_left_running_is_adopted(cluster: Cluster) -> None:
    again = Cluster(cluster.folder, durable=False)
    again.start()
    assert again.running()
    with again.as_superuser().connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_database_listens_on_no_network_address(cluster: Cluster) -> None:
    with cluster.as_superuser().connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_running_town_is_durable(tmp_path: Path) -> None:
    configuration = Cluster(tmp_path / "postgres")._configuration()
    assert "fsync = on" in configuration
    assert "synchronous_commit = on" in configuration
    assert "full_page_writes = on" in configuration


@pytest.mark.parametrize("text", ["abc", "0", "-1", "99999", "８１００", "81.5"])
def test_a_port_that_is_none_is_refused_with_a_right_example(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YAKUBA_PORT_BASE", text)
    with pytest.raises(NoPort, match="YAKUBA_PORT_BASE=9100 make run"):
        chosen_ports()


def test_a_town_that_is_there_needs_less_space_than_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = type("Usage", (), {"free": 200 << 20})
    monkeypatch.setattr(homes.shutil, "disk_usage", lambda _path: free)
    with pytest.raises(PlaceTrouble, match="600 MB"):
        homes.open_home(tmp_path)
    (tmp_path / "residents").write_text("20000")
    assert homes.open_home(tmp_path).path == tmp_path.resolve()
