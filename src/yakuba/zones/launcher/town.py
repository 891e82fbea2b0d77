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
from yakuba.demo.places import places
from yakuba.gateway.keys import make_link, make_zone_key
from yakuba.gateway.serve import relay_command, server_command
from yakuba.office.operators import give_towns, make_operator
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
        self.clusters = {zone: Cluster(place.home.zone(zone) / "postgres") for zone in ZONES}
        self.supervisor = Supervisor(place.home.logs)
        self._database_again_at = dict.fromkeys(ZONES, 0.0)

    # -- preparing ------------------------------------------------------------------------------

    def prepare(self, residents: int | None) -> None:
        """Everything up to the point where the parts can start. Repeating it changes nothing."""
        self.tell("データベースを起動しています(3つの区域に1つずつ)")
        with ThreadPoolExecutor(len(ZONES)) as pool:
            list(pool.map(self._start_database, ZONES))
        self._make_keys()
        self._migrate()
        self._prepare_demo(residents)

    def _start_database(self, zone: str) -> None:
        self.clusters[zone].start()
        self.clusters[zone].ensure_database(DATABASE)

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
        wanted = _migrations_fingerprint()
        stale = [zone for zone in ZONES if _read(self._migrated(zone)) != wanted]
        if stale:
            self.tell("データベースの表を用意しています")
            with ThreadPoolExecutor(len(ZONES)) as pool:
                list(pool.map(self._migrate_zone, stale))
            for zone in stale:
                self._migrated(zone).write_text(wanted)

    def _migrate_zone(self, zone: str) -> None:
        owner = self.clusters[zone].as_owner(DATABASE)
        environment = zone_environment(self.place, zone, owner)
        self.run_once(
            f"migrate-{zone}", python("-m", "django", "migrate", "--no-input", "-v", "0"), environment
        )

    def _migrated(self, zone: str) -> Path:
        return self.place.home.zone(zone) / "migrated"

    def environment(self, zone: str) -> dict[str, str]:
        """What ``zone``'s processes get: the application role, its own keys."""
        return zone_environment(self.place, zone, self.clusters[zone].as_app(DATABASE))

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
            Part("worker-internet", WORKER, internet),
            Part("office", granian(pages, ports.office, threads=2), lgwan, ports.office),
            self._gateway("lgwan", "mynumber", ports.gateway_lgwan, lgwan),
            Part("relay-internet", relay_command("internet"), internet),
            Part("relay-lgwan", relay_command("lgwan"), lgwan),
            Part("casework", granian(pages, ports.casework), mynumber, ports.casework),
            Part("relay-mynumber", relay_command("mynumber"), mynumber),
            Part("worker-mynumber", WORKER, mynumber),
            self._card_agent(),
        ]

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
        for zone, cluster in self.clusters.items():
            if cluster.dead() and time.monotonic() >= self._database_again_at[zone]:
                self._database_again_at[zone] = time.monotonic() + _DATABASE_PAUSE
                self.tell(f"[yellow]![/] {zone} のデータベースが止まりました。起動しなおします。")
                with contextlib.suppress(
                    PostgresTrouble
                ):  # still full, or the old one's processes still ending
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
            "residents": int(_read(home.path / "residents")),
            "made": (home.cards / "cards").stat().st_ctime_ns,
        }

    def stop(self) -> None:
        """Stop the parts, then the databases."""
        self.supervisor.stop()
        with ThreadPoolExecutor(len(ZONES)) as pool:
            list(pool.map(lambda cluster: cluster.stop(), self.clusters.values()))


def _migrations_fingerprint() -> str:
    """Changes when any migration of ours or the version of a library that has some does."""
    root = Path(yakuba.__file__).parent
    digest = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    for file in sorted(root.glob("**/migrations/*.py")):
        digest.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
