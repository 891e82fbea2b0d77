"""Characters of old encodings: what Shift_JIS (Windows-31J, "cp932") has, and what becomes of the rest.

A character the encoding lacks is written as 〓 (geta, the printers' sign for a missing type), and reported with its
code points and the whole value beside it: a register's spelling is never lost or silently changed.
"""

from dataclasses import dataclass

# The same JIS X 0208 characters under the code points Windows maps them to; no loss, so nothing to report.
_SAME_CHARACTER = str.maketrans(
    {
        "\u301c": "\uff5e",  # WAVE DASH
        "\u2212": "\uff0d",  # MINUS SIGN
        "\u2016": "\u2225",  # DOUBLE VERTICAL LINE
        "\u2014": "\u2015",  # EM DASH
        "\u00a2": "\uffe0",  # CENT SIGN
        "\u00a3": "\uffe1",  # POUND SIGN
        "\u00ac": "\uffe2",  # NOT SIGN
    }
)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
GETA = "〓"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text made fit for an encoding, and the characters it lost (a variant's base with its selector)."""

    text: str
    lost: tuple[str, ...]


def fit(text: str, encoding: str) -> Encoded:
    """``text`` with what ``encoding`` lacks replaced: a variant by its base character, anything else by 〓."""
    if encoding.startswith("utf-8"):
        return Encoded(text, ())
    out: list[str] = []
    lost: list[str] = []
    characters = text.translate(_SAME_CHARACTER)
    for position, character in enumerate(characters):
        if _is_selector(character):
            lost.append(characters[max(position - 1, 0) : position + 1])
        elif _has(character, encoding):
            out.append(character)
        else:
            out.append(GETA)
            following = characters[position + 1 : position + 2]
            if not (following and _is_selector(following)):
                lost.append(character)
    return Encoded("".join(out), tuple(dict.fromkeys(lost)))


def code_points(character: str) -> str:
    """``U+9089 U+E0102``."""
    return " ".join(f"U+{ord(one):04X}" for one in character)


def cut(text: str, width: int, encoding: str) -> str:
    """As much of ``text`` as fits ``width`` octets of ``encoding``, whole characters only."""
    while len(text.encode(encoding)) > width:
        text = text[:-1]
    return text


def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_selector(character: str) -> bool:
    return any(ord(character) in block for block in _SELECTORS)
