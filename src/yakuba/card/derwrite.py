"""Writing DER: the few types certificates, revocation lists and signatures are made of."""

from datetime import UTC, datetime
from functools import lru_cache

from yakuba.card import der


def value(tag: int, content: bytes) -> bytes:
    """One value: tag, shortest length, content (X.690 10.1)."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of ``parts`` in the order given."""
    return value(der.SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """SET OF ``parts``, put in DER's order (X.690 11.6)."""
    return value(der.SET, b"".join(sorted(parts)))


def explicit(number: int, *parts: bytes) -> bytes:
    """Context tag ``[number]`` around ``parts``: explicit, or implicit over a constructed type's content."""
    return value(der.CONTEXT | der.CONSTRUCTED | number, b"".join(parts))


def implicit(number: int, content: bytes) -> bytes:
    """Context tag ``[number]`` in place of a primitive type's own tag."""
    return value(der.CONTEXT | number, content)


def integer(number: int) -> bytes:
    """INTEGER in the fewest octets (X.690 8.3.2)."""
    octets = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return value(der.INTEGER, number.to_bytes(octets, "big", signed=True))


def enumerated(number: int) -> bytes:
    """ENUMERATED below 128."""
    return value(der.ENUMERATED, bytes((number,)))


def boolean(truth: bool) -> bytes:
    """BOOLEAN (X.690 11.1)."""
    return value(der.BOOLEAN, b"\xff" if truth else b"\x00")


def null() -> bytes:
    """NULL."""
    return b"\x05\x00"


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return value(der.OCTET_STRING, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING whose last octet has ``unused`` bits that do not count."""
    return value(der.BIT_STRING, bytes((unused,)) + content)


def named_bits(*positions: int) -> bytes:
    """BIT STRING with the named ``positions`` set, trailing zero bits dropped (X.690 11.2.2)."""
    last = max(positions)
    number = sum(1 << (last - position) for position in positions)
    unused = -(last + 1) % 8
    return bits((number << unused).to_bytes((last + 8) // 8, "big"), unused)


@lru_cache(maxsize=256)
def oid_content(dotted: str) -> bytes:
    """The content octets of an object identifier written with dots (X.690 8.19)."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for number in (first * 40 + second, *rest):
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(0x80 | number & 0x7F)
        out += bytes(reversed(septets))
    return bytes(out)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    return value(der.OID, oid_content(dotted))


def utf8(text: str) -> bytes:
    """UTF8String."""
    return value(der.UTF8_STRING, text.encode())


def printable(text: str) -> bytes:
    """PrintableString."""
    return value(der.PRINTABLE_STRING, text.encode("ascii"))


def time(moment: datetime) -> bytes:
    """UTCTime through 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5), to the second, in UTC."""
    moment = moment.astimezone(UTC)
    if 1950 <= moment.year <= 2049:
        return value(der.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return value(der.GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())
