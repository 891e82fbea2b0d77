"""An emulated card seen as a smart card: commands in, answers out, as a My Number card gives them.

It presents an :class:`~yakuba.card.emulated.EmulatedCard` to a reader (:mod:`yakuba.card.virtual_reader`) or straight
to :class:`~yakuba.card.pcsc.card.PcscCard`. PIN rules, counters and keys stay those of the emulated card; here is
only what is visible on the wire.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.emulated import EmulatedCard, EmulatedSession
from yakuba.card.interface import PinForm, PinLocked, WrongPin
from yakuba.card.outcomes import Kind
from yakuba.card.pcsc import apdu
from yakuba.card.pcsc.apdu import Answer
from yakuba.card.pcsc.application import APPLICATION, FILES

_TRIES_LEFT: Final = 0x63C0
_SHA256_OCTETS: Final = 32
_NO_FILE: Final = -1
_CERTIFICATES: Final[Mapping[int, Kind]] = {files.certificate: kind for kind, files in FILES.items()}
_AUTHORITIES: Final[Mapping[int, Kind]] = {files.authority: kind for kind, files in FILES.items()}
_KEYS: Final[Mapping[int, Kind]] = {files.key: kind for kind, files in FILES.items()}
_PINS: Final[Mapping[int, Kind]] = {files.pin: kind for kind, files in FILES.items()}
_FILES: Final = {*_CERTIFICATES, *_AUTHORITIES, *_KEYS, *_PINS}


class _Status(Exception):
    """The command ends with this status word."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"{status:04X}")


