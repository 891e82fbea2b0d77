"""How messages cross a link: a plain sequence of binary records, no base64.

A record is one letter, the number of its parts (1 byte), and each part as length (4 bytes, big-endian) and bytes.

====== ====================================================================================
``M``  a message: document, seal, transit statement, its seal
``S``  a slip (receipt, audit head): number, document, seal
``A``  taken safely: the 16 bytes of each message's id, one after the other
``T``  taken safely: the 8 bytes of each slip's number, one after the other
``R``  refused for good: a message's id, and the name of the fault
``L``  not now, offer it again later: a message's id, and the name of the fault
====== ====================================================================================
"""

import struct
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yakuba.gateway.errors import BrokenMessage
from yakuba.gateway.message import SealedMessage
from yakuba.gateway.slips import SealedSlip

CONTENT_TYPE = "application/x-yakuba-records"
LARGEST_FILE = 64 * 1024 * 1024
LONGEST_BODY = 24 * 1024 * 1024
BATCH_BYTES = 8 * 1024 * 1024
BATCH_MESSAGES = 64


@dataclass(slots=True)
class Parcel:
    """Everything one request or answer carries."""

    messages: list[SealedMessage] = field(default_factory=list)
    slips: list[tuple[int, SealedSlip]] = field(default_factory=list)
    taken_messages: list[uuid.UUID] = field(default_factory=list)
    taken_slips: list[int] = field(default_factory=list)
    refused: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    later: list[tuple[uuid.UUID, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.messages
            or self.slips
            or self.taken_messages
            or self.taken_slips
            or self.refused
            or self.later
        )


def pack(parcel: Parcel) -> bytes:
    """The parcel as bytes."""
    out: list[bytes] = []
    for message in parcel.messages:
        _record(out, b"M", message.document, message.seal, message.transit, message.transit_seal)
    for number, slip in parcel.slips:
        _record(out, b"S", number.to_bytes(8, "big"), slip.document, slip.seal)
    if parcel.taken_messages:
        _record(out, b"A", b"".join(message.bytes for message in parcel.taken_messages))
    if parcel.taken_slips:
        _record(out, b"T", b"".join(number.to_bytes(8, "big") for number in parcel.taken_slips))
    for letter, faults in ((b"R", parcel.refused), (b"L", parcel.later)):
        for message_id, fault in faults:
            _record(out, letter, message_id.bytes, fault.encode())
    return b"".join(out)


def unpack(data: bytes) -> Parcel:
    """The parcel these bytes are.

    Raises:
        BrokenMessage: they are not a sequence of records.
    """
    parcel = Parcel()
    try:
        for letter, parts in _records(data):
            _collect(parcel, letter, parts)
    except (struct.error, ValueError, IndexError) as error:
        raise BrokenMessage(f"these bytes are not a sequence of records: {error}") from error
    return parcel


def _collect(parcel: Parcel, letter: bytes, parts: list[bytes]) -> None:
    if letter == b"M":
        document, seal, transit, transit_seal = parts
        parcel.messages.append(SealedMessage(document, seal, transit, transit_seal))
    elif letter == b"S":
        number, document, seal = parts
        parcel.slips.append((int.from_bytes(number, "big"), SealedSlip(document, seal)))
    elif letter == b"A":
        parcel.taken_messages.extend(uuid.UUID(bytes=piece) for piece in _pieces(parts[0], 16))
    elif letter == b"T":
        parcel.taken_slips.extend(int.from_bytes(piece, "big") for piece in _pieces(parts[0], 8))
    elif letter in (b"R", b"L"):
        faults = parcel.refused if letter == b"R" else parcel.later
        faults.append((uuid.UUID(bytes=parts[0]), parts[1].decode()))
    else:
        raise ValueError(f"unknown record {letter!r}")


def _record(out: list[bytes], letter: bytes, *parts: bytes) -> None:
    out.append(letter + bytes([len(parts)]))
    for part in parts:
        out += (struct.pack(">I", len(part)), part)


def _records(data: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    at = 0
    while at < len(data):
        letter, count, at = data[at : at + 1], data[at + 1], at + 2
        parts = []
        for _ in range(count):
            (length,) = struct.unpack_from(">I", data, at)
            part = data[at + 4 : at + 4 + length]
            if len(part) != length:
                raise ValueError("a record is cut short")
            parts.append(part)
            at += 4 + length
        yield letter, parts


def _pieces(data: bytes, size: int) -> Iterable[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))
