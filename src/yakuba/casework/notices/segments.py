"""Words with readings for the template: a list of (base, reading) pairs, reading empty where there is none."""

import re

Segments = list[list[str]]
_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


def segments(words: str) -> Segments:
    """``{漢字|かんじ}です`` as ``[["漢字", "かんじ"], ["です", ""]]``."""
    found: Segments = []
    position = 0
    for match in _READING.finditer(words):
        if match.start() > position:
            found.append([words[position : match.start()], ""])
        found.append([match[1], match[2]])
        position = match.end()
    if position < len(words):
        found.append([words[position:], ""])
    return found
