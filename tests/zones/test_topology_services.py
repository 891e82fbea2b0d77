"""The real town hall on real hosts, behind the rendered rule sets: an application goes all the way through, its notice
comes back, and a machine that takes a gateway's place in its own segment is stopped by mTLS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509

from tests.zones.namespaces.hall import Hall, open_hall
from tests.zones.namespaces.world import World, needed, tool, world
from yakuba.zones.topology.allow_list import allow_list
from yakuba.zones.topology.loading import load, own_text

pytestmark = [pytest.mark.town, pytest.mark.timeout(480)]
MODEL = load(own_text())["alpha"]
CALLER = Path(__file__).parent / "namespaces" / "caller.py"


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    needed()
    with world(MODEL) as made:
        made.load_rules()
        with open_hall(made, residents=100) as opened:
            yield opened


def test_an_application_goes_through_all_zones_and_its_notice_comes_back(hall: Hall, tmp_path: Path) -> None:
    """`yakuba demo play` as it is: submit with the card, sanitise, examine, decide, notice, verify, audit."""
    played = subprocess.run(
        [sys.executable, "-m", "yakuba", "demo", "play", "--out", str(tmp_path)],
        env={**os.environ, "YAKUBA_HOME": str(hall.place.home.path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr + hall.logs()
    assert list(tmp_path.glob("*.pdf")), "the notice has come back to the resident"
    assert all(doorway.connections for doorway in (hall.doorways[0], hall.doorways[2]))


def test_what_went_through_is_what_the_counters_have_counted(hall: Hall) -> None:
    """The link to the internet zone was called over IPv4, the one to LGWAN over IPv6."""
    for machine, counter in (
        ("edge", "flow-apply-v4"),
        ("portal", "flow-apply-v4"),
        ("middle", "flow-lgwan-pull-v4"),
        ("portal", "flow-lgwan-pull-v4"),
        ("inner", "flow-mynumber-pull-v6"),
        ("connect", "flow-mynumber-pull-v6"),
        ("casework", "flow-casework-v4"),
    ):
        assert hall.world.counters(machine)[counter] > 0, (machine, counter)
    assert hall.world.counters("inner")["flow-mynumber-pull-v4"] == 0


def test_the_certificates_are_those_of_the_allow_list(hall: Hall) -> None:
    for link, door in allow_list(MODEL).items():
        outer, inner = link.split("-")
        folder = hall.place.home.link(outer, inner)
        client = x509.load_pem_x509_certificate((folder / "client.pem").read_bytes())
        server = x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())
        assert client.subject.rfc4514_string() == door["client_certificate"]
        assert server.subject.rfc4514_string() == door["server_certificate"]
        assert client.issuer.rfc4514_string() == door["authority"]
        names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert [str(name) for name in names.get_values_for_type(x509.IPAddress)] == door["addresses"]


@contextmanager
def in_the_place_of(made: World, attacker: str, victim: str) -> Iterator[None]:
    """The attacker's machine, its own packet filter gone, takes hardware and IP addresses of the victim, which is cut off."""
    its, own = made.model.hosts[victim].address, made.model.hosts[attacker].address
    zone = made.model.zones[made.model.hosts[victim].zone]
    plug = ["ip", "-n", made.space("switch"), "link", "set", made.plug(victim)]
    tool(*plug, "nomaster")
    tool(*made.inside(attacker, "nft", "flush", "ruleset"))
    lines = [f"link set {own.interface} address {its.mac}"]
    for version, network in ((4, zone.ipv4), (6, zone.ipv6)):
        lines.append(f"addr del {own.of(version)}/{network.prefixlen} dev {own.interface}")
        lines.append(
            f"addr add {its.of(version)}/{network.prefixlen} dev {own.interface}{' nodad' * (version == 6)}"
        )
    lines += [line.replace("route add", "route replace") for line in made.routes(victim)]
    tool("ip", "-n", made.space(attacker), "-batch", "-", text="\n".join(lines) + "\n")
    try:
        yield
    finally:
        tool(*plug, "master", f"br-{zone.id}")


def call(made: World, machine: str, host: str, port: int, authority: Path, files: Path | None) -> list[str]:
    certificate = [str(files / "client.pem"), str(files / "client.key")] if files else ["-", "-"]
    command = made.inside(
        machine, sys.executable, "-S", str(CALLER), host, str(port), str(authority), *certificate
    )
    return tool(*command).splitlines()


def test_a_machine_in_the_place_of_a_gateway_is_refused_by_mtls(hall: Hall) -> None:
    """Business system's machine, taken over, poses as the connecting server: packets pass, certificates do not."""
    links = {name: hall.place.home.link(*name.split("-")) for name in ("internet-lgwan", "lgwan-mynumber")}
    both = [str(MODEL.hosts["portal"].address.of(version)) for version in (4, 6)]
    asks = [(portal, 8105, links["internet-lgwan"] / "ca.pem") for portal in both]
    for ask in asks:
        assert call(hall.world, "business", *ask, None) == ["tcp TimeoutError"]
    with in_the_place_of(hall.world, "business", "connect"):
        for ask in asks:
            assert call(hall.world, "business", *ask, None) == ["tcp open", "refused SSLError"]
            assert call(hall.world, "business", *ask, links["lgwan-mynumber"]) == [
                "tcp open",
                "refused SSLError",
            ]
            # and with the stolen certificate it would be let in: so it was the certificate that held
            assert call(hall.world, "business", *ask, links["internet-lgwan"]) == ["tcp open", "answered 200"]
