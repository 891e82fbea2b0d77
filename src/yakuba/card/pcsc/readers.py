"""What lies on the readers now."""

from functools import partial

from yakuba.card.interface import CardError, UnreadableCard
from yakuba.card.pcsc import system
from yakuba.card.pcsc.card import PcscCard

PREFIX = "reader:"
"""What tells a card on a reader from an emulated one by its name; no file's name has a colon here."""


def reader_names() -> list[str]:
    """The readers, by the names the system gives them; empty also where PC/SC is out of order."""
    try:
        return system.reader_names()
    except CardError:
        return []


def card_on(reader: str) -> PcscCard:
    """The card on ``reader``, whether or not one lies there now: each use says so."""
    return PcscCard(f"{PREFIX}{reader}", f"カードリーダー {reader}", partial(system.connected, reader))


def cards_on_readers() -> list[PcscCard]:
    """The My Number cards on all readers; empty readers and other cards are passed over."""
    return [card for card in map(card_on, reader_names()) if _is_ours(card)]


def _is_ours(card: PcscCard) -> bool:
    try:
        card.tries_left("auth")
    except UnreadableCard:
        return False
    return True
