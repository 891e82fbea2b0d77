"""Ports for what tests and benchmarks start: nobody else is given them, neither another run nor an outgoing connection.

A port that was merely free when asked may be taken before it is used: the kernel gives the ports of its own range to
any outgoing connection. So the blocks lie below that range, and each is held, as long as this process lives, by
listening on its last port, which nothing uses.
"""

import os
import socket
from pathlib import Path
from typing import Final

BLOCK: Final = 40
"""A whole town hall with its two brokers needs 22 in a row (:class:`yakuba.zones.launcher.ports.Ports`)."""

_LOWEST: Final = 10_240
_GIVEN_OUT: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUALLY_GIVEN_OUT_FROM: Final = 32_768
_held: list[socket.socket] = []


def free_base() -> int:
    """The first of ``BLOCK - 1`` ports in a row that are free now and that no other process is given by this function.

    Raises:
        AssertionError: there is no such row.
    """
    bases = range(_LOWEST, _first_given_out() - BLOCK, BLOCK)
    start = os.getpid() % len(bases)
    for base in (*bases[start:], *bases[:start]):
        if _hold(base):
            return base
    raise AssertionError(f"no {BLOCK} free ports in a row")


def free_ports(count: int) -> list[int]:
    """``count`` ports as of :func:`free_base`."""
    assert count < BLOCK
    base = free_base()
    return list(range(base, base + count))


def free_port() -> int:
    """One port as of :func:`free_base`."""
    return free_base()


def _first_given_out() -> int:
    try:
        return int(_GIVEN_OUT.read_text().split()[0])
    except OSError:
        return _USUALLY_GIVEN_OUT_FROM


def _hold(base: int) -> bool:
    guard = socket.socket()
    try:
        guard.bind(("127.0.0.1", base + BLOCK - 1))
        guard.listen(1)
        for port in range(base, base + BLOCK - 1):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
    except OSError:
        guard.close()
        return False
    _held.append(guard)
    return True
