"""How the gateway server of a zone is started: granian with TLS 1.3 and a client certificate demanded."""

import sys
from pathlib import Path


def command(link: Path, host: str, port: int) -> list[str]:
    """The command that serves the link whose certificates are in ``link`` (see :func:`yakuba.gateway.keys.make_link`).

    Run it with the zone's environment and ``DJANGO_SETTINGS_MODULE=yakuba.zones.settings.<zone>_gateway``.
    """
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--http", "1", "--no-ws", "--workers", "1", "--blocking-threads", "4",
        "--blocking-threads-idle-timeout", "600", "--backlog", "128", "--workers-kill-timeout", "12",
        "--ssl-certificate", str(link / "server.pem"), "--ssl-keyfile", str(link / "server.key"),
        "--ssl-ca", str(link / "ca.pem"), "--ssl-client-verify", "--ssl-protocol-min", "tls1.3",
        "--log-level", "warning", "yakuba.gateway.wsgi:application",
    ]  # fmt: skip
