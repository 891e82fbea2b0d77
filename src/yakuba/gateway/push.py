"""Bringing to the neighbour one step outward: receipts, answers, notices."""

from yakuba.gateway import blobs, exchange, links
from yakuba.gateway.client import Peer
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.message import SealedMessage
from yakuba.gateway.pace import Pace


class Pusher:
    """Offers the next batch that waits for the neighbour and forgets what it took."""

    def __init__(self, peer: Peer, neighbour: str) -> None:
        self._peer, self._neighbour = peer, neighbour
        self._pace = Pace()

    def step(self) -> bool:
        """One batch; ``False`` if nothing waits."""
        if not exchange.waits(self._neighbour):
            return False
        parcel = exchange.offer(self._neighbour)
        for message in parcel.messages:
            self.bring_files(message)
        exchange.note_taken(self._peer.push(parcel), self._neighbour)
        links.heard_from(self._neighbour)
        self._pace.rest_after(len(parcel.messages) + len(parcel.slips))
        return True

    def bring_files(self, message: SealedMessage) -> None:
        """Hand over the message's files, before the message itself."""
        envelope = read_envelope(message.document)
        for ref in envelope.attachments:
            data = blobs.read(envelope.municipality, ref.sha256)
            self._peer.bring(envelope.municipality, envelope.id, ref.sha256, data, envelope.recipient)
