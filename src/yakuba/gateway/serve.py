"""How the gateway's two processes of a zone are started.

The server: granian with TLS 1.3, and a client certificate of the link's own authority demanded before the first byte
of HTTP. The relay: ``python -m yakuba.gateway <zone>``.
"""

import sys
from pathlib import Path


def server_command(link: Path, host: str, port: int) -> list[str]:
    """The command that serves the link whose certificates are in ``link`` (see :func:`yakuba.gateway.keys.make_link`).

    Run it with the zone's environment and ``DJANGO_SETTINGS_MODULE=yakuba.zones.settings.<zone>_gateway``.
    """
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--http", "1", "--no-ws", "--workers", "1", "--blocking-threads", "4",
        "--blocking-threads-idle-timeout", "600", "--backlog", "128", "--workers-kill-timeout", "2",
        "--ssl-certificate", str(link / "server.pem"), "--ssl-keyfile", str(link / "server.key"),
        "--ssl-ca", str(link / "ca.pem"), "--ssl-client-verify", "--ssl-protocol-min", "tls1.3",
        "--log-level", "warning", "yakuba.gateway.wsgi:application",
    ]  # fmt: skip


def relay_command(zone: str) -> list[str]:
    """The command that runs the zone's relay; with ``DJANGO_SETTINGS_MODULE=yakuba.zones.settings.<zone>``."""
    return [sys.executable, "-m", "yakuba.gateway", zone]
