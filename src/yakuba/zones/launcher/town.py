"""The whole town hall: databases, keys, demo data, then the parts in order; and back down again."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

import yakuba
from yakuba.gateway.keys import make_link, make_zone_key
from yakuba.gateway.serve import relay_command, server_command
from yakuba.zones.launcher.environment import Place, bare_environment, granian, python, zone_environment
from yakuba.zones.launcher.home import ZONES
from yakuba.zones.launcher.parts import Part, Supervisor
from yakuba.zones.launcher.ports import HOST, url
from yakuba.zones.launcher.troubles import PartTrouble
from yakuba.zones.postgres import Cluster

DATABASE = "yakuba"
WORKER = python("-m", "django", "procrastinate", "worker", "--concurrency", "1")
LINKS = (("internet", "lgwan"), ("lgwan", "mynumber"))  # (called, caller)
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

    # -- preparing ------------------------------------------------------------------------------

    def prepare(self, residents: int) -> None:
        """Everything up to the point where the parts can start. Repeating it changes nothing."""
        self.tell("データベースを起動しています(3つの区域に1つずつ)")
        with ThreadPoolExecutor(len(ZONES)) as pool:
            list(pool.map(self._start_database, ZONES))
        self._make_keys()
        self._migrate()

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

    def run_once(self, name: str, command: list[str], environment: dict[str, str]) -> str:
        """Run a command to its end and return what it printed.

        Raises:
            PartTrouble: it failed; the message carries the end of its log.
        """
        log = self.place.home.logs / f"{name}.log"
        finished = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        log.write_text(finished.stdout + finished.stderr)
        if finished.returncode:
            raise PartTrouble(name, log)
        return finished.stdout

    # -- running --------------------------------------------------------------------------------

    def start(self) -> None:
        """Start every part and wait until all are ready."""
        for part in self._parts():
            self.supervisor.start(part)
        self.supervisor.wait_ready()

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
            "--origin", url(self.place.ports.portal), "--token-file", str(home.cards / "agent-token"),
        )  # fmt: skip
        return Part("card-agent", command, bare_environment(), port)

    def greet(self, console: Console) -> None:
        """Print where to look."""
        ports = self.place.ports
        console.print(f"\n  住民のページ   {url(ports.portal)}/\n  職員のページ   {url(ports.casework)}/")
        console.print(f"  組織のページ   {url(ports.office)}/\n\n  止めるには Ctrl-C を押します。\n")

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


def write_json(path: Path, value: object) -> None:
    """Write a small JSON file in one step, readable by the owner only."""
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    partial.replace(path)
