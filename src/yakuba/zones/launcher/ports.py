"""The loopback addresses of the parts, counted from ``YAKUBA_PORT_BASE`` (default 8100)."""

import os
import socket
from dataclasses import dataclass

from yakuba.zones.launcher.troubles import NoPort, PortTrouble

DEFAULT_BASE = 8100
HOST = "127.0.0.1"
_HIGHEST_BASE = 65_526


@dataclass(frozen=True, slots=True)
class Ports:
    """One port per listening part."""

    base: int

    @property
    def portal(self) -> int:
        """Residents: the internet zone's pages."""
        return self.base

    @property
    def office(self) -> int:
        """The organisation: the LGWAN zone's pages."""
        return self.base + 1

    @property
    def casework(self) -> int:
        """Clerks: the My Number zone's pages."""
        return self.base + 2

    @property
    def card_agent(self) -> int:
        """The card agent on the resident's machine."""
        return self.base + 3

    @property
    def gateway_internet(self) -> int:
        """Where the LGWAN zone pulls (mTLS)."""
        return self.base + 5

    @property
    def gateway_lgwan(self) -> int:
        """Where the My Number zone pulls (mTLS)."""
        return self.base + 6

    def broker(self, link: int) -> tuple[int, ...]:
        """With ``YAKUBA_RELAY=jetstream``, of the link number 0 or 1: three for the relays, three for the servers among themselves."""
        first = self.base + 10 + 6 * link
        return tuple(range(first, first + 6))

    def all(self) -> tuple[int, ...]:
        """Every port that must be free."""
        return (
            self.portal,
            self.office,
            self.casework,
            self.card_agent,
            self.gateway_internet,
            self.gateway_lgwan,
        )


def url(port: int) -> str:
    """The loopback address of a page."""
    return f"http://{HOST}:{port}"


def chosen_ports() -> Ports:
    """The ports counted from ``YAKUBA_PORT_BASE``.

    Raises:
        NoPort: it is no number that ten ports can be counted from.
    """
    text = os.environ.get("YAKUBA_PORT_BASE", "").strip() or str(DEFAULT_BASE)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _HIGHEST_BASE):
        raise NoPort(text)
    return Ports(int(text))


def check_free(ports: Ports) -> None:
    """Raises:
    PortTrouble: for the first port that another program holds.
    """
    for port in ports.all():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except PermissionError as error:
                raise NoPort(str(ports.base)) from error
            except OSError as error:
                raise PortTrouble(port, ports.base) from error
