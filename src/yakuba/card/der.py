"""A strict reader of DER (ITU-T X.690): every value has exactly one encoding, and only that one is read.

Hostile bytes cost little: one pass, no recursion, caps on size, depth and count. :func:`check` walks the
whole value once; :class:`Reader` then takes it apart field by field and may rely on what the walk found.
"""

import re
from datetime import UTC, datetime
from typing import Final

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
ENUMERATED, UTF8_STRING, PRINTABLE_STRING, UTC_TIME, GENERALIZED_TIME = 0x0A, 0x0C, 0x13, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
CONTEXT, CONSTRUCTED = 0x80, 0x20
_BEYOND_UNIVERSAL: Final = 0x40

MAX_DEPTH: Final = 32  # a time-stamp inside a signature is 26 deep
MAX_VALUES: Final = 4_000
_PRINTABLE = re.compile(rb"[A-Za-z0-9 '()+,\-./:=?]*")
_UTC_TIME = re.compile(rb"[0-9]{12}Z")
_GENERALIZED_TIME = re.compile(rb"[0-9]{14}Z")

# End of an open value, whether it is a SET OF, and its last member, while it is walked through.
_Frame = tuple[int, bool, tuple[int, int] | None]


class NotDer(ValueError):
    """The bytes are not the one DER encoding of a value; ``position`` says where."""

    def __init__(self, message: str, position: int = 0) -> None:
        self.position = position
        super().__init__(f"{message} (byte {position})")


