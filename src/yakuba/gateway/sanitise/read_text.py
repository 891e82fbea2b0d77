"""Inside the sandbox: text of unknown encoding becomes plain UTF-8 without invisible commands."""

import re

from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.wire import Write, end_record, file_record

# What Japanese computers write, in the order of what is least often something else by chance. JIS is all ASCII.
ENCODINGS = ("iso2022_jp", "utf-8-sig", "cp932", "euc_jp")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # they make text read other than it is


def text(data: bytes, _media_type: str, limits: Limits, write: Write) -> None:
    """Hand over ``data`` as UTF-8 with LF line ends, then the closing statement.

    Raises:
        Refused: too large, or no text in any encoding known here.
    """
    if len(data) > limits.text:
        raise Refused("too_large_text")
    words = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    removed = set()
    for pattern, label in ((_CONTROLS, "control_characters"), (_DIRECTIONS, "direction_marks")):
        words, count = pattern.subn("", words)
        if count:
            removed.add(label)
    write(file_record("text", words.encode()))
    write(end_record({"files": 1, "removed": sorted(removed)}))


def decoded(data: bytes) -> str:
    """``data`` in the encoding that fits.

    Raises:
        Refused: none does.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = tuple(name for name in ENCODINGS if name != "iso2022_jp" or b"\x1b$" in data)
    for name in candidates:
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    raise Refused("broken")
