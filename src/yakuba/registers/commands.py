"""``yakuba registers …``: what the registers hold and how their keys are kept."""

import importlib
import os
from datetime import datetime
from pathlib import Path

import click
import django
from rich.console import Console
from rich.table import Table

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.registers import catalogue
from yakuba.registers.mynumber_keys import UnusableKeys, add_version, make_keys, read_keys


@click.group("registers")
def registers() -> None:
    """標準台帳: 項目一覧と鍵。"""


@registers.command("items")
@click.argument("code", required=False)
def items(code: str | None) -> None:
    """台帳の項目一覧を表示する(CODE を省くと台帳の一覧)。"""
    console = Console()
    if code is None:
        for known in catalogue.codes():
            console.print(f"{known}\t{catalogue.register(known).name_ja}", highlight=False)
        return
    try:
        register = catalogue.register(code)
    except catalogue.UnknownRegister as problem:
        raise click.ClickException(str(problem)) from problem
    table = Table(
        "コード", "項目", "名前", "型", "必須", "根拠", title=register.name_ja, caption=register.modelled_on
    )
    for item in register.items:
        table.add_row(item.code, item.id, item.name, item.type, "○" if item.required else "", item.source)
    console.print(table)


@registers.command("make-keys")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def make(path: Path) -> None:
    """個人番号の鍵ファイルを作る(あれば何もしない)。"""
    make_keys(path)
    click.echo(f"{path}: 版 {sorted(read_keys(path).encryption)}")


@registers.command("rotate-keys")
def rotate() -> None:
    """個人番号の新しい暗号鍵を加える。古い鍵の番号は、少しずつ新しい鍵で封じ直す。"""
    path = Path(os.environ.get("YAKUBA_MYNUMBER_KEYS", "/nonexistent"))
    try:
        click.echo(f"新しい鍵の版: {add_version(path)}")
    except UnusableKeys as problem:
        raise click.ClickException(str(problem)) from problem


@registers.command("note-certificate")
@click.argument("municipality")
@click.argument("atena_number")
@click.option(
    "--kind", type=click.Choice(["sign", "auth"]), required=True, help="sign 署名用 / auth 利用者証明用"
)
@click.option("--issuer-key-id", required=True, help="発行者鍵識別子(16進)")
@click.option("--serial", required=True, help="シリアル番号(16進)")
@click.option("--from", "begins", type=click.DateTime(["%Y-%m-%d"]), required=True, help="例 2026-11-27")
@click.option("--until", "ends", type=click.DateTime(["%Y-%m-%d"]), required=True, help="例 2031-11-26")
def note_certificate(
    municipality: str,
    atena_number: str,
    kind: str,
    issuer_key_id: str,
    serial: str,
    begins: datetime,
    ends: datetime,
) -> None:
    """カードの発行・更新の知らせを台帳に記録する。同じ種類の前の証明書は「更新済み」になる。"""
    _in_the_zone()
    noting = importlib.import_module("yakuba.registers.noting")
    try:
        noting.note(municipality, atena_number, kind, issuer_key_id, serial, begins.date(), ends.date())
    except (noting.NotNoted, InvalidMunicipalityCode) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo("記録しました。")


def _in_the_zone() -> None:
    """Django with the settings of the My Number zone, before any model is imported."""
    if "YAKUBA_MYNUMBER_KEYS" not in os.environ or "DJANGO_SETTINGS_MODULE" not in os.environ:
        raise click.ClickException(
            "個人番号利用事務系の設定がありません。動いている役場では `yakuba in mynumber registers note-certificate …` とします。"
        )
    django.setup()
