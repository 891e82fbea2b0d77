"""The JPKI application (公的個人認証AP) on a My Number card: its name and its files.

These are facts known to the public from the free programs that read the card (OpenSC's ``jpki`` driver among them);
J-LIS hands its own interface document only to those who sign for it, and nothing here comes from it. Unsure, for no
public source says it: which status word a locked PIN answers with (6983 or 6984), so that both are understood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yakuba.card.outcomes import Kind

APPLICATION: Final = bytes.fromhex("D392F000260100000001")
"""The application's identifier (AID)."""
ATR: Final = bytes.fromhex("3BE000FF8131FE4514")
"""What a card with contacts answers to a reset."""


@dataclass(frozen=True, slots=True)
class Files:
    """The elementary files of one certificate: identifiers of two octets."""

    certificate: int
    authority: int
    key: int
    pin: int


FILES: Final[Mapping[Kind, Files]] = {
    "auth": Files(certificate=0x000A, authority=0x000B, key=0x0017, pin=0x0018),
    "sign": Files(certificate=0x0001, authority=0x0002, key=0x001A, pin=0x001B),
}
