"""``yakuba registers …``: what the registers hold and how their keys are kept."""

import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

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
