"""The relay of a zone: calls the neighbour one step outward, and does what is due. Nobody ever calls inward.

``lgwan`` pulls from and pushes to ``internet``, and sanitises; ``mynumber`` pulls from and pushes to ``lgwan``; in
``internet`` it only does what is due (tries again, reminds, sends audit heads). It may be killed at any moment.
"""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from yakuba.gateway import chores, lock
from yakuba.gateway.client import Peer
from yakuba.gateway.loops import Loop
from yakuba.gateway.pull import Puller
from yakuba.gateway.push import Pusher
from yakuba.gateway.routes import outward_neighbour
from yakuba.gateway.sanitise.pool import sanitise_loops

_FAREWELL = 1.5


def run(zone: str, stop: threading.Event | None = None) -> None:
    """Run until SIGTERM or SIGINT (or until ``stop`` is set). A second relay of the same zone waits its turn.

    Raises:
        ImproperlyConfigured: the process has another zone's settings, lacks those of its link, or a check refuses them.
    """
    if zone != settings.ZONE:
        raise ImproperlyConfigured(f"this process has the settings of zone {settings.ZONE!r}, not {zone!r}")
    _refuse_wrong_settings()
    stop = stop or _until_signalled()
    if not lock.wait_for_turn(stop):
        return
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


def _refuse_wrong_settings() -> None:
    serious = [message for message in run_checks() if message.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(f"[{each.id}] {each.msg} {each.hint or ''}" for each in serious))


def _loops(zone: str, stop: threading.Event) -> list[Loop]:
    loops = [Loop("chores", chores.Chores(zone).step, stop, pause=0.5)]
    neighbour = outward_neighbour(zone)
    if neighbour:
        peer = _peer_factory()
        news, arrivals = threading.Event(), threading.Event()
        loops.append(
            Loop("pull", Puller(peer(), neighbour, (news, arrivals)).step, stop, pause=0.2, peer=neighbour)
        )
        loops.append(
            Loop("push", Pusher(peer(), neighbour, news).step, stop, pause=0.1, peer=neighbour, wake=news)
        )
        if zone == "lgwan":
            loops += sanitise_loops(peer, stop, arrivals)
    return loops


def _peer_factory() -> Callable[[], Peer]:
    if not settings.LINK_UPSTREAM or not settings.LINK_FILES:
        raise ImproperlyConfigured(
            "YAKUBA_LINK_UPSTREAM (e.g. https://127.0.0.1:8443) and YAKUBA_LINK_FILES (folder with ca.pem, client.pem, "
            "client.key) say whom this relay calls"
        )
    return lambda: Peer(settings.LINK_UPSTREAM, Path(settings.LINK_FILES))


def _until_signalled() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
