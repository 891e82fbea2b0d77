"""``yakuba demo people`` and ``yakuba demo load``: the cast and the town, from the terminal."""

import importlib
import json
import os
from pathlib import Path
from typing import Any

import click
import django
import pyotp
from rich.console import Console
from rich.table import Table

from yakuba.base.clock import now, today
from yakuba.demo import cast as cast_of_demo
from yakuba.demo.cards import cards_made
from yakuba.demo.cast import CastMember
from yakuba.demo.loading_bar import begun, loading_bar
from yakuba.demo.places import place
from yakuba.demo.plan import MOST_RESIDENTS

SYNTHETIC = "実演に出てくる人・番号・カードは、すべて架空のものです。"
_CARD_WORDS = {"active": "有効", "renewed": "更新済み・有効", "expired": "期限切れ", "revoked": "失効"}
_folder = click.Path(file_okay=False, path_type=Path)


def _home() -> Path:
    return Path(os.environ.get("YAKUBA_HOME", "var")).resolve()


@click.command("people")
@click.option("--cards", type=_folder, help="模擬カードのフォルダー(既定は YAKUBA_HOME の cards)")
@click.option("--english", is_flag=True, help="Stories in English")
def people(cards: Path | None, english: bool) -> None:
    """実演の登場人物: 物語、試すこと、カードと暗証番号。"""
    made = cards_made(cards or _home() / "cards")
    print_people(Console(), cast_of_demo.cast(made.as_of if made else today()), "en" if english else "ja")


def print_people(console: Console, members: tuple[CastMember, ...], language: str) -> None:
    """The cast as a table, with the note that nobody in it is real."""
    table = Table(show_lines=True, caption=SYNTHETIC)
    for heading in ("人物", "町・宛名番号", "物語と、試すこと", "カード", "暗証番号"):
        table.add_column(heading, overflow="fold")
    for member in members:
        table.add_row(
            f"{member.name}\n{member.id}",
            f"{place(member.municipality).name}\n{member.atena_number}",
            f"{member.story[language]}\n→{member.to_try[language]}",
            _CARD_WORDS[member.card.state] if member.card else "なし",
            f"署名用 {member.sign_pin}\n利用者証明用 {member.auth_pin}" if member.card else "",
        )
    console.print(table)


@click.command("load")
@click.option(
    "--residents",
    type=click.IntRange(1, MOST_RESIDENTS),
    default=20_000,
    show_default=True,
    help="葉山町の住民の数",
)
@click.option("--seed", type=int, default=1, show_default=True, help="同じ種からは同じ町ができる")
@click.option("--jobs", type=click.IntRange(1, 64), help="並行して動かす数(既定はコアの数)")
@click.option("--authority", type=_folder, help="テスト認証局のフォルダー(既定は YAKUBA_HOME の trust)")
@click.option("--cards", type=_folder, help="模擬カードのフォルダー(既定は YAKUBA_HOME の cards)")
def load(residents: int, seed: int, jobs: int | None, authority: Path | None, cards: Path | None) -> None:
    """実演の町を、個人番号利用事務系の台帳に入れる(済んでいれば何もしない)。"""
    keys = os.environ.get("YAKUBA_MYNUMBER_KEYS")
    if not keys or "DJANGO_SETTINGS_MODULE" not in os.environ:
        raise click.ClickException(
            "個人番号利用事務系の設定がありません。`make run` が自動で行います。手で行うときは YAKUBA_MYNUMBER_KEYS と "
            "DJANGO_SETTINGS_MODULE=yakuba.zones.settings.mynumber を設定してください。"
        )
    django.setup()  # before any model is imported, which is why the next modules are named here
    loading = importlib.import_module("yakuba.demo.load")
    setting_up = importlib.import_module("yakuba.demo.setting_up")
    console, home = Console(), _home()
    with loading_bar(console) as bar:
        try:
            reports = setting_up.set_up(
                keys_file=Path(keys), authority=authority or home / "trust", cards=cards or home / "cards",
                residents=residents, now=now(), begun=begun(bar), seed=seed, jobs=jobs,
            )  # fmt: skip
        except loading.OtherTownLoaded as problem:
            raise click.ClickException(str(problem)) from problem
    for report in reports:
        console.print(_told(report), highlight=False)
    console.print(SYNTHETIC)


def _told(report: Any) -> str:
    name = place(report.plan.municipality).name
    if report.kept:
        return f"{name}: 住民{report.plan.residents:,}人の町がすでにあります({report.plan.as_of}現在)。そのまま使います。"
    return (
        f"{name}: 住民{report.residents:,}人、{report.rows:,}行を{report.seconds:.1f}秒で登録しました"
        f"(毎秒{report.residents_a_second:,.0f}人。生成に{report.generation_cpu:.1f} CPU秒)。"
    )


@click.command("prepare", hidden=True)
@click.option("--residents", type=click.IntRange(1, MOST_RESIDENTS), required=True)
@click.option("--authority", type=_folder, required=True)
@click.option("--cards", type=_folder, required=True)
@click.option("--trust", type=_folder, required=True)
@click.option("--notices", type=_folder, required=True)
@click.option("--public", type=_folder, required=True)
@click.option("--my-number-keys", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--staff", type=click.Path(dir_okay=False, path_type=Path), required=True)
def prepare(residents: int, **folders: Path) -> None:
    """Used by the launcher: keys, cards, town, staff and first settings, in the My Number zone's own environment."""
    django.setup()
    preparing = importlib.import_module("yakuba.demo.prepare")
    loading = importlib.import_module("yakuba.demo.load")
    try:
        preparing.prepare(preparing.Folders(**folders), residents, Console())
    except loading.OtherTownLoaded as problem:
        raise click.ClickException(str(problem)) from problem


@click.command("code")
def code() -> None:
    """架空の職員と担当者の、いまのワンタイムコード(30秒ごとに変わります)。"""
    click.echo(f"職員\t{_code(_kept('staff.json')['totp_secret'])}")
    for one in _kept("operators.json"):
        click.echo(f"組織のページの担当者 {one['name']}\t{_code(one['totp_secret'])}")


def _kept(name: str) -> Any:
    file = _home() / "cards" / name
    if not file.exists():
        raise click.ClickException(f"{file} がありません。先に `make run` を実行してください。")
    return json.loads(file.read_text())


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).now()
