"""One byte sequence per value: the JSON Canonicalization Scheme (RFC 8785), without floats.

What is signed, hashed or chained is always these bytes. Floating point numbers are refused rather than
formatted: no application carries a quantity that an integer or a decimal string cannot say exactly.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

type_error = "canonical JSON carries text, whole numbers, true/false/null, lists and objects only"
_LARGEST_EXACT = 2**53 - 1  # RFC 8785 section 3.2.2.3 (I-JSON): larger integers do not survive every parser


def canonical_bytes(value: object) -> bytes:
    """Return the RFC 8785 serialisation of ``value`` as UTF-8.

    Raises:
        TypeError: a float, a non-text key, or a type JSON does not have.
        ValueError: an integer beyond ±(2**53-1), or text that is not valid Unicode.
    """
    return _ENCODER.encode(_checked(value)).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")
)  # written in C: it does nine tenths of the work


def _checked(value: object) -> object:
    """``value``, found to hold nothing canonical JSON does not carry, as types the encoder knows."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict:
        return _checked_object(value)  # type: ignore[arg-type]
    if kind is int:
        return _checked_integer(value)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return [_checked(item) for item in value]  # type: ignore[attr-defined]
    return _checked_relative(value)


def _checked_relative(value: object) -> object:
    """Subclasses and look-alikes of what JSON has."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _checked_integer(int(value))
    if isinstance(value, Mapping):
        return _checked_object(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_checked(item) for item in value]
    raise TypeError(f"{type_error}; got {type(value).__name__}")


def _checked_integer(value: int) -> int:
    if abs(value) > _LARGEST_EXACT:
        raise ValueError(f"{value} is beyond the integers every JSON parser keeps exactly; write it as text")
    return value


def _checked_object(value: Mapping[object, object]) -> dict[str, object]:
    keys = [key for key in value if isinstance(key, str)]
    if len(keys) != len(value):
        raise TypeError(f"{type_error}; an object's keys are text")
    return {key: _checked(value[key]) for key in _in_order(keys)}


def _in_order(keys: list[str]) -> list[str]:
    """RFC 8785 section 3.2.3 sorts by UTF-16 code units; code points sort the same up to U+FFFF."""
    letters = "".join(keys)
    if not letters.isascii() and max(letters) > "\uffff":
        return sorted(keys, key=lambda key: key.encode("utf-16-be"))
    return sorted(keys)
