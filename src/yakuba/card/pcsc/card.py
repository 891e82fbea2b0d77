"""A My Number card over any transport: implements :class:`yakuba.card.interface.Card`.

The counter is read before every VERIFY, so that a locked PIN is never asked and a wrong one is never a surprise.
Each session is one connection, held alone from SELECT to the last signature and reset after it: no other program
finds a verified PIN.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.interface import PinLocked, UnreadableCard, WrongPin
from yakuba.card.outcomes import Kind
from yakuba.card.pcsc import apdu
from yakuba.card.pcsc.apdu import Answer, Refusal, Transport, command, exchange
from yakuba.card.pcsc.application import APPLICATION, FILES
from yakuba.card.pins import PIN_RULES, check_pin_form

_CHUNK: Final = 0xE0  # an answer of 256 octets is more than some contactless readers carry
_HEAD_OCTETS: Final = 4
_LARGEST_CERTIFICATE: Final = 0x7FFF  # the offset of READ BINARY has 15 bits (ISO/IEC 7816-4 section 11.2.2)
_SHA256_OCTETS: Final = 32
Opener = Callable[[], AbstractContextManager[Transport]]
"""Opens a connection that is held alone and reset at its end."""


@dataclass(frozen=True, slots=True)
class PcscSession:
    """An open session; see :class:`yakuba.card.interface.Session`."""

    certificate: bytes
    _transport: Transport
    _kind: Kind

    def sign_digest(self, digest: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 over a SHA-256 ``digest``: the card pads, and is handed the DigestInfo (RFC 8017 9.2).

        Raises:
            UnreadableCard: the card was taken away, or would not sign.
        """
        if len(digest) != _SHA256_OCTETS:
            raise ValueError("a SHA-256 digest has 32 octets")
        _select(self._transport, FILES[self._kind].key)
        info = w.sequence(oids.SHA256_WITH_NULL, w.octets(digest))
        sent = command(
            apdu.OWN_CLASS, apdu.PERFORM_SECURITY_OPERATION, 0, apdu.THIS_FILES_KEY, info, expected=256
        )
        return _done(exchange(self._transport, sent), sent).data


class PcscCard:
    """The card on a reader. ``name`` chooses it, ``label`` is shown: the reader's name, for the card's holder is
    named only in the signing certificate, behind its PIN.
    """

    def __init__(self, name: str, label: str, opener: Opener) -> None:
        self.name, self.label, self._open = name, label, opener

    def tries_left(self, kind: Kind) -> int:
        """How many tries the PIN has left; asking costs none (VERIFY without data)."""
        with self._open() as transport:
            _select_application(transport)
            return _tries_left(transport, kind)

    def auth_certificate(self) -> bytes:
        """The authentication certificate, DER: readable without PIN."""
        with self._open() as transport:
            _select_application(transport)
            return _read_certificate(transport, FILES["auth"].certificate)

    @contextmanager
    def unlocked(self, kind: Kind, pin: str) -> Iterator[PcscSession]:
        """Verify ``pin`` and hold a session open; see :class:`yakuba.card.interface.Card`."""
        check_pin_form(kind, pin)
        with self._open() as transport:
            _select_application(transport)
            _verify(transport, kind, pin)
            certificate = _read_certificate(transport, FILES[kind].certificate)
            yield PcscSession(certificate, transport, kind)


def _select_application(transport: Transport) -> None:
    sent = command(0, apdu.SELECT, apdu.BY_NAME, apdu.NO_RESPONSE_DATA, APPLICATION)
    _done(exchange(transport, sent), sent)


def _select(transport: Transport, file: int) -> None:
    sent = command(0, apdu.SELECT, apdu.BY_FILE_IDENTIFIER, apdu.NO_RESPONSE_DATA, file.to_bytes(2, "big"))
    _done(exchange(transport, sent), sent)


def _tries_left(transport: Transport, kind: Kind) -> int:
    _select(transport, FILES[kind].pin)
    sent = command(0, apdu.VERIFY, 0, apdu.THIS_FILES_PIN)
    answer = exchange(transport, sent)
    if answer.status == apdu.DONE:  # verified in this connection already: a right PIN gave every try back
        return PIN_RULES[kind].tries
    if answer.status in (apdu.PIN_BLOCKED, apdu.PIN_INVALIDATED):
        return 0
    if answer.tries_left is None:
        raise Refusal(apdu.VERIFY, answer.status)
    return answer.tries_left


def _verify(transport: Transport, kind: Kind, pin: str) -> None:
    if _tries_left(transport, kind) == 0:
        raise PinLocked
    answer = exchange(transport, command(0, apdu.VERIFY, 0, apdu.THIS_FILES_PIN, pin.encode("ascii")))
    if answer.status in (apdu.PIN_BLOCKED, apdu.PIN_INVALIDATED) or answer.tries_left == 0:
        raise PinLocked
    if answer.tries_left is not None:
        raise WrongPin(answer.tries_left)
    if answer.status != apdu.DONE:
        raise Refusal(apdu.VERIFY, answer.status)


def _read_certificate(transport: Transport, file: int) -> bytes:
    """A certificate's file: its own DER header says how long it is; the file may be longer (padded)."""
    _select(transport, file)
    head = _read(transport, 0, _HEAD_OCTETS)
    if head[:2] != b"\x30\x82":
        raise UnreadableCard("カードから証明書を読めません。")
    size = _HEAD_OCTETS + int.from_bytes(head[2:], "big")
    if size > _LARGEST_CERTIFICATE:
        raise UnreadableCard("カードの証明書が大きすぎます。")
    found = head
    while len(found) < size:
        found += _read(transport, len(found), min(_CHUNK, size - len(found)))
    return found


def _read(transport: Transport, offset: int, count: int) -> bytes:
    sent = command(0, apdu.READ_BINARY, offset >> 8, offset & 0xFF, expected=count)
    found = _done(exchange(transport, sent), sent).data
    if len(found) != count:
        raise UnreadableCard("カードから証明書を最後まで読めません。")
    return found


def _done(answer: Answer, sent: bytes) -> Answer:
    if answer.status != apdu.DONE:
        raise Refusal(sent[1], answer.status)
    return answer
