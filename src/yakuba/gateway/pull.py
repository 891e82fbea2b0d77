"""Fetching from the neighbour one step outward."""

import threading

from yakuba.base.tenancy import under
from yakuba.gateway import blobs, exchange, inbox, links
from yakuba.gateway.client import Peer
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.wire import Parcel

_WAIT = 8.0


class Puller:
    """Asks for the next batch, keeps it, and says so with the next question."""

    def __init__(self, peer: Peer, neighbour: str, news: threading.Event) -> None:
        self._peer, self._neighbour, self._news = peer, neighbour, news
        self._taken = Parcel()

    def step(self) -> bool:
        """One question and its answer."""
        batch = self._peer.pull(self._taken, _WAIT)
        self._taken = Parcel()
        links.heard_from(self._neighbour)
        for number, slip in batch.slips:
            exchange.take_slip(slip)
            self._taken.taken_slips.append(number)
        for message in batch.messages:
            exchange.take_message(message, self._taken, self._fetch_files)
        if batch:
            self._news.set()
        return True

    def _fetch_files(self, envelope: Envelope) -> None:
        holder = inbox.holder(envelope.id)
        for ref in envelope.attachments:
            if ref.refused:
                continue
            with under(envelope.municipality):
                present = blobs.hold_present(envelope.municipality, ref.sha256, holder)
            if not present:
                data = self._peer.fetch(envelope.municipality, envelope.id, ref.sha256)
                with under(envelope.municipality):
                    blobs.keep_checked(envelope.municipality, ref.sha256, data, holder)
