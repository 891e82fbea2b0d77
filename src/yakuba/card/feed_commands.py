"""``yakuba card take-list`` and ``yakuba card lists``: the operator's side of the revocation feed."""

import json
from pathlib import Path
from typing import Final

import click

from yakuba.base import clock
from yakuba.card.feed import Feed, Freshness, ListRefused
from yakuba.card.trust import TrustStore, UnusableRoot

_WORDS: Final = {Freshness.FRESH: "有効", Freshness.DUE: "まもなく期限", Freshness.STALE: "期限切れ"}
_STALE_STATUS: Final = 2
_trust = click.option(
    "--trust",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="ルートと失効リストのフォルダー(roots/ と crls/ があるところ)",
)


def _feed(trust: Path) -> Feed:
    try:
        return Feed(trust / "crls", TrustStore.from_folder(trust / "roots"))
    except UnusableRoot as problem:
        raise click.ClickException(str(problem)) from problem


@click.command("take-list")
@_trust
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_list(trust: Path, file: Path) -> None:
    """受け取った失効リスト(DER)を確かめて取り込む。"""
    try:
        taken = _feed(trust).take(file.read_bytes(), at=clock.now())
    except ListRefused as problem:
        raise click.ClickException(f"{file} は取り込みませんでした: {problem}") from problem
    until = taken.next_update.isoformat()
    click.echo(f"取り込みました: 第{taken.number}号 {taken.entries}件 次回 {until}まで")
    for change in taken.changes:
        click.echo(f"{taken.issuer_key_id}\t{change.serial}\t{change.move}")


@click.command("lists")
@_trust
@click.option("--json", "as_json", is_flag=True, help="1行1件のJSON")
def lists(trust: Path, as_json: bool) -> None:
    """いま使っている失効リストと期限。期限切れがあれば終了コード2。"""
    states = _feed(trust).states(clock.now())
    for one in states:
        if as_json:
            click.echo(json.dumps({"file": one.file, "number": one.number, "entries": one.entries,
                                   "next_update": one.next_update.isoformat(), "freshness": one.freshness}))  # fmt: skip
        else:
            word = _WORDS[one.freshness]
            click.echo(
                f"{word}\t{one.file}\t第{one.number}号\t{one.entries}件\t{one.next_update.isoformat()}まで"
            )
    if not states or any(one.freshness is Freshness.STALE for one in states):
        raise SystemExit(_STALE_STATUS)


FEED_COMMANDS: Final = (take_list, lists)
