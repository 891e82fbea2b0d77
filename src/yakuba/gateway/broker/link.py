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
from yakuba.gateway.loops import Loop
from yakuba.gateway.pull import Puller
from yakuba.gateway.push import Pusher
from yakuba.gateway.routes import inward_neighbour, outward_neighbour


def broker_loops(
    zone: str, stop: threading.Event, peer: Callable[[], Peer], arrivals: threading.Event
) -> list[Loop]:
    """The loops of all brokered links of ``zone``.

    Args:
        peer: a connection to the zone one step outward, for files.
        arrivals: set when something has come from outside.

    Raises:
        ImproperlyConfigured: a broker answers that it does not keep what it acknowledges.
    """
    loops: list[Loop] = []
    outward, inward = outward_neighbour(zone), inward_neighbour(zone)
    if outward:
        broker = _open(settings.BROKER_OUTWARD, settings.BROKER_OUTWARD_FILES, INNER)
        fetch, bring = Puller(peer(), outward).fetch_files, Pusher(peer(), outward).bring_files
        loops += [
            _loop("send", outward, Sender(broker, INNER, outward, bring).step, stop, pause=0.1),
            _loop("take", outward, Taker(broker, INNER, outward, fetch, arrivals.set).step, stop, pause=0.2),
        ]
    if inward:
        broker = _open(settings.BROKER_INWARD, settings.BROKER_INWARD_FILES, OUTER)
        loops += [
            _loop("send", inward, Sender(broker, OUTER, inward, None).step, stop, pause=0.1),
            _loop("take", inward, Taker(broker, OUTER, inward, None, _nothing).step, stop, pause=0.2),
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


def _loop(what: str, neighbour: str, step: Callable[[], bool], stop: threading.Event, pause: float) -> Loop:
    return Loop(f"{what}-{neighbour}", step, stop, pause=pause, peer=neighbour)


def _nothing() -> None:
    """Nobody waits for what comes from inside."""
