"""The configuration file of one server of a link's broker (nats-server 2.12 or later)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yakuba.gateway.broker.names import (
    INNER,
    LARGEST_PARCEL,
    OUTER,
    SURVEY,
    Side,
    inbox,
    keeper_may_publish,
    may_publish,
)

ROOM = 4 * 1024**3
"""Bytes a server may use for its streams. When they are full the relay keeps messages in its outbox."""


@dataclass(frozen=True, slots=True)
class Node:
    """One server: where it listens for relays, and where for the other servers."""

    name: str
    host: str
    port: int
    route_port: int


def server_file(
    node: Node,
    nodes: Sequence[Node],
    *,
    link: tuple[str, str],
    certificates: Path,
    store: Path,
    sync: str = "always",
) -> str:
    """The file's text.

    Args:
        nodes: all servers of the cluster, ``node`` among them.
        link: outer and inner zone.
        certificates: folder of :func:`yakuba.gateway.keys.make_broker`.
        store: where this server keeps its streams.
        sync: ``always``: a parcel is acknowledged when it is on disk. Anything else the relay refuses to use.
    """
    outer, inner = link
    tls = _tls(certificates)
    return json.dumps(
        {
            "server_name": node.name,
            "listen": f"{node.host}:{node.port}",
            "max_payload": LARGEST_PARCEL,
            "max_pending": 4 * LARGEST_PARCEL,
            "tls": {**tls, "verify_and_map": True, "timeout": 5},
            "jetstream": {
                "store_dir": str(store),
                "sync_interval": sync,
                "max_file_store": ROOM,
                "max_memory_store": 0,
            },
            "cluster": {
                "name": f"yakuba-{outer}-{inner}",
                "listen": f"{node.host}:{node.route_port}",
                "tls": {**tls, "verify": True, "timeout": 5},
                "routes": [
                    f"nats-route://{other.host}:{other.route_port}" for other in nodes if other != node
                ],
            },
            "system_account": "SYS",
            "accounts": {
                "SYS": {"exports": [{"service": "$SYS.REQ.SERVER.PING.JSZ", "response_type": "stream"}]},
                "LINK": {
                    "jetstream": "enabled",
                    "imports": [
                        {"service": {"account": "SYS", "subject": "$SYS.REQ.SERVER.PING.JSZ"}, "to": SURVEY}
                    ],
                    "users": [
                        _relay(outer, OUTER),
                        _relay(inner, INNER),
                        _user("keeper", "keeper", keeper_may_publish()),
                    ],
                },
            },
        },
        indent=1,
    )


def _tls(certificates: Path) -> dict[str, object]:
    return {
        "cert_file": str(certificates / "node.pem"),
        "key_file": str(certificates / "node.key"),
        "ca_file": str(certificates / "ca.pem"),
        "min_version": "1.3",
    }


def _relay(zone: str, side: Side) -> dict[str, object]:
    return _user(zone, side.role, may_publish(side))


def _user(name: str, role: str, publish: list[str]) -> dict[str, object]:
    """Told by the subject of its certificate (see ``keys._name``); there are no passwords."""
    return {
        "user": f"CN=yakuba {name}",
        "permissions": {"publish": {"allow": publish}, "subscribe": {"allow": [f"{inbox(role)}.>"]}},
    }
