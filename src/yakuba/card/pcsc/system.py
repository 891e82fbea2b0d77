"""The operating system's PC/SC service, called directly: pcsc-lite on Linux, PCSC on macOS, WinSCard on Windows.

No package in between: pyscard has to be compiled on Linux (SWIG and pcsc-lite's headers), and what is needed is ten
functions. A machine without the library, without the service or without a reader is no error: there are no readers.
Only Linux was ever run (docs/card-readers.md).
"""

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from yakuba.card.interface import UnreadableCard

# The widths of PC/SC's types differ: pcsc-lite uses "long", macOS 32 bits, Windows 32 bits but pointers as handles.
_MAC, _WINDOWS = sys.platform == "darwin", sys.platform == "win32"
_DWORD: Final[Any] = ctypes.c_uint32 if _MAC else ctypes.c_ulong
_HANDLE: Final[Any] = ctypes.c_int32 if _MAC else ctypes.c_size_t if _WINDOWS else ctypes.c_long
_SCOPE_SYSTEM, _SHARED, _T0_OR_T1 = 2, 2, 3
_LEAVE_CARD, _RESET_CARD = 0, 1
_NO_SERVICE, _NO_READERS, _NO_CARD, _REMOVED = 0x8010001D, 0x8010002E, 0x8010000C, 0x80100069
_UNRESPONSIVE, _UNPOWERED, _RESET = 0x80100066, 0x80100067, 0x80100068
_STOPPED, _UNKNOWN_READER, _UNAVAILABLE = 0x8010001E, 0x80100009, 0x80100017
_NOBODY: Final = {_NO_SERVICE, _NO_READERS, _STOPPED, _UNAVAILABLE}
_EMPTY: Final = {_NO_CARD, _REMOVED, _UNRESPONSIVE, _UNPOWERED, _UNKNOWN_READER}
_LIBRARIES: Final[Mapping[str, str]] = {
    "darwin": "/System/Library/Frameworks/PCSC.framework/PCSC",
    "win32": "winscard.dll",
}
_LONGEST_ANSWER: Final = 65_538


class NoCard(UnreadableCard):
    """No card lies on the reader."""


class ReaderFault(UnreadableCard):
    """PC/SC failed; ``code`` is its SCARD_E number."""

    def __init__(self, call: str, code: int) -> None:
        self.call, self.code = call, code
        super().__init__(f"カードリーダーを使えません({call}: {code:08X})。")


class _IoRequest(ctypes.Structure):
    _fields_ = (("protocol", _DWORD), ("length", _DWORD))


@cache
def _library() -> Any | None:
    """The PC/SC library, or None where there is none."""
    name = _LIBRARIES.get(sys.platform) or ctypes.util.find_library("pcsclite") or "libpcsclite.so.1"
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _call(function: str, *arguments: object) -> None:
    """Call PC/SC.

    Raises:
        NoCard, ReaderFault: it did not return 0.
    """
    code = int(getattr(_library(), function)(*arguments)) & 0xFFFFFFFF
    if code in _EMPTY:
        raise NoCard("カードリーダーにカードがありません。")
    if code:
        raise ReaderFault(function, code)


def _name(function: str) -> str:
    return f"{function}A" if _WINDOWS else function


@contextmanager
def _context() -> Iterator[Any]:
    found = _HANDLE()
    _call("SCardEstablishContext", _DWORD(_SCOPE_SYSTEM), None, None, ctypes.byref(found))
    try:
        yield found
    finally:
        _library().SCardReleaseContext(found)  # type: ignore[union-attr]


def reader_names() -> list[str]:
    """The readers the service knows; empty where there is no service or no reader."""
    if _library() is None:
        return []
    try:
        with _context() as context:
            return _listed(context)
    except ReaderFault as fault:
        if fault.code in _NOBODY:
            return []
        raise


def _listed(context: Any) -> list[str]:
    size = _DWORD(0)
    _call(_name("SCardListReaders"), context, None, None, ctypes.byref(size))
    names = ctypes.create_string_buffer(size.value)
    _call(_name("SCardListReaders"), context, None, names, ctypes.byref(size))
    return [name.decode("utf-8", "replace") for name in names.raw[: size.value].split(b"\0") if name]


class Connection:
    """An open connection: a :class:`yakuba.card.pcsc.apdu.Transport`."""

    def __init__(self, card: Any, protocol: int) -> None:
        self._card, self._protocol = card, protocol

    def transmit(self, command: bytes) -> bytes:
        """Send ``command``; the answer with its status word.

        Raises:
            NoCard, ReaderFault: the card or the reader is gone.
        """
        header = _IoRequest(self._protocol, ctypes.sizeof(_IoRequest))
        answer, size = ctypes.create_string_buffer(_LONGEST_ANSWER), _DWORD(_LONGEST_ANSWER)
        _call(
            "SCardTransmit", self._card, ctypes.byref(header), command, _DWORD(len(command)), None, answer,
            ctypes.byref(size),
        )  # fmt: skip
        return answer.raw[: size.value]


@contextmanager
def connected(reader: str) -> Iterator[Connection]:
    """The card on ``reader``, held alone until the block ends and reset then: no PIN stays verified.

    Raises:
        NoCard, ReaderFault.
    """
    if _library() is None:
        raise UnreadableCard("この端末には、カードリーダーを使うためのプログラム(PC/SC)がありません。")
    with _context() as context:
        card, protocol = _HANDLE(), _DWORD()
        _call(
            _name("SCardConnect"), context, reader.encode(), _DWORD(_SHARED), _DWORD(_T0_OR_T1),
            ctypes.byref(card), ctypes.byref(protocol),
        )  # fmt: skip
        try:
            _begin(card, protocol)
            yield Connection(card, protocol.value)
        finally:
            _library().SCardEndTransaction(card, _DWORD(_RESET_CARD))  # type: ignore[union-attr]
            _library().SCardDisconnect(card, _DWORD(_RESET_CARD))  # type: ignore[union-attr]


def _begin(card: Any, protocol: Any) -> None:
    """Have the card to oneself; where another program reset it since, take it up again (SCardReconnect)."""
    try:
        _call("SCardBeginTransaction", card)
    except ReaderFault as fault:
        if fault.code != _RESET:
            raise
        _call(
            "SCardReconnect", card, _DWORD(_SHARED), _DWORD(_T0_OR_T1), _DWORD(_LEAVE_CARD),
            ctypes.byref(protocol),
        )  # fmt: skip
        _call("SCardBeginTransaction", card)
