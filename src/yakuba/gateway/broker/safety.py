"""Whether a broker keeps what it acknowledges: numbered errors ``gateway.E011`` … with a hint each."""

import time
from collections.abc import Sequence

from django.core.checks import CheckMessage, Error

from yakuba.gateway.broker.names import INWARD, OUTWARD
from yakuba.gateway.broker.session import Broker, Server, Stream
from yakuba.gateway.errors import UnsafeBroker

REPLICAS = 3
_LOOK_AGAIN = 60.0
_PREPARE = "`yakuba broker prepare` が作ります(ないものだけ)。"


def broker_errors(servers: Sequence[Server], streams: Sequence[Stream]) -> list[CheckMessage]:
    """What is wrong with a cluster of these servers and streams; empty if nothing is."""
    return [
        *_lazy_servers(servers),
        *_small_clusters(servers),
        *(error for stream in streams for error in _stream_errors(stream)),
    ]


def _lazy_servers(servers: Sequence[Server]) -> list[CheckMessage]:
    return [
        Error(
            f"NATS サーバー {server.name} は、受け取ったと答えたものをまだディスクに書いていないことがあります"
            "(sync_interval が always ではありません)。",
            hint='設定の jetstream に sync_interval: "always" と書き、再起動してください(`yakuba broker render` の書き方)。',
            id="gateway.E011",
        )
        for server in servers
        if not server.sync_always
    ]


def _small_clusters(servers: Sequence[Server]) -> list[CheckMessage]:
    size = min(server.cluster_size for server in servers)
    if size >= REPLICAS:
        return []
    return [
        Error(
            f"NATS のサーバーが {size} 台です。{REPLICAS} 台以上が要ります。",
            hint="`yakuba broker render` に3台を指定して設定を作り、3台とも起動してください。",
            id="gateway.E012",
        )
    ]


def _stream_errors(stream: Stream) -> list[CheckMessage]:
    if not stream.replicas:
        return [Error(f"ストリーム {stream.name} がありません。", hint=_PREPARE, id="gateway.E013")]
    errors: list[CheckMessage] = []
    if stream.replicas < REPLICAS:
        words = f"ストリーム {stream.name} の複製が {stream.replicas} です。{REPLICAS} 以上が要ります。"
        hint = f"`nats stream edit {stream.name} --replicas {REPLICAS}` を実行してください。"
        errors.append(Error(words, hint=hint, id="gateway.E014"))
    if (stream.storage, stream.retention) != ("file", "workqueue"):
        words = (
            f"ストリーム {stream.name} は storage={stream.storage}, retention={stream.retention} です。"
            "file と workqueue でなければなりません。"
        )
        errors.append(Error(words, hint=f"空にしてから消してください。{_PREPARE}", id="gateway.E015"))
    return errors


class Guard:
    """Asks the broker before it is used, and once a minute after that: a server may have come back with other settings."""

    def __init__(self, broker: Broker) -> None:
        self._broker, self._good_until = broker, 0.0

    def make_sure(self) -> None:
        """Raises:
        UnsafeBroker: with every number, fault and hint.
        PeerAway: the broker does not answer.
        """
        if time.monotonic() < self._good_until:
            return
        streams = [self._broker.stream(way.stream) for way in (INWARD, OUTWARD)]
        errors = broker_errors(self._broker.servers(), streams)
        if errors:
            raise UnsafeBroker("\n".join(f"[{each.id}] {each.msg} {each.hint}" for each in errors))
        self._good_until = time.monotonic() + _LOOK_AGAIN
