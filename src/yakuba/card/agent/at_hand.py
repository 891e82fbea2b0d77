"""Which cards the agent offers: emulated ones from a folder, and real ones on this machine's readers."""

from collections.abc import Sequence
from pathlib import Path

from yakuba.card.agent.app import Cards
from yakuba.card.emulated import cards_in
from yakuba.card.interface import NamedCard
from yakuba.card.pcsc.readers import cards_on_readers


def at_hand(folder: Path | None, *, readers: bool) -> Cards:
    """Looks anew at every call: a card may have been laid on the reader since. Real cards come first."""

    def now() -> Sequence[NamedCard]:
        real: list[NamedCard] = [*cards_on_readers()] if readers else []
        return [*real, *cards_in(folder)] if folder else real

    return now
