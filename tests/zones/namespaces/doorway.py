"""A way from this machine into a namespace, as if one sat there: for the browsers of the resident and of the clerk."""

import contextlib
import ctypes
import os
import selectors
import socket
import threading
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def enter(space: str) -> None:
    """Move the calling thread (and only it) into a namespace: its new sockets are there."""
    descriptor = os.open(Path("/var/run/netns") / space, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _libc.setns(descriptor, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {space}")
    finally:
        os.close(descriptor)


class Doorway:
    """Listens on ``port`` of this machine's loopback; each connection is opened anew inside ``space``."""

    def __init__(self, port: int, space: str, target: tuple[str, int]) -> None:
        self._space, self._target = space, target
        self._here = socket.create_server(("127.0.0.1", port))
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._here.close()

    def _accept(self) -> None:
        enter(self._space)
        while True:
            try:
                near, _ = self._here.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.connections += 1
            threading.Thread(target=_pass_on, args=(near, far), daemon=True).start()


def _pass_on(near: socket.socket, far: socket.socket) -> None:
    with near, far, contextlib.suppress(OSError), selectors.DefaultSelector() as waiting:
        waiting.register(near, selectors.EVENT_READ, far)
        waiting.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _ in waiting.select():
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)
