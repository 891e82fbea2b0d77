"""One command to a smart card and its answer (ISO/IEC 7816-4), and what carries them."""

from dataclasses import dataclass
from typing import Final, Protocol

from yakuba.card.interface import UnreadableCard

SELECT, READ_BINARY, VERIFY, PERFORM_SECURITY_OPERATION, GET_RESPONSE = 0xA4, 0xB0, 0x20, 0x2A, 0xC0
BY_NAME, BY_FILE_IDENTIFIER, NO_RESPONSE_DATA = 0x04, 0x02, 0x0C
THIS_FILES_PIN, OWN_CLASS, THIS_FILES_KEY = 0x80, 0x80, 0x80
DONE: Final = 0x9000
END_OF_FILE: Final = 0x6282
WRONG_LENGTH, SECURITY_STATUS, PIN_BLOCKED, PIN_INVALIDATED = 0x6700, 0x6982, 0x6983, 0x6984
NO_FILE_SELECTED, WRONG_DATA, NOT_FOUND, WRONG_PARAMETERS, WRONG_OFFSET = (
    0x6986,
    0x6A80,
    0x6A82,
    0x6A86,
    0x6B00,
)
UNKNOWN_INSTRUCTION, UNKNOWN_CLASS = 0x6D00, 0x6E00
_TRIES_LEFT, _MORE_DATA, _RIGHT_LENGTH = 0x63C0, 0x61, 0x6C
_MOST_PARTS: Final = 16


class Transport(Protocol):
    """An open connection to a card."""

    def transmit(self, command: bytes) -> bytes:
        """Send ``command``; the answer's data and status word.

        Raises:
            UnreadableCard: the card or the reader is gone.
        """
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Data and status word."""

    data: bytes
    status: int

    @property
    def tries_left(self) -> int | None:
        """The x of 63Cx, if that is the status (ISO/IEC 7816-4 table 6)."""
        return self.status & 0xF if self.status & 0xFFF0 == _TRIES_LEFT else None


class Refusal(UnreadableCard):
    """The card answered a command with another status than it should; ``status`` says which."""

    def __init__(self, instruction: int, status: int) -> None:
        self.instruction, self.status = instruction, status
        super().__init__(f"カードが命令 {instruction:02X} に {status:04X} と答えました。")


def command(
    cla: int, instruction: int, p1: int, p2: int, data: bytes = b"", expected: int | None = None
) -> bytes:
    """A short command: up to 255 octets of ``data``, up to 256 ``expected`` (section 5.1)."""
    head = bytes((cla, instruction, p1, p2))
    body = bytes((len(data),)) + data if data else b""
    return head + body + (b"" if expected is None else bytes((expected & 0xFF,)))


def exchange(transport: Transport, sent: bytes) -> Answer:
    """Send one command and collect its whole answer, in whatever parts the card gives it (61xx, 6Cxx).

    Raises:
        UnreadableCard: the connection is gone, or the answer has no end.
    """
    found, again = b"", sent
    for _ in range(_MOST_PARTS):
        answer = _answer(transport.transmit(again))
        found += answer.data
        more, count = divmod(answer.status, 0x100)
        if more == _MORE_DATA:
            again = command(0x00, GET_RESPONSE, 0, 0, expected=count or 256)
        elif more == _RIGHT_LENGTH:
            again = again[:-1] + bytes((count,))
        else:
            return Answer(found, answer.status)
    raise UnreadableCard("カードの答えが終わりません。")


def _answer(raw: bytes) -> Answer:
    if len(raw) < 2:
        raise UnreadableCard("カードの答えが短すぎます。")
    return Answer(raw[:-2], int.from_bytes(raw[-2:], "big"))
