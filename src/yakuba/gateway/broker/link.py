"""The brokered links of a zone, from its settings: which cluster, which side, which certificates."""

import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from yakuba.gateway.broker.carry import Sender, Taker
from yakuba.gateway.broker.names import INNER, OUTER, Side
from yakuba.gateway.broker.safety import Guard
from yakuba.gateway.broker.session import Broker
from yakuba.gateway.client import Peer
from yakuba.gateway.errors import PeerAway, UnsafeBroker
from yakuba.gateway.hints import LOOK_ANYWAY
from yakuba.gateway.loops import Loop
from yakuba.gateway.pull import Puller
from yakuba.gateway.push import Pusher
from yakuba.gateway.routes import inward_neighbour, outward_neighbour


def broker_loops(
    zone: str, stop: threading.Event, peer: Callable[[], Peer], wake: dict[str, threading.Event]
) -> list[Loop]:
    """The loops of all brokered links of ``zone``.

    Args:
        peer: a connection to the zone one step outward, for files.
        wake: is given the event that says something may wait for a neighbour, by its name.

    Raises:
        ImproperlyConfigured: a broker answers that it does not keep what it acknowledges.
    """
    loops: list[Loop] = []
    outward, inward = outward_neighbour(zone), inward_neighbour(zone)
    if outward:
        broker = _open(settings.BROKER_OUTWARD, settings.BROKER_OUTWARD_FILES, INNER)
        fetch, bring = Puller(peer(), outward).fetch_files, Pusher(peer(), outward).bring_files
        loops += [
            _sending(Sender(broker, INNER, outward, bring), outward, stop, wake),
            _taking(Taker(broker, INNER, outward, fetch), outward, stop),
        ]
    if inward:
        broker = _open(settings.BROKER_INWARD, settings.BROKER_INWARD_FILES, OUTER)
        loops += [
            _sending(Sender(broker, OUTER, inward, None), inward, stop, wake),
            _taking(Taker(broker, OUTER, inward, None), inward, stop),
        ]
    return loops


def _open(addresses: tuple[str, ...], files: str, side: Side) -> Broker:
    broker = Broker(addresses, Path(files), side.role)
    try:
        Guard(broker).make_sure()
    except UnsafeBroker as error:
        broker.close()
        raise ImproperlyConfigured(str(error)) from error
    except PeerAway:
        pass  # not up yet: the first step asks again, before anything is handed over
    return broker


def _sending(sender: Sender, neighbour: str, stop: threading.Event, wake: dict[str, threading.Event]) -> Loop:
    wake[neighbour] = threading.Event()
    name = f"send-{neighbour}"
    return Loop(name, sender.step, stop, pause=LOOK_ANYWAY, peer=neighbour, wake=wake[neighbour])


def _taking(taker: Taker, neighbour: str, stop: threading.Event) -> Loop:
    return Loop(f"take-{neighbour}", taker.step, stop, pause=0.2, peer=neighbour)
