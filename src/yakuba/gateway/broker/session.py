"""One kept-alive, mTLS connection to a link's broker, for code that waits: nats-py is asyncio, the relay's loops are threads."""

import asyncio
import json
import logging
import ssl
import threading
import uuid
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from yakuba.gateway.broker.names import SURVEY, Way, inbox
from yakuba.gateway.errors import PeerAway

_CONNECT, _ANSWER, _SURVEY = 5.0, 10.0, 2.0
_T = TypeVar("_T")
# asyncio warns so at the end of every TLS connection of nats-py; there is nothing anybody could do about it
logging.getLogger("asyncio").addFilter(lambda record: "eof_received" not in record.getMessage())


@dataclass(frozen=True, slots=True)
class Server:
    """What a server of the cluster says of itself."""

    name: str
    sync_always: bool
    cluster_size: int


@dataclass(frozen=True, slots=True)
class Stream:
    """How a stream is kept. ``replicas`` is 0 where there is no such stream."""

    name: str
    replicas: int
    storage: str
    retention: str


class Broker:
    """The broker at ``addresses`` (``host:port`` each), as the party ``role`` (``outer``, ``inner``, ``keeper``).

    Args:
        files: folder with ``ca.pem``, ``<role>.pem`` and ``<role>.key`` (:func:`yakuba.gateway.keys.make_broker`).

    All methods may be called from any thread, and raise :class:`PeerAway` where the broker does not answer.
    """

    def __init__(self, addresses: tuple[str, ...], files: Path, role: str) -> None:
        self._servers, self._role = [f"tls://{address}" for address in addresses], role
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_3
        self._tls.load_verify_locations(files / "ca.pem")
        self._tls.load_cert_chain(files / f"{role}.pem", files / f"{role}.key")
        self._client: Client | None = None
        self._readers: dict[str, JetStreamContext.PullSubscription] = {}
        self._connecting = asyncio.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"broker-{role}", daemon=True)
        self._thread.start()

    def publish(self, way: Way, data: bytes) -> None:
        """Hand over one parcel; on return most servers of the cluster have it on disk."""
        self._wait(self._publish(way, data))

    def fetch(self, way: Way, most: int, wait: float) -> list["Delivery"]:
        """Up to ``most`` parcels; waits up to ``wait`` seconds for the first."""
        return [Delivery(self, found) for found in self._wait(self._fetch(way, most, wait), wait)]

    def servers(self) -> list[Server]:
        """Every server of the cluster that answers within two seconds."""
        return self._wait(self._survey())

    def stream(self, name: str) -> Stream:
        """How the stream is kept."""
        return self._wait(self._stream(name))

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """For set-up: wait for something that uses :meth:`jetstream`."""
        return self._wait(work)

    async def jetstream(self, patience: float = _ANSWER) -> JetStreamContext:
        """The connection's JetStream, connected, which waits ``patience`` seconds for an answer; inside :meth:`run`."""
        return (await self._connected()).jetstream(timeout=patience)

    def close(self) -> None:
        """Close the connection and its thread."""
        with suppress(PeerAway):
            self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    # -- inside ---------------------------------------------------------------------------------

    def _wait(self, work: Coroutine[Any, Any, _T], more: float = 0.0) -> _T:
        future: Future[_T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(_CONNECT + 2 * _ANSWER + more)
        except (TimeoutError, nats.errors.Error, OSError, FutureTimeout) as error:
            future.cancel()
            raise PeerAway(f"broker: {type(error).__name__}: {error}") from error

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._readers.clear()
                self._client = await asyncio.wait_for(self._connect(), _CONNECT)
            return self._client

    async def _connect(self) -> Client:
        return await nats.connect(
            self._servers,
            name=f"yakuba-{self._role}",
            tls=self._tls,
            inbox_prefix=inbox(self._role).encode(),
            connect_timeout=2,
            reconnect_time_wait=0.5,
            max_reconnect_attempts=-1,
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=_nothing,
        )

    async def _publish(self, way: Way, data: bytes) -> None:
        await (await self.jetstream()).publish(way.subject, data, stream=way.stream)

    async def _fetch(self, way: Way, most: int, wait: float) -> list[Msg]:
        jetstream = await self.jetstream()
        if way.reader not in self._readers:
            self._readers[way.reader] = await jetstream.pull_subscribe_bind(way.reader, way.stream)
        try:
            return await self._readers[way.reader].fetch(most, timeout=wait)
        except nats.errors.TimeoutError:
            return []

    async def _survey(self) -> list[Server]:
        client = await self._connected()
        answers = await client.subscribe(f"{inbox(self._role)}.{uuid.uuid4().hex}")
        await client.publish(SURVEY, b'{"config":true}', reply=answers.subject)
        found: list[Server] = []
        with suppress(nats.errors.TimeoutError):
            while not found or len(found) < found[0].cluster_size:
                found.append(_server(json.loads((await answers.next_msg(_SURVEY)).data)))
        await answers.unsubscribe()
        if not found:
            raise PeerAway("broker: no server answers how it keeps what it acknowledges")
        return found

    async def _stream(self, name: str) -> Stream:
        try:
            config = (await (await self.jetstream()).stream_info(name)).config
        except NotFoundError:
            return Stream(name, 0, "", "")
        return Stream(name, config.num_replicas or 1, str(config.storage), str(config.retention))

    async def _close(self) -> None:
        if self._client is not None:
            await self._client.close()


class Delivery:
    """One parcel as the broker brings it; brought again unless told what became of it."""

    def __init__(self, broker: Broker, message: Msg) -> None:
        self._broker, self._message = broker, message

    @property
    def data(self) -> bytes:
        """The parcel's bytes."""
        return self._message.data

    def taken(self) -> None:
        """It lies safely in the zone's database: the broker may forget it."""
        self._broker.run(self._message.ack())

    def at_work(self) -> None:
        """Still being taken: do not bring it again yet."""
        self._broker.run(self._message.in_progress())

    def later(self, seconds: float) -> None:
        """Bring it again after a while."""
        self._broker.run(self._message.nak(delay=seconds))

    def hopeless(self) -> None:
        """It is no parcel: never bring it again. Its messages are sent anew when no receipt comes."""
        self._broker.run(self._message.term())


def _server(answer: dict[str, Any]) -> Server:
    data = answer.get("data") or {}
    config = data.get("config") or {}
    return Server(
        str(answer.get("server", {}).get("name", "?")),
        bool(config.get("sync_always")),
        int((data.get("meta_cluster") or {}).get("cluster_size", 1)),
    )


async def _nothing(_error: Exception) -> None:
    """Faults of the connection show where the broker is used; nats-py would print them with a traceback each time."""
