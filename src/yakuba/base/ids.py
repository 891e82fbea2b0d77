"""Identifiers: time-ordered UUIDs and receipt numbers people can read over the telephone."""

import os
import re
import time
import uuid

# Crockford's base 32: no I, L, O, U, so that a number read aloud or copied by hand is not mistaken.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_RECEIPT_FORM = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562 section 5.7): sorts by creation time, so that B-tree inserts stay at the end."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (random_bits >> 68) << 64
    value |= 0b10 << 62 | (random_bits & 0x3FFF_FFFF_FFFF_FFFF)
    return uuid.UUID(int=value)


def receipt_number(application: uuid.UUID) -> str:
    """The receipt number (受付番号) of an application: ``XXXX-XXXX-XXXX``, the last character a check character.

    Derived from the random part of the application's UUID (55 bits): the same application always has the
    same number, and a number says nothing about how many applications there are.
    """
    number = application.int & ((1 << 55) - 1)
    digits = [number >> shift & 31 for shift in range(50, -1, -5)]
    text = "".join(_ALPHABET[digit] for digit in [*digits, _check_digit(digits)])
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def is_receipt_number(text: str) -> bool:
    """Whether ``text`` has the form and the check character of a receipt number."""
    if not _RECEIPT_FORM.fullmatch(text) or any(char not in _ALPHABET for char in text.replace("-", "")):
        return False
    *digits, check = (_ALPHABET.index(char) for char in text.replace("-", ""))
    return _check_digit(digits) == check


def _check_digit(digits: list[int]) -> int:
    """A weighted sum in GF(32), weights the powers of a primitive element: every single wrong character and every
    swap of two neighbours changes it."""
    value = 0
    for digit in digits:
        value = (value ^ digit) << 1
        if value & 32:
            value ^= _FIELD_POLYNOMIAL
    return value
