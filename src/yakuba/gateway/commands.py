"""Commands for the people who run a zone: ``yakuba gateway …`` and ``yakuba audit …``.

They run with the zone's environment (``DJANGO_SETTINGS_MODULE`` and the ``YAKUBA_*`` variables), except ``audit verify``,
which needs the export file and nothing else.
"""

import importlib
import sys
import uuid
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click
import django
from django.core.exceptions import ImproperlyConfigured

from yakuba.base import cells
from yakuba.gateway import audit_export


def _zone(module: str) -> Any:
    """A module of this room that needs the zone's settings: these are loaded now, so that ``--help`` works without."""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(
            f"区域の設定を読めません: {error}\n例: DJANGO_SETTINGS_MODULE=yakuba.zones.settings.lgwan yakuba gateway status"
        ) from error
    return importlib.import_module(f"yakuba.gateway.{module}")


@click.group()
def gateway() -> None:
    """区域のあいだの受け渡しを見る・直す。"""


@gateway.command()
def status() -> None:
    """つながり・待っているもの・止まっているものを表示します。"""
    seen = _zone("overview").look()
    for link in seen.links:
        click.echo(
            f"{link.peer}: 最後の連絡 {link.last_contact_at or 'まだありません'} {link.problem}".rstrip()
        )
    for queue in seen.queues:
        click.echo(f"{queue.name}: {queue.count}件(いちばん古いもの {queue.oldest:%Y-%m-%d %H:%M:%S %Z})")
    for item in _zone("repair").dead():
        click.echo(f"止まっている: {item.message} {item.municipality} {item.kind}")
    click.echo(f"監査記録: {seen.head[0]}番 {seen.head[1]}")
    room = _zone("disk")
    click.echo(f"ディスク: {room.in_words(room.look())}")


@gateway.command()
@click.option(
    "--households", type=click.IntRange(1), default=100_000, show_default=True, help="申請する世帯の数"
)
@click.option("--files", type=click.IntRange(0), default=6, show_default=True, help="1世帯の写真の枚数")
@click.option(
    "--megabytes", type=click.FloatRange(0), default=3.0, show_default=True, help="写真1枚の大きさ(MB)"
)
def disk(households: int, files: int, megabytes: float) -> None:
    """内側の区域と切れた間の申請と写真が、この区域のディスクに入るかを計算します。入らなければ終了コード1。"""
    room = _zone("disk")
    size = int(megabytes * 1_000_000)
    need, seen = room.needed(households, files, size), room.look()
    click.echo(f"必要: {need / room.GIB:.1f} GiB({households}世帯 × {files}枚 × {megabytes:g} MB)")
    click.echo(room.in_words(seen))
    if seen is None:
        sys.exit(2)
    click.echo(f"この大きさの申請は、あと {room.fit(seen.free, files, size)} 件入ります。")
    if need > seen.free:
        click.echo("足りません。ディスクを足すか、写真を後で送ってもらってください。")
        sys.exit(1)


@gateway.command()
@click.argument("message", type=click.UUID)
def retry(message: uuid.UUID) -> None:
    """止まっているもの(番号 MESSAGE)をもう一度試します。"""
    if not _zone("repair").retry(message, "operator:command"):
        raise click.ClickException(
            f"{message} は止まっていません。番号は `yakuba gateway status` で確かめられます。"
        )
    click.echo(f"{message} をもう一度試します。")


@click.group()
def audit() -> None:
    """監査記録を取り出す・確かめる。"""


@audit.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
@click.option("--cell", default="", help="セルを分けているとき、どのセルの記録か(既定は最初のセル)")
def export(file: IO[str], cell: str) -> None:
    """この区域の監査記録と、ほかの区域について控えた値を FILE に書き出します。"""
    source = _zone("audit_source")
    with cells.inside(cell) if cell else nullcontext():
        count = source.write(file)
    click.echo(f"{count}件の記録を書き出しました。", err=True)


@audit.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--witness",
    "witnesses",
    type=click.File("r", encoding="utf-8"),
    multiple=True,
    help="ほかの区域の書き出し",
)
@click.option(
    "--keys",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="区域の公開鍵 (<区域>.pub) のフォルダー",
)
def verify(file: IO[str], witnesses: tuple[IO[str], ...], keys: Path | None) -> None:
    """書き出した FILE だけで記録の鎖を確かめます。ほかの区域の書き出しを添えると、末尾の切り取りや作り直しも分かります。"""
    try:
        found = audit_export.verify(file, list(witnesses), keys)
    except audit_export.NotAnExport as error:
        raise click.ClickException(str(error)) from error
    if found.broken:
        click.echo(f"壊れています: {found.zone} {found.broken.sequence}番: {found.broken.problem}")
        sys.exit(1)
    click.echo(
        f"つながっています: {found.zone} {found.count}件、控えと一致 {found.witnessed}件、署名確認 {found.signatures}件"
    )


COMMANDS = [gateway, audit]
