"""The relay of a zone: calls the neighbour one step outward, and does what is due. Nobody ever calls inward.

``lgwan`` pulls from and pushes to ``internet``, and sanitises; ``mynumber`` pulls from and pushes to ``lgwan``; in
``internet`` it only does what is due (tries again, reminds, sends audit heads). It may be killed at any moment.
"""

import signal
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from yakuba.base.warming import warm_up
from yakuba.gateway import chores, hints, lock
from yakuba.gateway.broker.link import broker_loops
from yakuba.gateway.checks import JETSTREAM
from yakuba.gateway.client import Peer
from yakuba.gateway.loops import Loop
from yakuba.gateway.pull import Puller
from yakuba.gateway.push import Pusher
from yakuba.gateway.routes import outward_neighbour
from yakuba.gateway.sanitise.pool import sanitise_loops
from yakuba.gateway.start import refuse_unsafe, refuse_wrong_settings

_FAREWELL = 1.5


def run(zone: str, stop: threading.Event | None = None) -> None:
    """Run until SIGTERM or SIGINT (or until ``stop`` is set). A second relay of the same zone waits its turn.

    Raises:
        ImproperlyConfigured: the process has another zone's settings, lacks those of its link, or a check refuses them.
    """
    if zone != settings.ZONE:
        raise ImproperlyConfigured(f"this process has the settings of zone {settings.ZONE!r}, not {zone!r}")
    refuse_wrong_settings()
    stop = stop or _until_signalled()
    refuse_unsafe(stop)
    if not lock.wait_for_turn(stop):
        return
    warm_up()
    loops = _loops(zone, stop)
    for loop in loops:
        loop.start()
    while not stop.wait(2.0):
        if not lock.still_ours():
            stop.set()
    until = time.monotonic() + _FAREWELL
    for loop in loops:
        loop.join(
            max(0.0, until - time.monotonic())
        )  # then the process ends: whatever is cut off is done again


def _loops(zone: str, stop: threading.Event) -> list[Loop]:
    retries, arrivals = threading.Event(), threading.Event()
    loops = [Loop("chores", chores.Chores(zone).step, stop, pause=1.0, wake=retries)]
    wake, neighbour = {"inbox": retries, "sanitise": arrivals}, outward_neighbour(zone)
    if settings.RELAY == JETSTREAM:
        loops += broker_loops(zone, stop, _peer, wake)
    elif neighbour:
        wake[neighbour] = threading.Event()
        loops += _direct_loops(neighbour, stop, wake[neighbour])
    if zone == "lgwan":
        loops += sanitise_loops(_peer, stop, arrivals)
    return [*loops, Loop("ear", hints.Ear(wake).step, stop, pause=1.0)]


def _direct_loops(neighbour: str, stop: threading.Event, news: threading.Event) -> list[Loop]:
    pull, push = Puller(_peer(), neighbour).step, Pusher(_peer(), neighbour).step
    return [
        Loop("pull", pull, stop, pause=0.2, peer=neighbour),
        Loop("push", push, stop, pause=hints.LOOK_ANYWAY, peer=neighbour, wake=news),
    ]


def _peer() -> Peer:
    if not settings.LINK_UPSTREAM or not settings.LINK_FILES:
        raise ImproperlyConfigured(
            "YAKUBA_LINK_UPSTREAM (e.g. https://127.0.0.1:8443) and YAKUBA_LINK_FILES (folder with ca.pem, client.pem, "
            "client.key) say whom this relay calls"
        )
    return Peer(settings.LINK_UPSTREAM, Path(settings.LINK_FILES))


def _until_signalled() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