def header(data: bytes, position: int, end: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the value at ``position`` (X.690 8.1.2, 8.1.3, 10.1).

    Raises:
        NotDer: cut off, tag number above 30, indefinite or longer length than needed.
    """
    if position + 2 > end:
        raise NotDer("a value is cut off", position)
    tag, length, start = data[position], data[position + 1], position + 2
    if tag & 0x1F == 0x1F:
        raise NotDer("tag numbers above 30 are not used here", position)
    if length >= 0x80:
        octets = length & 0x7F
        start += octets
        if not 1 <= octets <= 4 or start > end:
            raise NotDer("length of indefinite or unusable form", position)
        length = int.from_bytes(data[position + 2 : start], "big")
        if length < 0x80 or length >> (8 * (octets - 1)) == 0:
            raise NotDer("length longer than needed", position)
    if start + length > end:
        raise NotDer("a value reaches beyond what holds it", position)
    return tag, start, start + length


def check(data: bytes, *, max_values: int = MAX_VALUES) -> None:
    """Check that ``data`` is one DER value and nothing else.

    Raises:
        NotDer: at the first byte that DER does not allow, or past the caps on depth and number of values.
    """
    tag, start, end = header(data, 0, len(data))
    if end != len(data):
        raise NotDer("bytes after the end", end)
    count = 0
    stack: list[_Frame] = []
    position = _enter_or_check(data, tag, start, end, stack)
    while stack:
        holder_end, ordered, previous = stack[-1]
        if position == holder_end:
            stack.pop()
            continue
        tag, start, end = header(data, position, holder_end)
        count += 1
        if count > max_values or len(stack) > MAX_DEPTH:
            raise NotDer("too many or too deeply nested values", position)
        if ordered:
            _check_order(data, previous, position, end)
            stack[-1] = (holder_end, True, (position, end))
        position = _enter_or_check(data, tag, start, end, stack)


def _enter_or_check(data: bytes, tag: int, start: int, end: int, stack: list[_Frame]) -> int:
    """Open a constructed value on ``stack``, or check a primitive one; return where to read on."""
    if tag & CONSTRUCTED:
        if tag < _BEYOND_UNIVERSAL and tag not in (SEQUENCE, SET):
            raise NotDer("this type is never constructed in DER", start)
        stack.append((end, tag == SET, None))
        return start
    if tag in (SEQUENCE & 0x1F, SET & 0x1F, 0):
        raise NotDer("this type is never primitive in DER", start)
    if tag < _BEYOND_UNIVERSAL:
        _check_primitive(tag, data, start, end)
    return end


def _check_order(data: bytes, previous: tuple[int, int] | None, start: int, end: int) -> None:
    if previous is not None and data[previous[0] : previous[1]] > data[start:end]:
        raise NotDer("a SET OF is not in order (X.690 11.6)", start)


def _check_primitive(tag: int, data: bytes, start: int, end: int) -> None:
    length = end - start
    if tag in (INTEGER, ENUMERATED):
        if not length or (length > 1 and (data[start] << 1 | data[start + 1] >> 7) in (0, 0x1FF)):
            raise NotDer("integer of no or too many octets (X.690 8.3.2)", start)
    elif tag == OID:
        _check_oid(data, start, end)
    elif tag == BIT_STRING:
        _check_bit_string(data, start, end)
    elif tag == BOOLEAN:
        if length != 1 or data[start] not in (0x00, 0xFF):
            raise NotDer("truth value other than 00 or FF (X.690 11.1)", start)
    elif tag == NULL:
        if length:
            raise NotDer("NULL with content", start)
    elif tag in (UTF8_STRING, PRINTABLE_STRING, UTC_TIME, GENERALIZED_TIME):
        _check_text(tag, data[start:end], start)


def _check_oid(data: bytes, start: int, end: int) -> None:
    first = True
    for octet in data[start:end]:
        if first and octet == 0x80:
            raise NotDer("object identifier with padding (X.690 8.19.2)", start)
        first = octet < 0x80
    if start == end or not first:
        raise NotDer("object identifier is cut off", start)


def _check_bit_string(data: bytes, start: int, end: int) -> None:
    unused = data[start] if end > start else 8
    if unused > 7 or (unused and (end == start + 1 or data[end - 1] & ((1 << unused) - 1))):
        raise NotDer("bit string with wrong unused bits (X.690 11.2)", start)


def _check_text(tag: int, content: bytes, start: int) -> None:
    if tag == UTF8_STRING:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise NotDer("text is not UTF-8", start) from problem
    elif tag == PRINTABLE_STRING:
        if not _PRINTABLE.fullmatch(content):
            raise NotDer("character outside PrintableString", start)
    else:
        moment(tag, content, start)


def moment(tag: int, content: bytes, position: int = 0) -> datetime:
    """The time a UTCTime or GeneralizedTime says, in the one form RFC 5280 section 4.1.2.5 allows."""
    if tag == UTC_TIME and _UTC_TIME.fullmatch(content):
        digits = (b"20" if content < b"5" else b"19") + content
    elif tag == GENERALIZED_TIME and _GENERALIZED_TIME.fullmatch(content):
        digits = content
    else:
        raise NotDer("time not in the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ", position)
    month, day, hour, minute, second = (int(digits[at : at + 2]) for at in (4, 6, 8, 10, 12))
    try:
        return datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as problem:
        raise NotDer("no such date or time of day", position) from problem


class Reader:
    """Takes one value after the other from ``data[position:end]``; every method raises NotDer on a
    surprise.
    """

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes, position: int = 0, end: int | None = None) -> None:
        self.data, self.position, self.end = data, position, len(data) if end is None else end

    def more(self) -> bool:
        """Whether anything is left."""
        return self.position < self.end

    def next_is(self, tag: int) -> bool:
        """Whether the next value has ``tag``."""
        return self.position < self.end and self.data[self.position] == tag

    def _take(self, tag: int) -> tuple[int, int]:
        found, start, end = header(self.data, self.position, self.end)
        if found != tag:
            raise NotDer(f"expected tag {tag:#04x}, found {found:#04x}", self.position)
        self.position = end
        return start, end

    def enter(self, tag: int) -> "Reader":
        """A reader of the next value's content."""
        return Reader(self.data, *self._take(tag))

    def content(self, tag: int) -> bytes:
        """The next value's content octets."""
        start, end = self._take(tag)
        return self.data[start:end]

    def raw(self, tag: int | None = None) -> bytes:
        """The whole next value, header included; of any tag if none is given."""
        begin = self.position
        found, _, end = header(self.data, begin, self.end)
        if tag is not None and found != tag:
            raise NotDer(f"expected tag {tag:#04x}, found {found:#04x}", begin)
        self.position = end
        return self.data[begin:end]

    def integer(self) -> int:
        """The next INTEGER."""
        return int.from_bytes(self.content(INTEGER), "big", signed=True)

    def time(self) -> datetime:
        """The next UTCTime or GeneralizedTime; UTCTime through 2049 (RFC 5280 section 4.1.2.5)."""
        tag = UTC_TIME if self.next_is(UTC_TIME) else GENERALIZED_TIME
        begin = self.position
        found = moment(tag, self.content(tag), begin)
        if (tag == UTC_TIME) != (1950 <= found.year <= 2049):
            raise NotDer("years 1950 to 2049 are UTCTime, others GeneralizedTime", begin)
        return found

    def done(self) -> None:
        """Check that nothing is left."""
        if self.position != self.end:
            raise NotDer("more than expected", self.position)
