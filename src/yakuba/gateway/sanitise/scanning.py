"""Asking a malware scanner about a file before it is rebuilt (ASVS 5.0 5.4.3), where the operator names one (``YAKUBA_SCANNER``).

The rebuilding is the control; a scanner tells besides that somebody sent something known. It is asked in clamd's own way
(INSTREAM: chunks with a four-byte length, a chunk of none ends them; ClamAV, clamd(8)), over a Unix socket or TCP. A scanner that is away, or
answers anything but "OK" or "… FOUND", has not said that the file is clean: the message waits and is tried again.
"""

import socket
import struct
from collections.abc import Iterator

from yakuba.gateway.errors import Passing

_CHUNK = 256 * 1024
_PATIENCE = 60.0
_LONGEST_ANSWER = 4096


class ScannerAway(Passing):
    """The scanner does not answer, or not in its way."""


class WrongScanner(ValueError):
    """The setting names no scanner; the text has a right example."""


def found(data: bytes, scanner: str) -> str | None:
    """The name of the malware the scanner sees in ``data``; None if it sees none.

    Args:
        scanner: ``unix:/run/clamav/clamd.ctl`` or ``tcp:host:3310``.

    Raises:
        ScannerAway, WrongScanner.
    """
    try:
        with _connected(scanner) as connection:
            for piece in _stream(data):
                connection.sendall(piece)
            answer = _answer(connection)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")[:120]
    raise ScannerAway("an answer that is neither OK nor FOUND")


def _connected(scanner: str) -> socket.socket:
    kind, where = check(scanner)
    if kind == "unix":
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(_PATIENCE)
        try:
            made.connect(where)
        except OSError:
            made.close()
            raise
        return made
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), _PATIENCE)


def check(scanner: str) -> tuple[str, str]:
    """The setting's kind and place; empty where no scanner is set.

    Raises:
        WrongScanner: it names none.
    """
    kind, _, where = scanner.partition(":")
    host, _, port = where.rpartition(":")
    is_unix = kind == "unix" and where.startswith("/")
    if not scanner or is_unix or (kind == "tcp" and host and port.isascii() and port.isdigit()):
        return kind, where
    raise WrongScanner(
        f"YAKUBA_SCANNER「{scanner}」は使えません。例: unix:/run/clamav/clamd.ctl または tcp:127.0.0.1:3310"
    )


def _stream(data: bytes) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    for at in range(0, len(data), _CHUNK):
        piece = data[at : at + _CHUNK]
        yield struct.pack("!L", len(piece)) + piece
    yield struct.pack("!L", 0)


def _answer(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
