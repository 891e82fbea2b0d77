"""The whole town hall: databases, keys, demo data, then the parts in order; and back down again."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import yakuba
from yakuba.base.files import write_json
from yakuba.demo.places import bodies, places
from yakuba.gateway.keys import make_link, make_zone_key
from yakuba.gateway.serve import relay_command, server_command
from yakuba.office.operators import give_towns, make_operator
from yakuba.zones.launcher import cells
from yakuba.zones.launcher.environment import (
    LINKS,
    Place,
    bare_environment,
    embedded_brokers,
    granian,
    python,
    zone_environment,
)
from yakuba.zones.launcher.home import ZONES
from yakuba.zones.launcher.parts import Part, Supervisor
from yakuba.zones.launcher.ports import HOST, url
from yakuba.zones.launcher.troubles import PartTrouble
from yakuba.zones.nats import EmbeddedBroker
from yakuba.zones.postgres import Cluster, PostgresTrouble

DATABASE = "yakuba"
_DATABASE_PAUSE = 3.0
DEFAULT_RESIDENTS = 20_000
WORKER = python("-m", "django", "procrastinate", "worker", "--concurrency", "1")
Tell = Callable[[str], None]


class Town:
    """One town hall in one place.

    Args:
        place: its folder and ports.
        tell: shown to whoever started it, one line per step.
    """

    def __init__(self, place: Place, tell: Tell) -> None:
        self.place = place
        self.tell = tell
        self.cells = cells.names(cells.cells_wanted(place.home))
        self.clusters = {
            zone: {name: cells.cluster_of(place.home, zone, name) for name in self.cells} for zone in ZONES
        }
        self.supervisor = Supervisor(place.home.logs)
        self._database_again_at: dict[Path, float] = {}

    # -- preparing ------------------------------------------------------------------------------

    def prepare(self, residents: int | None) -> None:
        """Everything up to the point where the parts can start. Repeating it changes nothing."""
        self.tell(f"データベースを起動しています(3つの区域に{len(self.cells)}つずつ)")
        with ThreadPoolExecutor(len(ZONES)) as pool:
            list(pool.map(self._start_database, self._databases()))
        self._make_keys()
        self._migrate()
        self._settle()
        self._prepare_demo(residents)

    def _databases(self) -> list[Cluster]:
        return [cluster for of in self.clusters.values() for cluster in of.values()]

    @staticmethod
    def _start_database(cluster: Cluster) -> None:
        cluster.start()
        cluster.ensure_database(DATABASE)

    def _settle(self) -> None:
        """In cells: which are there, and where each municipality is."""
        if len(self.cells) == 1:
            return
        home = self.place.home
        for zone in ZONES:
            cells.write_file(home, zone, self.clusters[zone], DATABASE)
            cells.settle(home, zone, sorted(bodies()), fresh=not (home.path / "residents").exists())

    def _make_keys(self) -> None:
        home = self.place.home
        home.zone_keys.mkdir(exist_ok=True)
        for zone in ZONES:
            own = home.zone(zone) / "keys"
            make_zone_key(own, zone)
            shutil.copy(own / f"{zone}.pub", home.zone_keys)
        for outer, inner in LINKS:
            make_link(home.link(outer, inner), outer, inner)
        for broker in embedded_brokers(self.place):
            broker.make_files()

    def _prepare_demo(self, residents: int | None) -> None:
        """Town, cards, staff: at the first start with a bar, later only renewed."""
        home, own = self.place.home, self.place.home.zone("mynumber")
        known = _read(home.path / "residents")
        wanted = residents or int(known or DEFAULT_RESIDENTS)
        if not known:
            self.tell(f"架空の町をつくっています(住民 {wanted:,} 人と、模擬のマイナンバーカード)")
        folders = {
            "authority": home.cards / "authority", "cards": home.cards / "cards", "trust": home.trust,
            "notices": own / "notices", "public": home.notices, "my-number-keys": own / "keys" / "my-number.json",
            "staff": home.cards / "staff.json",
        }  # fmt: skip
        self._make_operators()
        options = [word for name, path in folders.items() for word in (f"--{name}", str(path))]
        command = python("-m", "yakuba", "demo", "prepare", "--residents", str(wanted), *options)
        self.run_once("demo-prepare", command, self.environment("mynumber"), show=not known)
        if not known:
            (home.path / "residents").write_text(str(wanted))
            # keys, cards and settings made just now must outlive a power cut as the databases do: a file that was only
            # written may be empty afterwards
            os.sync()

    def _make_operators(self) -> None:
        """The demo's operators of the office, two because a procedure is published by another than its writer; like
        the demo staff, kept where the demo's people can read them."""
        home, town = self.place.home, [places()[0].code]
        file, told = home.zone("lgwan") / "office" / "operators.json", home.cards / "operators.json"
        known = json.loads(told.read_text()) if told.exists() else []
        for name in ("kanri", "kanri2"):
            made = make_operator(file, name, town)
            if made:
                known.append({"name": made.name, "password": made.password, "totp_secret": made.totp})
            give_towns(file, name, town)
        write_json(told, known)

    def _migrate(self) -> None:
        wanted = f"{_migrations_fingerprint()} {len(self.cells)}"
        stale = [zone for zone in ZONES if _read(self._migrated(zone)) != wanted]
        if stale:
            self.tell("データベースの表を用意しています")
            with ThreadPoolExecutor(len(ZONES)) as pool:
                list(pool.map(self._migrate_zone, stale))
            for zone in stale:
                self._migrated(zone).write_text(wanted)

    def _migrate_zone(self, zone: str) -> None:
        command = python("-m", "django", "migrate", "--no-input", "-v", "0")
        for name, cluster in self.clusters[zone].items():
            environment = zone_environment(self.place, zone, cluster.as_owner(DATABASE))
            # one cell at a time, as a database like any other
            self.run_once(f"migrate-{zone}-{name}", command, {**environment, "YAKUBA_CELLS": ""})

    def _migrated(self, zone: str) -> Path:
        return self.place.home.zone(zone) / "migrated"

    def environment(self, zone: str) -> dict[str, str]:
        """What ``zone``'s processes get: the application role, its own keys."""
        return zone_environment(self.place, zone, self.clusters[zone][cells.HOME].as_app(DATABASE))

    def run_once(
        self, name: str, command: list[str], environment: dict[str, str], *, show: bool = False
    ) -> None:
        """Run a command to its end; its progress is shown if ``show``.

        Raises:
            PartTrouble: it failed; the message carries the end of its log.
        """
        log = self.place.home.logs / f"{name}.log"
        with log.open("w+") as errors:
            finished = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=None if show else errors, stderr=errors,
                check=False,
            )  # fmt: skip
        if finished.returncode:
            raise PartTrouble(name, log)

    # -- running --------------------------------------------------------------------------------

    def start(self) -> None:
        """Start every part and wait until all are ready."""
        for broker in embedded_brokers(self.place):
            self._start_broker(broker)
        for part in self._parts():
            self.supervisor.start(part)
        self.supervisor.wait_ready()

    def _start_broker(self, broker: EmbeddedBroker) -> None:
        self.tell(
            f"NATS JetStream を起動しています({broker.link[0]}–{broker.link[1]}、{len(broker.nodes)} 台)"
        )
        for node in broker.nodes:
            name = f"broker-{broker.link[0]}-{node.name}"
            self.supervisor.start(Part(name, broker.command(node), bare_environment(), node.port))
        self.supervisor.wait_ready()
        broker.prepare()

    def _parts(self) -> list[Part]:
        ports = self.place.ports
        environment = {zone: self.environment(zone) for zone in ZONES}
        pages = "yakuba.zones.wsgi:application"
        internet, lgwan, mynumber = (environment[zone] for zone in ZONES)
        return [
            Part("portal", granian(pages, ports.portal), internet, ports.portal),
            self._gateway("internet", "lgwan", ports.gateway_internet, internet),
            *self._workers("internet", internet),
            Part("office", granian(pages, ports.office, threads=2), lgwan, ports.office),
            self._gateway("lgwan", "mynumber", ports.gateway_lgwan, lgwan),
            Part("relay-internet", relay_command("internet"), internet),
            Part("relay-lgwan", relay_command("lgwan"), lgwan),
            Part("casework", granian(pages, ports.casework), mynumber, ports.casework),
            Part("relay-mynumber", relay_command("mynumber"), mynumber),
            *self._workers("mynumber", mynumber),
            self._card_agent(),
        ]

    def _workers(self, zone: str, environment: dict[str, str]) -> list[Part]:
        """One for the jobs of each cell."""
        first = Part(f"worker-{zone}", WORKER, environment)
        more = (
            Part(f"worker-{zone}-{name}", WORKER, {**environment, "YAKUBA_CELL": name})
            for name in self.cells[1:]
        )
        return [first, *more]

    def _gateway(self, outer: str, inner: str, port: int, environment: dict[str, str]) -> Part:
        """The gateway server of ``outer``, which only ``inner`` may call."""
        settings = {"DJANGO_SETTINGS_MODULE": f"yakuba.zones.settings.{outer}_gateway"}
        command = server_command(self.place.home.link(outer, inner), HOST, port)
        return Part(f"gateway-{outer}", command, {**environment, **settings}, port)

    def _card_agent(self) -> Part:
        home, port = self.place.home, self.place.ports.card_agent
        command = python(
            "-m", "yakuba", "card-agent", "--port", str(port), "--cards", str(home.cards / "cards"),
            "--origin", url(self.place.ports.portal), "--origin", url(self.place.ports.casework), "--token-file", str(home.cards / "agent-token"),
        )  # fmt: skip
        return Part("card-agent", command, bare_environment(), port)

    def watch(self) -> None:
        """Look once at every part and database and start again what has died; call this in a loop."""
        self.supervisor.watch(lambda line: self.tell(f"[yellow]![/] {line}"))
        for zone, of in self.clusters.items():
            for name, cluster in of.items():
                self._keep_up(zone if name == cells.HOME else f"{zone}({name})", cluster)

    def _keep_up(self, name: str, cluster: Cluster) -> None:
        if not cluster.dead() or time.monotonic() < self._database_again_at.get(cluster.folder, 0.0):
            return
        self._database_again_at[cluster.folder] = time.monotonic() + _DATABASE_PAUSE
        self.tell(f"[yellow]![/] {name} のデータベースが止まりました。起動しなおします。")
        with contextlib.suppress(PostgresTrouble):  # still full, or the old one's processes still ending
            cluster.start()

    def ready(self) -> dict[str, object]:
        """What other programs (the demo, the tests) need to find this town hall; no secret of a zone is in it."""
        ports, home = self.place.ports, self.place.home
        return {
            "addresses": {
                "portal": url(ports.portal),
                "office": url(ports.office),
                "casework": url(ports.casework),
                "card-agent": url(ports.card_agent),
            },
            "home": str(home.path),
            "cards": str(home.cards / "cards"),
            "agent_token": str(home.cards / "agent-token"),
            "staff": str(home.cards / "staff.json"),
            "notices": str(home.notices),
            "cells": list(self.cells),
            "residents": int(_read(home.path / "residents")),
            "made": (home.cards / "cards").stat().st_ctime_ns,
        }

    def stop(self) -> None:
        """Stop the parts, then the databases."""
        self.supervisor.stop()
        with ThreadPoolExecutor(len(ZONES)) as pool:
            list(pool.map(lambda cluster: cluster.stop(), self._databases()))


def _migrations_fingerprint() -> str:
    """Changes when any migration of ours or the version of a library that has some does."""
    root = Path(yakuba.__file__).parent
    digest = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    for file in sorted(root.glob("**/migrations/*.py")):
        digest.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
