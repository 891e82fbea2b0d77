"""``yakuba broker …``: the cluster of a link on machines of one's own. Needs no zone's settings, only files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from yakuba.gateway.broker.names import INWARD, OUTWARD
from yakuba.gateway.broker.prepare import prepare as prepare_streams
from yakuba.gateway.broker.safety import REPLICAS, broker_errors
from yakuba.gateway.broker.server_file import Node, server_file
from yakuba.gateway.broker.session import Broker
from yakuba.gateway.errors import PeerAway
from yakuba.gateway.keys import make_broker

LINKS = {"internet-lgwan": ("internet", "lgwan"), "lgwan-mynumber": ("lgwan", "mynumber")}
_link = click.argument("link", type=click.Choice(list(LINKS)))
_files = click.option(
    "--files",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="証明書のフォルダー(yakuba broker certificates が作ったもの)",
)
_at = click.option("--at", required=True, help="宛先。例: 10.1.0.11:4222,10.1.0.12:4222,10.1.0.13:4222")


@click.group()
def broker() -> None:
    """区域のあいだを NATS JetStream で結ぶ(YAKUBA_RELAY=jetstream)。"""


@broker.command()
@_link
@_files
@click.option("--host", "hosts", multiple=True, required=True, help="サーバーのアドレス(台数分くりかえす)")
def certificates(link: str, files: Path, hosts: tuple[str, ...]) -> None:
    """LINK の認証局と、サーバー・両側のリレー・準備係の証明書を作ります(あるものはそのまま)。"""
    make_broker(files, *LINKS[link], hosts)
    click.echo(
        f"{files}: node は各サーバーへ、outer と inner はその区域だけへ渡してください。ca.key と keeper は準備のときだけ使います。"
    )


@broker.command()
@_link
@click.option("--node", "nodes", multiple=True, required=True, help="例: node1=10.1.0.11(3台分くりかえす)")
@click.option("--port", default=4222, show_default=True, help="リレーのためのポート")
@click.option("--route-port", default=6222, show_default=True, help="サーバーどうしのポート")
@click.option(
    "--certificates",
    "there",
    default="/etc/yakuba/broker",
    show_default=True,
    help="サーバー上の証明書の場所",
)
@click.option("--store", default="/var/lib/yakuba/broker", show_default=True, help="サーバー上の保存場所")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="書き出す場所")
def render(
    link: str, nodes: tuple[str, ...], port: int, route_port: int, there: str, store: str, out: Path
) -> None:
    """LINK の nats-server の設定を1台ずつ書き出します(sync_interval: always、mTLS、区域ごとの権限)。"""
    cluster = [_node(text, port, route_port) for text in nodes]
    if len(cluster) < REPLICAS:
        raise click.ClickException(
            f"{REPLICAS} 台以上を指定してください。例: --node node1=10.1.0.11 --node node2=10.1.0.12 --node node3=10.1.0.13"
        )
    out.mkdir(parents=True, exist_ok=True)
    for node in cluster:
        text = server_file(node, cluster, link=LINKS[link], certificates=Path(there), store=Path(store))
        (out / f"{node.name}.conf").write_text(text)
        click.echo(out / f"{node.name}.conf")


def _node(text: str, port: int, route_port: int) -> Node:
    name, separator, host = text.partition("=")
    if not (name and separator and host):
        raise click.ClickException(f"--node {text}: 名前=アドレス と書いてください。例: node1=10.1.0.11")
    return Node(name, host, port, route_port)


@contextmanager
def _keeper(files: Path, at: str) -> Iterator[Broker]:
    try:
        keeper = Broker(tuple(at.split(",")), files, "keeper")
    except OSError as error:
        raise click.ClickException(
            f"{files} の ca.pem・keeper.pem・keeper.key を読めません。`yakuba broker certificates` が作ります。"
        ) from error
    try:
        yield keeper
    except PeerAway as error:
        raise click.ClickException(f"NATS が答えません: {error}") from error
    finally:
        keeper.close()


@broker.command()
@_files
@_at
def prepare(files: Path, at: str) -> None:
    """動いているサーバーに、足りないストリームを作ります。何度実行してもよい。"""
    with _keeper(files, at) as keeper:
        prepare_streams(keeper)
    click.echo("ストリームがそろいました。")


@broker.command()
@_files
@_at
def check(files: Path, at: str) -> None:
    """受け取ったと答えたものを失わない設定かを、動いているサーバーに尋ねます。問題があれば終了コード1。"""
    with _keeper(files, at) as keeper:
        servers = keeper.servers()
        errors = broker_errors(servers, [keeper.stream(way.stream) for way in (INWARD, OUTWARD)])
    for each in errors:
        click.echo(f"[{each.id}] {each.msg}\n    {each.hint}")
    if errors:
        raise SystemExit(1)
    click.echo(f"問題はありません: {', '.join(server.name for server in servers)}")
