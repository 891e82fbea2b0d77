"""The agent on loopback: sockets, limits and headers around :class:`yakuba.card.agent.app.Agent`."""

import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from yakuba.base import clock
from yakuba.base.catalog import catalog
from yakuba.base.files import write_atomically
from yakuba.card.agent import pages
from yakuba.card.agent.app import Agent, Cards, policy
from yakuba.card.agent.exchange import Request, Response
from yakuba.card.agent.guard import Guard

LOOPBACK: Final = "127.0.0.1"
MAX_BODY: Final = 8 * 1024 * 1024
SOCKET_SECONDS: Final = 20
_log = logging.getLogger(__name__)
# "origin": browsers send "Origin: null" with forms of pages under a stricter policy, and own pages are told by it.
_HEADERS: Final = {
    "Content-Security-Policy": policy(),
    "Referrer-Policy": "origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class AgentServer(ThreadingHTTPServer):
    """The service; ``port`` 0 lets the system choose one."""

    daemon_threads = True

    def __init__(
        self,
        *,
        port: int,
        cards: Cards,
        origins: Iterable[str],
        token: str,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        catalog("yakuba.card")  # a text that cannot be read stops the start, not a resident
        self.agent = Agent(cards, Guard(self.server_port, origins, token), now)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no event; anything else is logged without what was sent."""
        _log.warning("a connection ended early", exc_info=_log.isEnabledFor(logging.DEBUG))


def token_in(path: Path) -> str:
    """The token programs must send; made at ``path`` (mode 0600) if there is none."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_urlsafe(32)
    write_atomically(path, token.encode())
    return token


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, hands it to the agent, writes the answer, closes."""

    server: AgentServer
    server_version, sys_version = "yakuba-card-agent", ""
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or self.headers.get("Transfer-Encoding"):
            self._write(_refused(HTTPStatus.LENGTH_REQUIRED, "malformed"))
        elif int(length) > MAX_BODY:
            self._write(_refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"))
        else:
            self._serve(self.rfile.read(int(length)))

    def _serve(self, body: bytes) -> None:
        names = {name.lower() for name in self.headers}
        headers = {name: self.headers.get_all(name, []) for name in names}
        request = Request(self.command, urlsplit(self.path).path, headers, body)
        try:
            response = self.server.agent.answer(request)
        except Exception:  # noqa: BLE001 - the last line: the resident gets a page, the log what happened, neither the PIN
            _log.exception("the card agent failed at a page")
            response = _refused(HTTPStatus.INTERNAL_SERVER_ERROR, "failed")
        self._write(response)

    def _write(self, response: Response) -> None:
        self.close_connection = True
        self.send_response(response.status)
        for name, value in {**_HEADERS, **response.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.media_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Method, path and status; of an address that is none of ours not even the path, for it may hold anything."""
        status = code.value if isinstance(code, HTTPStatus) else code
        path = urlsplit(self.path).path
        _log.info("%s %s %s", self.command, path if self.server.agent.has(path) else "(no such page)", status)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """What the base class would say repeats what was sent; that it was refused is enough."""
        _log.info("a request was refused before it was read")


def _refused(status: HTTPStatus, why: str) -> Response:
    return Response(pages.refused("ja", why), status)
