"""The real town hall, its parts on the machines of a topology instead of on one loopback."""

import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.driver.ports import free_base
from benchmarks.driver.running import open_folder

from tests.zones.namespaces.doorway import Doorway
from tests.zones.namespaces.world import World
from yakuba.base.files import write_json
from yakuba.gateway.keys import make_link
from yakuba.zones.launcher.environment import Place
from yakuba.zones.launcher.home import open_home
from yakuba.zones.launcher.parts import Part
from yakuba.zones.launcher.ports import HOST, Ports
from yakuba.zones.launcher.town import Town

MACHINES = {"internet": "portal", "lgwan": "connect", "mynumber": "casework"}
# part → (zone's machine, port there); the relays and workers listen nowhere
PORTS = {"portal": 443, "office": 443, "casework": 443, "gateway-internet": 8105, "gateway-lgwan": 8106}


class Hall(Town):
    """``yakuba run`` with every part of a zone inside that zone's machine.

    The link to the internet zone is called over IPv4, the one to LGWAN over IPv6.
    """

    def __init__(self, place: Place, world: World) -> None:
        super().__init__(place, tell=lambda _line: None)
        self.world = world
        self.doorways: list[Doorway] = []

    def make_links(self) -> None:
        """Certificates for the addresses of the topology, before the launcher would make them for loopback."""
        for outer, inner in (("internet", "lgwan"), ("lgwan", "mynumber")):
            address = self.world.model.hosts[MACHINES[outer]].address
            make_link(
                self.place.home.link(outer, inner), outer, inner, (str(address.ipv4), str(address.ipv6))
            )

    def environment(self, zone: str) -> dict[str, str]:
        """As on one machine, but for the address that the relay calls."""
        hosts = self.world.model.hosts
        upstream = {
            "lgwan": f"https://{hosts['portal'].address.ipv4}:8105",
            "mynumber": f"https://[{hosts['connect'].address.ipv6}]:8106",
        }
        called = {"YAKUBA_LINK_UPSTREAM": upstream[zone]} if zone in upstream else {}
        return {**super().environment(zone), **called}

    def _parts(self) -> list[Part]:
        return [self._moved(part) for part in super()._parts()]

    def _moved(self, part: Part) -> Part:
        zone = part.environment.get("DJANGO_SETTINGS_MODULE", "").rsplit(".", 1)[-1].removesuffix("_gateway")
        if zone not in MACHINES:
            return part  # the card agent stays on the resident's own machine
        command = list(part.command)
        if part.name in PORTS:
            command[command.index("--host") + 1] = "::"  # both IP versions
            command[command.index("--port") + 1] = str(PORTS[part.name])
        ip = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin") or "ip"
        inside = [ip, *self.world.inside(MACHINES[zone], *command)[1:]]
        return Part(part.name, inside, part.environment)

    def open_doorways(self) -> None:
        """The resident's browser is in the outside world, the clerk's on the desk of the My Number zone."""
        hosts, ports = self.world.model.hosts, self.place.ports
        for port, machine, target in (
            (ports.portal, "world", "portal"),
            (ports.office, "terminal", "connect"),
            (ports.casework, "desk", "casework"),
        ):
            there = (str(hosts[target].address.ipv4), 443)
            self.doorways.append(Doorway(port, self.world.space(machine), there))

    def wait_for_pages(self, seconds: float = 90) -> None:
        """Until every page answers through its doorway."""
        until = time.monotonic() + seconds
        for port in (self.place.ports.portal, self.place.ports.office, self.place.ports.casework):
            while not _answers(f"http://{HOST}:{port}/"):
                assert time.monotonic() < until, self.logs()
                time.sleep(0.2)

    def logs(self) -> str:
        """The ends of all logs."""
        return "\n".join(
            f"== {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-15:])
            for file in sorted(self.place.home.logs.glob("*.log"))
        )

    def stop(self) -> None:
        """Parts, databases, doorways."""
        super().stop()
        for doorway in self.doorways:
            doorway.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


@contextmanager
def open_hall(world: World, residents: int) -> Iterator[Hall]:
    """A town hall that is up on the machines of ``world``, and gone afterwards."""
    with open_folder() as folder:
        hall = Hall(Place(open_home(folder / "home"), Ports(free_base())), world)
        try:
            hall.make_links()
            hall.prepare(residents)
            hall.open_doorways()
            hall.start()
            hall.wait_for_pages()
            write_json(hall.place.home.path / "ready.json", hall.ready())
            yield hall
        finally:
            hall.stop()
