"""The two loops of a zone at one end of a brokered link: what waits goes into its stream, what comes is taken from the other."""

import logging
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import transaction

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.gateway import exchange, links, wire
from yakuba.gateway.broker.names import LARGEST_PARCEL, Side
from yakuba.gateway.broker.safety import Guard
from yakuba.gateway.broker.session import Broker, Delivery
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.errors import BrokenMessage
from yakuba.gateway.message import SealedMessage
from yakuba.gateway.pace import Pace
from yakuba.gateway.wire import Parcel

_log = logging.getLogger(__name__)
_WAIT, _AT_ONCE = 8.0, 4
_SIGN_OF_LIFE = 30.0
_REST_AFTER_FAULT = 2.0


class Sender:
    """Offers what waits for the neighbour to the stream; what the broker has on disk is no longer offered.

    That is not yet the neighbour's word: the message stays in the outbox, is sent again when no receipt comes within five
    minutes, and is closed by nothing but the receipt.
    """

    def __init__(
        self, broker: Broker, side: Side, neighbour: str, bring_files: Callable[[SealedMessage], None] | None
    ) -> None:
        self._broker, self._side, self._neighbour, self._bring_files = broker, side, neighbour, bring_files
        self._guard, self._wrote_at, self._pace = Guard(broker), 0.0, Pace()

    def step(self) -> bool:
        """One batch; ``False`` if nothing waits."""
        self._guard.make_sure()
        if not exchange.waits(self._neighbour):
            self._show_life()
            return False
        parcel = exchange.offer(self._neighbour)
        for piece in pieces(parcel, LARGEST_PARCEL):
            self._send(piece)
        self._pace.rest_after(len(parcel.messages) + len(parcel.slips))
        return True

    def _send(self, piece: Parcel) -> None:
        for message in piece.messages:
            if self._bring_files:
                self._bring_files(message)
        self._write(piece)
        exchange.note_taken(
            Parcel(
                taken_messages=[read_envelope(message.document).id for message in piece.messages],
                taken_slips=[number for number, _slip in piece.slips],
            ),
            self._neighbour,
        )

    def _show_life(self) -> None:
        """An empty parcel now and then, so that the neighbour's office sees the link is up."""
        if time.monotonic() - self._wrote_at > _SIGN_OF_LIFE:
            self._write(Parcel())

    def _write(self, parcel: Parcel) -> None:
        self._broker.publish(self._side.writes, wire.pack(parcel))
        self._wrote_at = time.monotonic()


class Taker:
    """Takes parcels from the stream and lets the broker forget each when all of it is in the zone's database."""

    def __init__(self, broker: Broker, side: Side, neighbour: str, fetch: exchange.Fetch | None) -> None:
        self._broker, self._side, self._neighbour, self._fetch = broker, side, neighbour, fetch

    def step(self) -> bool:
        """The next few parcels, waiting a while for the first."""
        deliveries = self._broker.fetch(self._side.reads, _AT_ONCE, _WAIT)
        for number, delivery in enumerate(deliveries):
            try:
                self._take(delivery)
            except Exception:
                for each in deliveries[number:]:
                    each.later(_REST_AFTER_FAULT)
                raise
        return True

    def _take(self, delivery: Delivery) -> None:
        try:
            parcel = wire.unpack(delivery.data)
        except BrokenMessage as error:
            _note_broken(self._neighbour, error)
            delivery.hopeless()
            return
        links.heard_from(self._neighbour)
        answer = self._keep(parcel, delivery)
        if answer:
            self._broker.publish(self._side.writes, wire.pack(answer))
        delivery.taken()

    def _keep(self, parcel: Parcel, delivery: Delivery) -> Parcel:
        """Everything in the parcel; what is returned tells the neighbour what was not taken, and why."""
        noted = Parcel()
        for message in parcel.messages:
            exchange.take_message(message, noted, self._fetch)
            if message.transit:  # with files: that may have taken long
                delivery.at_work()
        exchange.take_slips([slip for _number, slip in parcel.slips])
        exchange.note_not_taken(parcel, self._neighbour)
        return Parcel(refused=noted.refused, later=noted.later)


def pieces(parcel: Parcel, most: int) -> Iterator[Parcel]:
    """The messages and slips of ``parcel`` in parcels of at most ``most`` bytes each (one message may be all of it)."""
    piece, size = Parcel(slips=parcel.slips), len(wire.pack(Parcel(slips=parcel.slips)))
    for message in parcel.messages:
        more = len(wire.pack(Parcel(messages=[message])))
        if piece and size + more > most:
            yield piece
            piece, size = Parcel(), 0
        piece.messages.append(message)
        size += more
    if piece:
        yield piece


def _note_broken(neighbour: str, error: BrokenMessage) -> None:
    _log.warning("a parcel of %s cannot be read: %s", neighbour, error)
    with transaction.atomic():
        log.append(
            AuditEvent(f"zone:{settings.ZONE}", "parcel.refused", "gateway", "", {"neighbour": neighbour})
        )
