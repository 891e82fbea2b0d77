"""What the sandbox may say: pixels, files, one closing statement, or one reason for refusing. Nothing else is understood.

Of a picture or document it hands over bare pixels, whose size is checked, and our side writes the new file. A file it
hands over (a member of an archive, a document without its active parts, text) is as little trusted as the one that went
in: it goes into a fresh cell before it counts.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PAGE, FILE, END, REFUSED = b"P", b"F", b"E", b"X"
_PAGE = struct.Struct(">IIBII")  # width, height in pixels; channels; width, height in hundredths of a point
_LENGTH = struct.Struct(">I")
_FILE = struct.Struct(">HQ")  # bytes of the name, bytes of the file
_LONGEST_NAME = 1_024
_LONGEST_STATEMENT = 65_536


Write = Callable[[bytes], None]
"""Hands a piece of what is said to the outside."""


class Nonsense(Exception):
    """The sandbox said something that is not in this protocol: whatever it was given has got the better of it."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """One page or picture, as rows of 8-bit grey (1 channel) or red-green-blue (3 channels).

    ``points`` is the size on paper in hundredths of a point (1/7200 inch).
    """

    width: int
    height: int
    channels: int
    points: tuple[int, int]
    data: bytes


def page_record(page: Pixels) -> bytes:
    """The head of a page; its pixels follow."""
    return PAGE + _PAGE.pack(page.width, page.height, page.channels, *page.points)


def file_record(name: str, data: bytes) -> bytes:
    """A file that came out of another; ``name`` as it was called in there."""
    named = name.encode("utf-8", "replace")[:_LONGEST_NAME]
    return FILE + _FILE.pack(len(named), len(data)) + named + data


def read_file(read: Callable[[int], bytes], most_bytes: int) -> tuple[str, bytes]:
    """The name and the bytes of the file whose letter has just been read.

    Raises:
        Nonsense: larger than the cap.
    """
    named, size = _FILE.unpack(read(_FILE.size))
    if named > _LONGEST_NAME or size > most_bytes:
        raise Nonsense(f"a file of {size} bytes")
    return read(named).decode("utf-8", "replace"), read(size)


def end_record(statement: dict[str, Any]) -> bytes:
    """The closing statement: how many pages there were and what was seen in the file."""
    data = json.dumps(statement).encode()
    return END + _LENGTH.pack(len(data)) + data


def refused_record(code: str) -> bytes:
    """Why the file cannot be rebuilt: a code of :mod:`.refusals`."""
    return REFUSED + _LENGTH.pack(len(code)) + code.encode()


def read_page(read: Callable[[int], bytes], most_pixels: int) -> Pixels:
    """The page whose letter has just been read.

    Raises:
        Nonsense: sizes that do not fit together or are beyond the cap.
    """
    width, height, channels, *points = _PAGE.unpack(read(_PAGE.size))
    if channels not in (1, 3) or not 0 < width * height <= most_pixels:
        raise Nonsense(f"a page of {width} × {height} × {channels}")
    return Pixels(width, height, channels, (points[0], points[1]), read(width * height * channels))


def read_text(read: Callable[[int], bytes]) -> str:
    """The text after a letter ``E`` or ``X``.

    Raises:
        Nonsense: too long, or not text.
    """
    (length,) = _LENGTH.unpack(read(_LENGTH.size))
    if length > _LONGEST_STATEMENT:
        raise Nonsense(f"a statement of {length} bytes")
    try:
        return read(length).decode()
    except UnicodeDecodeError as error:
        raise Nonsense("a statement that is not text") from error
