"""The agent: one request in, one answer out. It holds open orders and knows the cards; it keeps no PIN."""

import hashlib
import json
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from importlib import resources
from typing import Final

from yakuba.base.texts import Language
from yakuba.card import messages
from yakuba.card.agent import orders, pages
from yakuba.card.agent.exchange import BadRequest, Request, Response
from yakuba.card.agent.guard import Guard
from yakuba.card.agent.layout import say
from yakuba.card.agent.orders import OpenOrders, Order
from yakuba.card.certificate import parse_certificate
from yakuba.card.interface import CardError, NamedCard, PinForm, PinLocked, Session, WrongPin
from yakuba.card.outcomes import Kind
from yakuba.card.signing import signed_data

Clock = Callable[[], datetime]
Cards = Callable[[], Sequence[NamedCard]]
"""Says which cards are at hand now."""
_STATIC: Final = {
    "/tokens.css": ("yakuba.base", "static/yakuba/tokens.css", "text/css; charset=utf-8"),
    "/base.css": ("yakuba.base", "static/yakuba/base.css", "text/css; charset=utf-8"),
    "/components.css": ("yakuba.base", "static/yakuba/components.css", "text/css; charset=utf-8"),
    "/logo.svg": ("yakuba.base", "static/yakuba/logo.svg", "image/svg+xml"),
    "/agent.js": ("yakuba.card.agent", "agent.js", "text/javascript; charset=utf-8"),
}


class CardExpired(CardError):
    """The certificate's time is over; nothing was signed with it."""


class Agent:
    """The service's rules over the cards at hand."""

    def __init__(self, cards: Cards, guard: Guard, clock: Clock) -> None:
        self._cards, self._guard, self._clock = cards, guard, clock
        self._orders = OpenOrders()
        self._routes: Mapping[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._running,
            ("POST", "/sign"): self._sign,
            ("POST", "/confirm"): self._confirm,
            ("POST", "/api/sign"): self._program,
            **{("GET", path): self._static for path in _STATIC},
        }

    def has(self, path: str) -> bool:
        """Whether ``path`` is one of ours."""
        return any(path == known for _, known in self._routes)

    def answer(self, request: Request) -> Response:
        """The answer to any request; refusals are pages (or JSON under /api/) that say why."""
        try:
            self._guard.check_host(request)
            route = self._routes.get((request.method, request.path))
            if route is None:
                raise BadRequest(HTTPStatus.NOT_FOUND, "not_found")
            return route(request)
        except BadRequest as refused:
            return _refusal(request, refused)

    def _running(self, request: Request) -> Response:
        return Response(pages.running(request.language(), sorted(self._guard.allowed), self._cards()))

    def _static(self, request: Request) -> Response:
        package, path, media_type = _STATIC[request.path]
        return Response((resources.files(package) / path).read_bytes(), media_type=media_type)

    def _sign(self, request: Request) -> Response:
        """A portal's page asks; the agent shows what for."""
        sender = self._guard.check_portal(request)
        order = orders.read_order(request.form(), sender)
        token = self._orders.add(order)
        return self._order_page(order, order.language, token)

    def _order_page(
        self,
        order: Order,
        language: Language,
        token: str,
        chosen: str = "",
        problem: pages.Problem | None = None,
    ) -> Response:
        screen = pages.Screen(order, language, token, self._cards(), chosen, problem)
        return Response(
            pages.order_page(screen), HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        )

    def _confirm(self, request: Request) -> Response:
        """The agent's own page: the PIN, or another language, or the end."""
        self._guard.check_own_page(request)
        fields = request.form()
        token = fields.get("token", "")
        order, language = self._orders.find(token), orders.language(fields)
        if fields.get("action") == "language":
            return self._order_page(order, language, token)
        if fields.get("action") == "cancel":
            return self._way_back(order, language, token, ("error", "cancelled"))
        return self._use_card(order, language, token, fields)

    def _use_card(self, order: Order, language: Language, token: str, fields: Mapping[str, str]) -> Response:
        card = self._card(fields.get("card", ""))
        if card is None:
            problem = pages.Problem("cards", say("card_missing"))
            return self._order_page(order, language, token, problem=problem)
        try:
            result = self._result(card, order.kind, order.content, fields.get("pin", ""))
        except (WrongPin, PinForm) as error:
            problem = pages.Problem("pin", messages.for_card_error(error, order.kind))
            return self._order_page(order, language, token, card.name, problem)
        except CardError as error:
            return self._way_back(order, language, token, ("error", _error_code(error)), told=True)
        return self._way_back(order, language, token, ("result", result))

    def _way_back(
        self, order: Order, language: Language, token: str, field: tuple[str, str], *, told: bool = False
    ) -> Response:
        """Close the order and send the outcome back; ``told`` shows the error first, with a button."""
        self._orders.close(token)
        message = messages.for_agent_error(field[1]) if told else None
        body = pages.return_page(order, language, (("ticket", order.ticket), field), message)
        return Response(body, headers={"Content-Security-Policy": policy(order.sender)})

    def _card(self, name: str) -> NamedCard | None:
        """The card of that name among those at hand: a name is never used as a path."""
        return next((card for card in self._cards() if card.name == name), None)

    def _result(self, card: NamedCard, kind: Kind, content: bytes, typed: str) -> str:
        """What goes back, in base64.

        Raises:
            CardError: the card did not do it.
        """
        now, pin = self._clock(), normal_pin(kind, typed)
        if kind == "auth":
            _check_not_expired(card.auth_certificate(), now)  # readable before the PIN: no try is spent
        with card.unlocked(kind, pin) as session:
            _check_not_expired(session.certificate, now)
            if kind == "sign":
                return b64encode(signed_data(session, content, now)).decode()
            return b64encode(_login(session, content)).decode()

    def _program(self, request: Request) -> Response:
        """A program with the token file: JSON in, JSON out; the same card, the same counters."""
        self._guard.check_program(request)
        if request.media_type() != "application/json":
            raise BadRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "malformed")
        fields = _json_object(request.body)
        kind, content = orders.operation(fields.get("operation"), fields.get("content"))
        card = self._card(str(fields.get("card", "")))
        if card is None:
            return _json({"error": "card_unreadable"}, HTTPStatus.NOT_FOUND)
        try:
            return _json(
                {"result": self._result(card, kind, content, str(fields.get("pin", "")))}, HTTPStatus.OK
            )
        except CardError as error:
            return _json(_error_facts(error), HTTPStatus.UNPROCESSABLE_ENTITY)


