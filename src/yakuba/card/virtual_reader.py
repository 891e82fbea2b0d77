"""An emulated card in a virtual reader: any PC/SC program on this machine finds it there.

Speaks to vsmartcard's ``vpcd`` (a driver of pcscd that listens on loopback) as its virtual card: each message is a
length of two octets and that many octets; one octet is a control (power, reset, ATR), more are a command.
"""

import contextlib
import socket
from typing import Final

from yakuba.card.applet import Applet
from yakuba.card.pcsc.application import ATR

VPCD_PORT: Final = 35_963
_ATR: Final = 4  # the other controls (0 off, 1 on, 2 reset) all leave the card as new


class VirtualReader:
    """A card put on the virtual reader; taken off when closed.

    Raises (on making):
        OSError: no vpcd listens there.
    """

    def __init__(self, applet: Applet, *, host: str = "127.0.0.1", port: int = VPCD_PORT) -> None:
        self._applet = applet
        self._line = socket.create_connection((host, port), timeout=5)
        self._line.settimeout(None)

    def serve(self) -> None:
        """Answer until the reader or :meth:`close` ends it."""
        while (message := self._received()) is not None:
            answer = self._answer(message)
            if answer is not None:
                self._line.sendall(len(answer).to_bytes(2, "big") + answer)

    def close(self) -> None:
        """Take the card off the reader."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _answer(self, message: bytes) -> bytes | None:
        if len(message) != 1:
            return self._applet.transmit(message)
        if message[0] == _ATR:
            return ATR
        self._applet.reset()
        return None

    def _received(self) -> bytes | None:
        size = self._exactly(2)
        return None if size is None else self._exactly(int.from_bytes(size, "big"))

    def _acknowledge_at_once(self) -> None:
        """vpcd sends a message's length and the message apart and waits for our acknowledgement in between: left to
        itself, the kernel takes 40 ms for it, at every command. Only Linux can be asked, and anew each time.
        """
        if hasattr(socket, "TCP_QUICKACK"):
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _exactly(self, count: int) -> bytes | None:
        found = b""
        while len(found) < count:
            try:
                part = self._line.recv(count - len(found))
                self._acknowledge_at_once()
            except OSError:
                return None
            if not part:
                return None
            found += part
        return found
