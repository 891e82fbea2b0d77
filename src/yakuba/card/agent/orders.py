"""What a portal asks for: one signature or one log-in, checked field by field."""

import binascii
import json
import secrets
import threading
import time
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from yakuba.base.texts import LANGUAGES, Language
from yakuba.card.agent.exchange import BadRequest
from yakuba.card.agent.guard import origin_of
from yakuba.card.outcomes import Kind
from yakuba.card.policy import AUTH_POLICY

MAX_TITLE, MAX_TICKET, MAX_RETURN_URL, MAX_SUMMARY_ROWS = 200, 512, 2_048, 2_000
MAX_OPEN: Final = 32
LIFE_SECONDS: Final = 30 * 60
_KINDS: Final[Mapping[str, Kind]] = {"sign": "sign", "authenticate": "auth"}


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be signed. ``kind`` says with which certificate; ``content`` are the bytes themselves."""

    kind: Kind
    content: bytes
    title: str
    summary: tuple[tuple[str, str], ...]
    language: Language
    ticket: str
    return_url: str
    sender: str


def read_order(fields: Mapping[str, str], sender: str) -> Order:
    """The order in a form that came from a page of the origin ``sender``.

    Raises:
        BadRequest: a field is missing or wrong; in particular a return_url of another origin.
    """
    return_url, ticket, title = (
        fields.get("return_url", ""),
        fields.get("ticket", ""),
        fields.get("title", ""),
    )
    if len(return_url) > MAX_RETURN_URL or origin_of(return_url) != sender:
        raise BadRequest(HTTPStatus.FORBIDDEN, "wrong_return_url")
    if not ticket or len(ticket) > MAX_TICKET or len(title) > MAX_TITLE:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
    kind, content = operation(fields.get("operation"), fields.get("content"))
    return Order(
        kind,
        content,
        title,
        _summary(fields.get("summary", "")),
        language(fields),
        ticket,
        return_url,
        sender,
    )


def language(fields: Mapping[str, str]) -> Language:
    """The language asked for; Japanese if none of ours."""
    asked = fields.get("lang", "")
    return next((known for known in LANGUAGES if known == asked), "ja")


def operation(name: object, content: object) -> tuple[Kind, bytes]:
    """Which certificate, and the bytes.

    Raises:
        BadRequest: unknown operation, not base64, nothing to sign, or a challenge of wrong length.
    """
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None or not isinstance(content, str):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
    try:
        data = b64decode(content, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed") from problem
    shortest, longest = AUTH_POLICY.min_challenge, AUTH_POLICY.max_challenge
    if not data or (kind == "auth" and not shortest <= len(data) <= longest):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
    return kind, data


def _summary(text: str) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    try:
        rows = json.loads(text)
        found = tuple((str(label), str(value)) for label, value in rows)
    except (ValueError, TypeError, RecursionError) as problem:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed") from problem
    if len(found) > MAX_SUMMARY_ROWS:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
    return found


class OpenOrders:
    """Orders whose page is open, by a token only that page knows; the oldest make room, all end in time."""

    def __init__(self) -> None:
        self._orders: OrderedDict[str, tuple[float, Order]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, order: Order) -> str:
        """Keep an order and return its token."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._orders[token] = (time.monotonic() + LIFE_SECONDS, order)
            while len(self._orders) > MAX_OPEN:
                self._orders.popitem(last=False)
        return token

    def find(self, token: str) -> Order:
        """The order of a token.

        Raises:
            BadRequest: none, or its time is over.
        """
        with self._lock:
            until, order = self._orders.get(token, (0.0, None))
        if order is None or time.monotonic() > until:
            raise BadRequest(HTTPStatus.GONE, "order_over")
        return order

    def close(self, token: str) -> None:
        """Forget an order; its page cannot be used again."""
        with self._lock:
            self._orders.pop(token, None)
