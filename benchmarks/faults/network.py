"""The network between the zones: cut, losing packets, spoiling bytes. In a network namespace of our own, with nftables."""

import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks.faults.town import Disturb, FaultTown, Load
from yakuba.zones.launcher.ports import Ports

_MARK, _SO_MARK = 7, 36


def _nft(rules: str) -> None:
    program = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin") or "nft"
    subprocess.run([program, "-f", "-"], input=rules, text=True, check=True)


def _links(town: FaultTown) -> tuple[int, int]:
    ports = Ports(town.running.base)
    return ports.gateway_internet, ports.gateway_lgwan


@contextmanager
def dropping(ports: tuple[int, ...], percent: int) -> Iterator[None]:
    """While open, that many of a hundred packets to and from these ports vanish."""
    which = "" if percent >= 100 else f"numgen random mod 100 < {percent} "
    sides = "".join(
        f"tcp {side} {{ {', '.join(map(str, ports))} }} {which}drop\n" for side in ("dport", "sport")
    )
    _nft(
        f"table inet faults {{ chain out {{ type filter hook output priority 0; policy accept;\n{sides}}}\n}}\n"
    )
    try:
        yield
    finally:
        _nft("delete table inet faults\n")


def partition(seconds: float) -> Disturb:
    """One link or both are cut for so many seconds; applications come in all the while."""

    def disturb(town: FaultTown, chance: random.Random, load: Load) -> str:
        links = _links(town)
        cut = chance.choice((links[:1], links[1:], links))
        load.wait_for(2)
        with dropping(cut, 100):
            time.sleep(seconds)
        return f"{len(cut)} of 2 links cut for {seconds:.0f} s"

    return disturb


def cut_both(seconds: float) -> Disturb:
    """Every zone is alone for so many seconds; applications come in all the while."""

    def disturb(town: FaultTown, chance: random.Random, load: Load) -> str:
        load.wait_for(chance.randint(1, 4))
        with dropping(_links(town), 100):
            before = load.progress()
            time.sleep(seconds)
            meanwhile = load.progress() - before
        return f"both links cut for {seconds:.0f} s, {meanwhile} handed in meanwhile"

    return disturb


def packet_loss(seconds: float) -> Disturb:
    """A fifth to two fifths of all packets between the zones are lost for so many seconds."""

    def disturb(town: FaultTown, chance: random.Random, load: Load) -> str:
        percent = chance.randint(20, 40)
        with dropping(_links(town), percent):
            time.sleep(seconds)
        return f"{percent}% of packets lost for {seconds:.0f} s"

    return disturb


def spoil_on_the_wire(seconds: float) -> Disturb:
    """What passes between the zones goes through somebody who flips bits and cuts connections, for so many seconds."""

    def disturb(town: FaultTown, chance: random.Random, load: Load) -> str:
        spoilers = [_Spoiler(port, random.Random(chance.random())) for port in _links(town)]
        rules = "".join(
            f"tcp dport {each.towards} meta mark != {_MARK} redirect to :{each.port}\n" for each in spoilers
        )
        _nft(f"table ip spoil {{ chain out {{ type nat hook output priority -100;\n{rules}}}\n}}\n")
        _break_connections(town)
        try:
            time.sleep(seconds)
        finally:
            _nft("delete table ip spoil\n")
            for each in spoilers:
                each.close()
        return f"{sum(each.spoiled for each in spoilers)} bits flipped, {sum(each.cut for each in spoilers)} connections cut"

    return disturb


def _break_connections(town: FaultTown) -> None:
    """The redirection catches new connections only: end those that stand."""
    for port in _links(town):
        program = shutil.which("ss", path="/usr/bin:/usr/sbin:/bin:/sbin") or "ss"
        subprocess.run([program, "-K", "dport", "=", str(port)], capture_output=True, check=False)
    for part in ("relay-lgwan", "relay-mynumber"):
        town.kill(part)


class _Spoiler:
    """Passes bytes on between a relay and a gateway, spoiling some."""

    def __init__(self, towards: int, chance: random.Random) -> None:
        self.towards, self._chance = towards, chance
        self.spoiled = self.cut = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                inner, _ = self._server.accept()
                outer = socket.socket()
                outer.setsockopt(socket.SOL_SOCKET, _SO_MARK, _MARK)
                outer.connect(("127.0.0.1", self.towards))
                for source, sink in ((inner, outer), (outer, inner)):
                    threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := bytearray(source.recv(16384)):
                fate = self._chance.random()
                if fate < 0.05:
                    data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)
                    self.spoiled += 1
                elif fate < 0.08:
                    sink.sendall(data[: self._chance.randrange(len(data))])
                    self.cut += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