class Applet:
    """The card's side of a connection. ``authorities`` are the certificates of its issuers, where they are known."""

    def __init__(self, card: EmulatedCard, authorities: Mapping[Kind, bytes] | None = None) -> None:
        self._card, self._authorities = card, dict(authorities or {})
        self._selected = _NO_FILE
        self._in_application = False
        self._sessions: dict[Kind, EmulatedSession] = {}
        self._open = ExitStack()

    def reset(self) -> None:
        """Power off and on: nothing is selected, no PIN is verified."""
        self._open.close()
        self._sessions.clear()
        self._selected, self._in_application = _NO_FILE, False

    def transmit(self, command: bytes) -> bytes:
        """The answer to ``command``: data and status word; never raises, whatever comes in."""
        try:
            answer = self._answer(command)
        except _Status as status:
            answer = Answer(b"", status.status)
        return answer.data + answer.status.to_bytes(2, "big")

    def _answer(self, command: bytes) -> Answer:
        cla, instruction, p1, p2, data, expected = _taken_apart(command)
        if (cla, instruction) == (0x00, apdu.SELECT):
            return self._select(p1, p2, data)
        if not self._in_application:
            raise _Status(apdu.UNKNOWN_INSTRUCTION)
        if (cla, instruction) == (0x00, apdu.READ_BINARY):
            return self._read(p1 << 8 | p2, expected)
        if (cla, instruction, p1, p2) == (0x00, apdu.VERIFY, 0x00, apdu.THIS_FILES_PIN):
            return self._verify(data)
        if (cla, instruction) == (apdu.OWN_CLASS, apdu.PERFORM_SECURITY_OPERATION):
            return self._sign(p1, p2, data)
        raise _Status(apdu.UNKNOWN_INSTRUCTION if cla in (0x00, apdu.OWN_CLASS) else apdu.UNKNOWN_CLASS)

    def _select(self, p1: int, p2: int, data: bytes) -> Answer:
        if p2 != apdu.NO_RESPONSE_DATA:
            raise _Status(apdu.WRONG_PARAMETERS)
        if p1 == apdu.BY_NAME:
            if data != APPLICATION:
                raise _Status(apdu.NOT_FOUND)
            self._in_application, self._selected = True, _NO_FILE
        elif p1 == apdu.BY_FILE_IDENTIFIER and self._in_application:
            file = int.from_bytes(data, "big")
            if len(data) != 2 or file not in _FILES:
                raise _Status(apdu.NOT_FOUND)
            self._selected = file
        else:
            raise _Status(apdu.NOT_FOUND)
        return Answer(b"", apdu.DONE)

    def _read(self, offset: int, expected: int) -> Answer:
        content = self._content()
        if offset >= len(content):
            raise _Status(apdu.WRONG_OFFSET)
        part = content[offset : offset + expected]
        return Answer(part, apdu.DONE if len(part) == expected or expected == 256 else apdu.END_OF_FILE)

    def _content(self) -> bytes:
        if self._selected in _AUTHORITIES:
            found = self._authorities.get(_AUTHORITIES[self._selected])
            if found is None:
                raise _Status(apdu.NOT_FOUND)
            return found
        if self._selected not in _CERTIFICATES:
            raise _Status(apdu.NO_FILE_SELECTED)
        if _CERTIFICATES[self._selected] == "auth":
            return self._card.auth_certificate()
        return self._session("sign").certificate

    def _session(self, kind: Kind) -> EmulatedSession:
        if kind not in self._sessions:
            raise _Status(apdu.SECURITY_STATUS)
        return self._sessions[kind]

    def _verify(self, pin: bytes) -> Answer:
        if self._selected not in _PINS:
            raise _Status(apdu.NO_FILE_SELECTED)
        kind = _PINS[self._selected]
        if not pin:  # the counter is told, whether the PIN was verified or not
            return Answer(b"", _TRIES_LEFT | self._card.tries_left(kind))
        self._sessions.pop(kind, None)
        try:
            self._sessions[kind] = self._open.enter_context(
                self._card.unlocked(kind, pin.decode("ascii", "replace"))
            )
        except WrongPin as wrong:
            raise _Status(_TRIES_LEFT | wrong.tries_left) from wrong
        except PinLocked as locked:
            raise _Status(apdu.PIN_INVALIDATED) from locked
        except PinForm as form:
            raise _Status(apdu.WRONG_DATA) from form
        return Answer(b"", apdu.DONE)

    def _sign(self, p1: int, p2: int, info: bytes) -> Answer:
        if (p1, p2) != (0x00, apdu.THIS_FILES_KEY):
            raise _Status(apdu.WRONG_PARAMETERS)
        if self._selected not in _KEYS:
            raise _Status(apdu.NO_FILE_SELECTED)
        session = self._session(_KEYS[self._selected])
        return Answer(session.sign_digest(_digest(info)), apdu.DONE)


def _digest(info: bytes) -> bytes:
    """The digest in a DigestInfo of SHA-256 (RFC 8017 section 9.2)."""
    try:
        parts = der.Reader(info).enter(der.SEQUENCE)
        parts.raw(der.SEQUENCE)
        digest = parts.content(der.OCTET_STRING)
    except der.NotDer as problem:
        raise _Status(apdu.WRONG_DATA) from problem
    if len(digest) != _SHA256_OCTETS or info != w.sequence(oids.SHA256_WITH_NULL, w.octets(digest)):
        raise _Status(apdu.WRONG_DATA)
    return digest


def _taken_apart(command: bytes) -> tuple[int, int, int, int, bytes, int]:
    """Class, instruction, P1, P2, data and expected length of a short command (ISO/IEC 7816-4 section 5.1)."""
    if len(command) < 4:
        raise _Status(apdu.WRONG_LENGTH)
    cla, instruction, p1, p2 = command[:4]
    rest = command[4:]
    if len(rest) <= 1:
        return cla, instruction, p1, p2, b"", (rest[0] or 256) if rest else 0
    data, after = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    if not rest[0] or len(data) != rest[0] or len(after) > 1:
        raise _Status(apdu.WRONG_LENGTH)
    return cla, instruction, p1, p2, data, (after[0] or 256) if after else 0
