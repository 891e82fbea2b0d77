"""The whole environment of a zone's processes, in one place: what is not listed here, a zone does not get."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from yakuba.demo.places import bodies
from yakuba.gateway.checks import DIRECT, JETSTREAM
from yakuba.zones.launcher import cells
from yakuba.zones.launcher.home import Home, secret
from yakuba.zones.launcher.ports import HOST, Ports, url
from yakuba.zones.nats import EmbeddedBroker
from yakuba.zones.postgres import Connection

# What a process needs of the outside to run at all. PYTHONPATH lets a checkout run without being installed.
_PASSED_ON = ("PATH", "PYTHONPATH", "TMPDIR", "SSL_CERT_FILE")

# the demo's doors to services outside: a stand-in that says it is one
_STAND_IN = "yakuba.casework.outside_demo.DemoOneStop"
LINKS = (("internet", "lgwan"), ("lgwan", "mynumber"))  # (called, caller)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one town hall lives and listens."""

    home: Home
    ports: Ports


def bare_environment() -> dict[str, str]:
    """The environment of a part that belongs to no zone (the card agent)."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **passed,
        "LANG": "C.UTF-8",
        "TZ": "Asia/Tokyo",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def zone_environment(place: Place, zone: str, database: Connection) -> dict[str, str]:
    """Everything ``zone``'s settings read."""
    home, ports = place.home, place.ports
    own = home.zone(zone)
    return {
        **bare_environment(),
        **database.environment(),
        "DJANGO_SETTINGS_MODULE": f"yakuba.zones.settings.{zone}",
        # a zone's home is its own folder: it is told of no other zone's
        "YAKUBA_HOME": str(own),
        "YAKUBA_SECRET_KEY": secret(own / "secret-key"),
        "YAKUBA_ALLOWED_HOSTS": f"{HOST},localhost",
        "YAKUBA_TRUST": str(home.trust),
        "YAKUBA_ZONE_KEY": str(own / "keys" / f"{zone}.key"),
        "YAKUBA_ZONE_PEERS": str(home.zone_keys),
        "YAKUBA_PORTAL_ORIGIN": url(ports.portal),
        "YAKUBA_DESK_ORIGIN": url(ports.casework),
        "YAKUBA_CARD_AGENT": url(ports.card_agent),
        "YAKUBA_TOWNS": ",".join(bodies()),
        "YAKUBA_NOTICE_ROOT": str(home.notices),
        **cells.environment(home, zone),
        **_upstream(place, zone),
        **_brokers(place, zone),
        **_own_definitions(),
        **_sanitising(zone),
        **_disk(),
        **(_my_number_secrets(own) if zone == "mynumber" else {}),
    }


def _own_definitions() -> dict[str, str]:
    """The municipality's own procedures: for the zones that offer them, sanitise their files, and work on them."""
    folder = os.environ.get("YAKUBA_DEFINITIONS", "")
    return {"YAKUBA_DEFINITIONS": str(Path(folder).resolve())} if folder else {}


def _sanitising(zone: str) -> dict[str, str]:
    """A scanner, where there is one; and benchmarks measure the way without the sanitiser (the evidence of such files says that
    it was off)."""
    names = ("YAKUBA_GATEWAY_SANITISE", "YAKUBA_SCANNER")
    return {name: os.environ[name] for name in names if zone == "lgwan" and name in os.environ}


def _disk() -> dict[str, str]:
    """How much of the disk is kept for what was begun, where the operator says it."""
    name = "YAKUBA_DISK_KEPT_FREE"
    return {name: os.environ[name]} if name in os.environ else {}


def _my_number_secrets(own: Path) -> dict[str, str]:
    """Keys that exist in the innermost zone only."""
    return {
        "YAKUBA_MYNUMBER_KEYS": str(own / "keys" / "my-number.json"),
        "YAKUBA_NOTICE_KEY": str(own / "notices" / "keys"),
        "YAKUBA_OUTSIDE_ADAPTERS": os.environ.get("YAKUBA_OUTSIDE_ADAPTERS", _STAND_IN),
        "YAKUBA_TSA": str(own / "tsa"),
    }


def _upstream(place: Place, zone: str) -> dict[str, str]:
    """Where the zone's relay calls out to: always the zone one step outward, never inward."""
    outward = {
        "lgwan": ("internet", place.ports.gateway_internet),
        "mynumber": ("lgwan", place.ports.gateway_lgwan),
    }
    if zone not in outward:
        return {}
    outer, port = outward[zone]
    return {
        "YAKUBA_LINK_UPSTREAM": f"https://{HOST}:{port}",
        "YAKUBA_LINK_FILES": str(place.home.link(outer, zone)),
    }


def embedded_brokers(place: Place) -> list[EmbeddedBroker]:
    """The brokers of this town's links; none unless ``YAKUBA_RELAY=jetstream``."""
    if os.environ.get("YAKUBA_RELAY", DIRECT) != JETSTREAM:
        return []
    return [
        EmbeddedBroker(
            place.home.zone(link[0]) / "broker", place.home.broker(*link), link, place.ports.broker(number)
        )
        for number, link in enumerate(LINKS)
    ]


def _brokers(place: Place, zone: str) -> dict[str, str]:
    """The zone's ends of brokered links."""
    settings = {"YAKUBA_RELAY": os.environ.get("YAKUBA_RELAY", DIRECT)}
    for broker in embedded_brokers(place):
        if zone in broker.link:
            end = "YAKUBA_BROKER_INWARD" if zone == broker.link[0] else "YAKUBA_BROKER_OUTWARD"
            settings |= {end: ",".join(broker.addresses), f"{end}_FILES": str(broker.certificates)}
    return settings


def python(*arguments: str) -> list[str]:
    """A command of this very interpreter."""
    return [sys.executable, *arguments]


def granian(application: str, port: int, *more: str, threads: int = 8) -> list[str]:
    """The command that serves a WSGI application on loopback."""
    return python(
        "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1",
        "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
        *more, application,
    )  # fmt: skip
