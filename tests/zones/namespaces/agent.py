"""Runs inside a namespace, on the standard library only: listens on every port, tries connections, sends forged packets.

Orders come as JSON lines on stdin, answers go as JSON lines to stdout.
"""

import contextlib
import errno
import json
import selectors
import socket
import struct
import sys
import threading
import time
from typing import Any

Attempt = dict[str, Any]


def listen(name: str, addresses: list[str], ports: list[tuple[int, str]]) -> None:
    """Answer every TCP connection and UDP datagram to our addresses with this machine's name. Bound to each address,
    so that a datagram is answered from where it was sent to."""
    waiting = selectors.DefaultSelector()
    for port, protocol in ports:
        for address in addresses:
            kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
            opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((address, port))
            if protocol == "tcp":
                opened.listen(1024)
            opened.setblocking(False)
            waiting.register(opened, selectors.EVENT_READ, protocol)
    threading.Thread(target=_answer, args=(waiting, name.encode()), daemon=True).start()


def _answer(waiting: selectors.BaseSelector, name: bytes) -> None:
    while True:
        for key, _ in waiting.select():
            opened: socket.socket = key.fileobj  # type: ignore[assignment]
            with contextlib.suppress(OSError):
                if key.data == "udp":
                    opened.sendto(name, opened.recvfrom(64)[1])
                else:
                    caller, _ = opened.accept()
                    caller.send(name)
                    caller.close()


def attempt(attempts: list[Attempt], seconds: float) -> list[str]:
    """Try all at once; for each the name that answered, or ``!`` and what happened instead."""
    waiting = selectors.DefaultSelector()
    outcome = ["!silent"] * len(attempts)
    for number, each in enumerate(attempts):
        _begin(waiting, number, each, outcome)
    until = time.monotonic() + seconds
    again = time.monotonic() + 0.8
    while waiting.get_map() and (now := time.monotonic()) < until:
        for key, _ in waiting.select(max(0.0, min(until, again) - now)):
            _go_on(waiting, key, outcome)
        if time.monotonic() >= again:  # a datagram is sent once; TCP repeats its SYN by itself
            again += 0.8
            _repeat(waiting, attempts)
    for key in list(waiting.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return outcome


def _begin(waiting: selectors.BaseSelector, number: int, each: Attempt, outcome: list[str]) -> None:
    family = socket.AF_INET if each["version"] == 4 else socket.AF_INET6
    opened = socket.socket(family, socket.SOCK_STREAM if each["protocol"] == "tcp" else socket.SOCK_DGRAM)
    opened.setblocking(False)
    try:
        if each["protocol"] == "udp":
            opened.connect((each["address"], each["port"]))
            opened.send(b"?")
        elif (code := opened.connect_ex((each["address"], each["port"]))) not in (0, errno.EINPROGRESS):
            raise OSError(code, "")
    except OSError as error:
        outcome[number] = f"!{errno.errorcode.get(error.errno or 0, '?')}"
        opened.close()
        return
    waiting.register(opened, selectors.EVENT_READ, number)


def _repeat(waiting: selectors.BaseSelector, attempts: list[Attempt]) -> None:
    for key in waiting.get_map().values():
        if attempts[key.data]["protocol"] == "udp":
            with contextlib.suppress(OSError):
                key.fileobj.send(b"?")  # type: ignore[union-attr]


def _go_on(waiting: selectors.BaseSelector, key: selectors.SelectorKey, outcome: list[str]) -> None:
    opened: socket.socket = key.fileobj  # type: ignore[assignment]
    try:
        outcome[key.data] = opened.recv(64).decode() or "!closed"
    except OSError as error:
        outcome[key.data] = f"!{errno.errorcode.get(error.errno or 0, '?')}"
    waiting.unregister(opened)
    opened.close()


def forge(interface: str, packets: list[Attempt]) -> None:
    """Put frames on the wire past our own packet filter: a TCP SYN each, from any address to any address."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((interface, 0))
        for packet in packets:
            wire.send(_frame(packet))


def _frame(packet: Attempt) -> bytes:
    four = packet["version"] == 4
    family = socket.AF_INET if four else socket.AF_INET6
    source, target = socket.inet_pton(family, packet["from"]), socket.inet_pton(family, packet["to"])
    tcp = struct.pack("!HHIIBBHHH", packet["mark"], packet["port"], 1, 0, 5 << 4, 2, 64240, 0, 0)
    pseudo = source + target + struct.pack("!II", len(tcp), socket.IPPROTO_TCP)
    tcp = tcp[:16] + struct.pack("!H", _sum(pseudo + tcp)) + tcp[18:]
    if four:
        head = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, socket.IPPROTO_TCP, 0, source, target
        )
        head = head[:10] + struct.pack("!H", _sum(head)) + head[12:]
    else:
        head = struct.pack("!IHBB16s16s", 6 << 28, len(tcp), socket.IPPROTO_TCP, 64, source, target)
    macs = bytes.fromhex((packet["mac_to"] + packet["mac_from"]).replace(":", ""))
    return macs + struct.pack("!H", 0x0800 if four else 0x86DD) + head + tcp


def _sum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        answer: object = None
        if order["do"] == "listen":
            listen(order["name"], order["addresses"], order["ports"])
        elif order["do"] == "attempt":
            answer = attempt(order["attempts"], order["seconds"])
        elif order["do"] == "forge":
            forge(order["interface"], order["packets"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
