"""Fetching from the neighbour one step outward."""

import hashlib

from yakuba.base.tenancy import under
from yakuba.gateway import blobs, exchange, inbox, links
from yakuba.gateway.client import Peer
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.errors import AlteredFile
from yakuba.gateway.pace import Pace
from yakuba.gateway.wire import Parcel

_WAIT = 8.0
_IN_MEMORY = 32 * 1024 * 1024


class Puller:
    """Asks for the next batch, keeps it, and says so with the next question."""

    def __init__(self, peer: Peer, neighbour: str) -> None:
        self._peer, self._neighbour = peer, neighbour
        self._taken = Parcel()
        self._pace = Pace()

    def step(self) -> bool:
        """One question and its answer."""
        batch = self._peer.pull(self._taken, _WAIT)
        self._taken = Parcel()
        links.heard_from(self._neighbour)
        exchange.take_slips([slip for _number, slip in batch.slips])
        self._taken.taken_slips += [number for number, _slip in batch.slips]
        for message in batch.messages:
            exchange.take_message(message, self._taken, self.fetch_files)
        self._pace.rest_after(len(batch.messages) + len(batch.slips))
        return True

    def fetch_files(self, envelope: Envelope) -> dict[str, bytes]:
        """The message's files. They are kept in the transaction of the message itself; only where they are very
        large together each is kept at once, held for the message, so that they need not all be in memory."""
        wanted = {ref.sha256: ref.size for ref in envelope.attachments if not ref.refused}
        many = sum(wanted.values()) > _IN_MEMORY
        files = {}
        for sha256 in wanted:
            data = self._fetch(envelope, sha256)
            if many:
                with under(envelope.municipality):
                    blobs.keep(envelope.municipality, sha256, data, inbox.holder(envelope.id))
            else:
                files[sha256] = data
        return files

    def _fetch(self, envelope: Envelope, sha256: str) -> bytes:
        data = self._peer.fetch(envelope.municipality, envelope.id, sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise AlteredFile(sha256)
        return data
