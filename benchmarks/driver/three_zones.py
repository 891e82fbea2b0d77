"""Three zones on this machine: a database each, gateway servers with mTLS, relays; all real processes that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.driver.ports import free_port, free_ports
from yakuba.gateway.keys import make_link, make_zone_key
from yakuba.gateway.serve import relay_command, server_command
from yakuba.zones.nats import EmbeddedBroker
from yakuba.zones.postgres import Cluster

EFFECTS = (
    "CREATE TABLE echo_effect (id bigserial PRIMARY KEY, message uuid NOT NULL, kind text NOT NULL, "
    "number bigint, files text NOT NULL)"
)
ZONES = ("internet", "lgwan", "mynumber")
LINKS = (("internet", "lgwan"), ("lgwan", "mynumber"))
_ROOT = Path(__file__).parents[2]


class Town:
    """The three zones. ``start``/``kill`` take ``<zone>-server`` or ``<zone>-relay``."""

    def __init__(self, cluster: Cluster, folder: Path, name: str) -> None:
        self.cluster, self.folder, self.name = cluster, folder, name
        self.ports = {zone: free_port() for zone in ("internet", "lgwan")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.extra: dict[str, str] = {}
        self.brokers: dict[str, EmbeddedBroker] = {}
        for zone in ZONES:
            make_zone_key(folder / "keys", zone)
        for outer, inner in LINKS:
            make_link(folder / f"{outer}-{inner}", outer, inner)

    def database(self, zone: str) -> str:
        return f"{self.name}_{zone}"

    def environment(self, zone: str, **more: str) -> dict[str, str]:
        """What a process of the zone is started with."""
        link = {"lgwan": "internet", "mynumber": "lgwan"}.get(zone)
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}",
            "PYTHONWARNINGS": "default",
            "DJANGO_SETTINGS_MODULE": "benchmarks.driver.zone_settings",
            "YAKUBA_TEST_ZONE": zone,
            "YAKUBA_ZONE_KEY": str(self.folder / "keys" / f"{zone}.key"),
            "YAKUBA_ZONE_PEERS": str(self.folder / "keys"),
            **self.cluster.as_app(self.database(zone)).environment(),
            **({"YAKUBA_LINK_UPSTREAM": f"https://127.0.0.1:{self.ports[link]}"} if link else {}),
            **({"YAKUBA_LINK_FILES": str(self.folder / f"{link}-{zone}")} if link else {}),
            **self._broker_environment(zone),
            **self.extra,
            **more,
        }

    def make_databases(self) -> None:
        """Migrate one and copy it twice."""
        first = self.database(ZONES[0])
        self.cluster.ensure_database(first)
        owner = {**self.environment(ZONES[0]), **self.cluster.as_owner(first).environment()}
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "-v", "0"], env=owner, check=True, cwd=_ROOT
        )
        with self.cluster.as_owner(first).connect() as connection:
            connection.execute(EFFECTS)
        for zone in ZONES[1:]:
            self.cluster.ensure_database(self.database(zone), template=first)

    def start(self, *parts: str) -> None:
        """Start server and relay processes; with no names, all five. ``<zone>-node<n>`` is a NATS server."""
        for part in parts or ("internet-server", "lgwan-server", *(f"{zone}-relay" for zone in ZONES)):
            zone, role = part.split("-")
            if role.startswith("node"):
                broker = self.brokers[zone]
                node = next(node for node in broker.nodes if node.name == role)
                command, environment = broker.command(node), {"PATH": os.environ["PATH"]}
            elif role == "server":
                inner = {"internet": "lgwan", "lgwan": "mynumber"}[zone]
                command = server_command(self.folder / f"{zone}-{inner}", "127.0.0.1", self.ports[zone])
                environment = self.environment(zone, YAKUBA_TEST_SERVES="1")
            else:
                command, environment = relay_command(zone), self.environment(zone)
            with (self.folder / f"{part}.log").open("ab") as log:
                self.processes[part] = subprocess.Popen(
                    command, env=environment, cwd=_ROOT, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, part: str) -> None:
        """kill -9 of the process and everything it has started, at once."""
        process = self.processes.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def use_jetstream(self) -> None:
        """From now on messages cross over two clusters of three NATS servers, started here."""
        for link in LINKS:
            ports = tuple(free_ports(6))
            broker = EmbeddedBroker(
                self.folder / f"broker-{link[0]}", self.folder / f"broker-{link[0]}-certs", link, ports
            )
            broker.make_files()
            self.brokers[link[0]] = broker
            for node in broker.nodes:
                self.start(f"{link[0]}-{node.name}")
        for broker in self.brokers.values():
            broker.prepare()

    def _broker_environment(self, zone: str) -> dict[str, str]:
        settings = {"YAKUBA_RELAY": "jetstream"} if self.brokers else {}
        for broker in self.brokers.values():
            if zone in broker.link:
                end = "YAKUBA_BROKER_INWARD" if zone == broker.link[0] else "YAKUBA_BROKER_OUTWARD"
                settings |= {end: ",".join(broker.addresses), f"{end}_FILES": str(broker.certificates)}
        return settings

    def stop(self) -> None:
        """SIGTERM to all, and SIGKILL to what does not listen."""
        for process in self.processes.values():
            process.terminate()
        for part, process in list(self.processes.items()):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill(part)
        self.processes.clear()

    def cut_database(self, zone: str) -> None:
        """End all connections the zone's processes have to their database, in the middle of whatever they do."""
        self.rows(
            zone, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'yakuba_app'",
            self.database(zone),
        )  # fmt: skip

    def rows(self, zone: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into a zone's database past row-level security, as only a test may."""
        with self.cluster.as_superuser(self.database(zone)).connect() as connection:
            return list(connection.execute(query.encode(), parameters).fetchall())

    def one(self, zone: str, query: str, *parameters: object) -> Any:
        """The one value of ``query``."""
        return self.rows(zone, query, *parameters)[0][0]

    def wait_until(self, true: Callable[[], bool], seconds: float = 60.0, what: str = "") -> None:
        """Wait for something, and show the logs if it does not come."""
        until = time.monotonic() + seconds
        while not true():
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s: {what}\n{self.logs()}")
            time.sleep(0.05)

    def logs(self) -> str:
        """The ends of all logs."""
        return "\n".join(
            f"== {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-25:])
            for path in sorted(self.folder.glob("*.log"))
        )

    def post(self, zone: str, script: str, *arguments: str) -> str:
        """Run a few lines of Python in a process of the zone; returns what they print."""
        code = f"import django; django.setup()\nfrom benchmarks.driver.posting import *\n{script}"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], env=self.environment(zone), cwd=_ROOT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def running_town(cluster: Cluster, folder: Path, name: str, kind: type[Town] = Town) -> Iterator[Town]:
    """A town that is up, and gone afterwards."""
    town = kind(cluster, folder, name)
    town.make_databases()
    try:
        yield town
    finally:
        town.stop()
        with cluster.as_superuser().connect() as connection:
            for zone in ZONES:
                connection.execute(
                    psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                        psycopg.sql.Identifier(town.database(zone))
                    )
                )
