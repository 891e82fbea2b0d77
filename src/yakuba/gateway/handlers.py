"""Which function of this zone handles which kind of message."""

from collections.abc import Callable

from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import UnknownKind

Handler = Callable[[Envelope], None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register ``def handle(envelope: Envelope) -> None`` for messages of ``kind``.

    It runs under the message's municipality, in the transaction that also writes the inbox row and the receipt; for
    each message its effect happens exactly once. Messages may arrive in another order than they were sent.
    Files it wants to keep it holds under a name of its own (``blobs.hold``): the gateway lets go of them after it.
    Raise :class:`~yakuba.gateway.errors.Permanent` if trying again cannot help; anything else is tried again.
    """

    def register(function: Handler) -> Handler:
        present = _handlers.setdefault(kind, function)
        if present is not function and present.__qualname__ != function.__qualname__:
            raise ValueError(
                f"{kind} is handled by {present.__module__} already; one zone has one handler for a kind"
            )
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The handler for ``kind``.

    Raises:
        UnknownKind: there is none in this zone.
    """
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None
