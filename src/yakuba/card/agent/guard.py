"""Who may ask the agent, and from where.

Any page a resident happens to open can send requests to loopback. Three things keep them out: the Host header must
be the agent's own (a name made to point at 127.0.0.1 shows its own name there: DNS rebinding), the Origin must be on
the resident's list, and only the agent's own pages may post a PIN.
"""

import hmac
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from yakuba.card.agent.exchange import BadRequest, Request


class WrongOrigin(ValueError):
    """The text is not an origin."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"「{text}」はオリジンではありません。https://portal.example.jp または http://127.0.0.1:8000 のように、"
            "パスを付けずに書いてください。"
        )


def origin(text: str) -> str:
    """``text`` if it is an origin as browsers write it: scheme, host, port unless it is the scheme's own.

    Raises:
        WrongOrigin: it is not.
    """
    if origin_of(text) != text:
        raise WrongOrigin(text)
    return text


def origin_of(url: str) -> str | None:
    """The origin of an http(s) URL; None if it is not one, or of a form that parsers read differently."""
    if not url.isascii() or not url.isprintable() or any(char in url for char in '\\ "<>'):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    own_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, own_port) else "")


class Guard:
    """The rules, for an agent that listens on ``port`` and serves pages of ``allowed`` origins."""

    def __init__(self, port: int, allowed: Iterable[str], token: str) -> None:
        self._hosts = {f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        self._own = {f"http://{host}" for host in self._hosts}
        self.allowed = frozenset(origin(text) for text in allowed)
        self._token = token

    def check_host(self, request: Request) -> None:
        """Every request: the Host header is the agent's.

        Raises:
            BadRequest: it is not.
        """
        if request.header("host") not in self._hosts:
            raise BadRequest(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host")

    def check_portal(self, request: Request) -> str:
        """A portal's page: its origin, which is on the list.

        Raises:
            BadRequest: no origin, or one that is not on the list.
        """
        sender = request.header("origin")
        if sender is None or sender not in self.allowed:
            raise BadRequest(HTTPStatus.FORBIDDEN, "wrong_origin")
        return sender

    def check_own_page(self, request: Request) -> None:
        """The agent's own page: only that may post a PIN.

        Raises:
            BadRequest: another page.
        """
        if request.header("origin") not in self._own:
            raise BadRequest(HTTPStatus.FORBIDDEN, "wrong_origin")

    def check_program(self, request: Request) -> None:
        """A program of the resident's: it has the token file; if it sends an Origin, that is on the list.

        Raises:
            BadRequest: no or a wrong token, or an origin that is not on the list.
        """
        given = request.header("authorization") or ""
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise BadRequest(HTTPStatus.UNAUTHORIZED, "wrong_token")
        if request.header("origin") is not None:
            self.check_portal(request)
