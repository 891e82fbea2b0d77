"""Setting up a link's broker: its two streams and their readers. Repeating it changes nothing; nothing is ever removed."""

import time
from contextlib import suppress

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from yakuba.gateway.broker.names import INWARD, OUTWARD, Way
from yakuba.gateway.broker.safety import REPLICAS
from yakuba.gateway.broker.session import Broker
from yakuba.gateway.errors import PeerAway

_BRING_AGAIN = 30.0
_PATIENCE = 2.0  # servers that are just starting do not answer at all


def prepare(broker: Broker, *, within: float = 60.0) -> None:
    """Make what is missing; waits for a cluster that is just starting.

    Args:
        broker: as ``keeper``.

    Raises:
        PeerAway: it could not be done ``within`` this many seconds.
    """
    until = time.monotonic() + within
    for way in (INWARD, OUTWARD):
        while True:
            try:
                broker.run(_make(broker, way))
                break
            except PeerAway:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)


async def _make(broker: Broker, way: Way) -> None:
    jetstream = await broker.jetstream(_PATIENCE)
    try:
        await jetstream.stream_info(way.stream)
    except NotFoundError:
        await jetstream.add_stream(_stream(way))
    with suppress(NotFoundError):
        await jetstream.consumer_info(way.stream, way.reader)
        return
    await jetstream.add_consumer(way.stream, _reader(way))


def _stream(way: Way) -> StreamConfig:
    """A parcel is forgotten as soon as it is taken; when the room is full, publishing fails and the outbox keeps it."""
    return StreamConfig(
        name=way.stream, subjects=[way.subject], retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.FILE,
        num_replicas=REPLICAS, discard=DiscardPolicy.NEW, deny_delete=True, deny_purge=True,
    )  # fmt: skip


def _reader(way: Way) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=way.reader, ack_policy=AckPolicy.EXPLICIT, ack_wait=_BRING_AGAIN, max_ack_pending=64
    )
