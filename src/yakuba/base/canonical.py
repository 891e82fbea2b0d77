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
    out: list[str] = []
    _write(value, out)
    return "".join(out).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _write(value: object, out: list[str]) -> None:
    if value is None or isinstance(value, bool):
        out.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, int):
        if abs(value) > _LARGEST_EXACT:
            raise ValueError(
                f"{value} is beyond the integers every JSON parser keeps exactly; write it as text"
            )
        out.append(str(value))
    elif isinstance(value, Mapping):
        _write_object(value, out)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        out.append("[")
        for position, item in enumerate(value):
            if position:
                out.append(",")
            _write(item, out)
        out.append("]")
    else:
        raise TypeError(f"{type_error}; got {type(value).__name__}")


def _write_object(value: Mapping[object, object], out: list[str]) -> None:
    if not all(isinstance(key, str) for key in value):
        raise TypeError(f"{type_error}; an object's keys are text")
    # RFC 8785 section 3.2.3 sorts by UTF-16 code units, which differs from code points beyond U+FFFF.
    keys = sorted((str(key) for key in value), key=lambda key: key.encode("utf-16-be"))
    out.append("{")
    for position, key in enumerate(keys):
        if position:
            out.append(",")
        out.append(json.dumps(key, ensure_ascii=False))
        out.append(":")
        _write(value[key], out)
    out.append("}")