def normal_pin(kind: Kind, typed: str) -> str:
    """What was typed as the card takes it: full-width characters narrowed, spaces dropped, and letters upper-case.

    A signing password has no lower-case letters, so a lower-case one can only mean its upper-case form; narrowing
    it here saves the resident a try.
    """
    narrow = "".join(unicodedata.normalize("NFKC", typed).split())
    return narrow.upper() if kind == "sign" else narrow


def policy(form_action: str = "'self'") -> str:
    """The Content-Security-Policy of a page whose form goes to ``form_action``."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )


def _login(session: Session, challenge: bytes) -> bytes:
    signature = session.sign_digest(hashlib.sha256(challenge).digest())
    answer = {
        "certificate": b64encode(session.certificate).decode(),
        "signature": b64encode(signature).decode(),
    }
    return json.dumps(answer).encode()


def _check_not_expired(certificate: bytes, now: datetime) -> None:
    if now > parse_certificate(certificate).not_after:
        raise CardExpired


def _error_code(error: CardError) -> str:
    """The code for the portal (a key of :data:`messages.AGENT_ERRORS`)."""
    if isinstance(error, CardExpired):
        return "card_expired"
    return "pin_locked" if isinstance(error, PinLocked) else "card_unreadable"


def _error_facts(error: CardError) -> dict[str, object]:
    if isinstance(error, WrongPin):
        return {"error": "wrong_pin", "tries_left": error.tries_left}
    return {"error": "pin_form" if isinstance(error, PinForm) else _error_code(error)}


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed") from problem
    if not isinstance(found, dict):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
    return found


def _json(facts: Mapping[str, object], status: HTTPStatus) -> Response:
    return Response(json.dumps(facts).encode(), status, "application/json")


def _refusal(request: Request, refused: BadRequest) -> Response:
    if request.path.startswith("/api/"):
        words = say(f"refused.{refused.why}")
        return _json({"error": refused.why, "message": words.en, "message_ja": words.ja}, refused.status)
    return Response(pages.refused(request.language(), refused.why), refused.status)
