"""``yakuba cells``: which municipality is in which cell, and moving one.

Runs with a zone's environment, or else on the embedded town hall (`make run`), whose three zones it does one after the other.
"""

import os
import subprocess
import sys

import click
import psycopg
from rich.console import Console
from rich.table import Table

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.zones.cells.directory import Directory, Place, PlaceTaken, look, number_rows, put, unfinished
from yakuba.zones.cells.file import Cell, CellsFileWrong, read_cells
from yakuba.zones.cells.moving import Move, MoveRefused
from yakuba.zones.cells.tables import CannotMove
from yakuba.zones.launcher.cells import zones_in_cells
from yakuba.zones.launcher.home import Home, chosen_home

_PHASES = {"copying": "写しています", "removing": "元のセルを片付けています", "?": "調べてください"}
_FAULTS = (CellsFileWrong, MoveRefused, CannotMove, PlaceTaken, InvalidMunicipalityCode)


@click.group("cells", invoke_without_command=True)
@click.pass_context
def cells(context: click.Context) -> None:
    """どの市区町村がどのセル(データベース)にあるかを示します。"""
    if context.invoked_subcommand is None:
        for zone, named in _zones():
            if zone:
                click.echo(f"\n{zone}")
            _show(named, _looked(named))


@cells.command("place")
@click.argument("code")
@click.argument("cell")
def place(code: str, cell: str) -> None:
    """新しい市区町村 CODE をセル CELL に置きます。"""
    for zone, named in _zones():
        _one_of(named, cell)
        with _plain_words():
            put(named, code, cell)
        click.echo(f"{_in(zone)}{code} をセル {cell} に置きました。")


@cells.command("move")
@click.argument("code")
@click.argument("cell")
def move(code: str, cell: str) -> None:
    """市区町村 CODE を、使われているままセル CELL へ移します。途中で切れたら、同じ命令で続きから動きます。"""
    for zone, named in _zones():
        _move(zone, named, code, _one_of(named, cell))


def _move(zone: str, named: dict[str, Cell], code: str, target: Cell) -> None:
    cell = target.name
    with _plain_words():
        source = unfinished((one for one in named.values() if one.name != cell), code)
        if not source:
            found = _looked(named).place(code)
            if found is None:
                raise PlaceTaken(f"{code} はどのセルにもありません。例: yakuba cells place {code} {cell}")
            source = found.cell
        if source == cell:
            click.echo(f"{_in(zone)}{code} はすでにセル {cell} にあります。")
            return
        Move(code, named[source], target, lambda line: click.echo(f"{_in(zone)}{line}")).run()
    click.echo(f"{_in(zone)}{code} をセル {source} から {cell} へ移しました。")


def _in(zone: str) -> str:
    return f"[{zone}] " if zone else ""


@cells.command("prepare")
def prepare() -> None:
    """すべてのセルに表を用意し(版をそろえ)、セルごとの行番号の範囲を決めます。何度実行してもよい。"""
    for cell in _cells().values():
        with _plain_words():
            environment = {**os.environ, **cell.owner.environment(), "YAKUBA_CELLS": "", "YAKUBA_CELL": ""}
        done = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--no-input", "-v", "0"], env=environment, check=False
        )
        if done.returncode:
            raise click.ClickException(
                f"セル {cell.name} の表を用意できませんでした。上の理由を直して、もう一度実行してください。"
            )
        number_rows(cell)
        click.echo(f"セル {cell.name}: 用意ができています。")


class _plain_words:  # noqa: N801 - reads as a phrase
    """Faults of the operator's world as one message, without a traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _FAULTS):
            raise click.ClickException(str(error)) from error
        if isinstance(error, psycopg.OperationalError):
            raise click.ClickException(
                f"データベースに届きません({str(error).splitlines()[0]})。動いているか、YAKUBA_CELLS の host と port を確かめ、"
                "もう一度実行してください(途中からつづきます)。"
            ) from error


def _zones() -> list[tuple[str, dict[str, Cell]]]:
    """The cells of the zone whose environment this is; else of each zone of the embedded town hall in the home folder."""
    if os.environ.get("YAKUBA_CELLS"):
        return [("", _cells())]
    with _plain_words():
        found = list(zones_in_cells(Home(chosen_home())))
    return found or [("", _cells())]


def _cells() -> dict[str, Cell]:
    with _plain_words():
        named = read_cells()
    if not named:
        raise click.ClickException(
            "この区域のデータベースは一つです。分けるには YAKUBA_CELLS にセルの一覧(YAML)を指定してください。"
            "例: YAKUBA_CELLS=/etc/yakuba/cells.yaml(この機械で試すには YAKUBA_RUN_CELLS=2 make run)"
        )
    return named


def _one_of(named: dict[str, Cell], cell: str) -> Cell:
    if cell not in named:
        raise click.ClickException(f"セル「{cell}」はありません。あるのは {', '.join(named)} です。")
    return named[cell]


def _looked(named: dict[str, Cell]) -> Directory:
    with _plain_words():
        return look(named.values())


def _show(named: dict[str, Cell], directory: Directory) -> None:
    table = Table("市区町村", "セル", "ようす", box=None)
    for place in directory.places:
        table.add_row(place.code, place.cell or "—", _words(place))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    counts = ", ".join(f"{name} {sum(p.cell == name for p in directory.places)}" for name in named)
    console.print(f"セルごとの数: {counts}")
    for name in directory.away:
        console.print(f"[bold red]![/] セル {name} が答えません。そこにある市区町村は上に出ていません。")


def _words(place: Place) -> str:
    if not place.phase:
        return ""
    copied = f" 表 {len(place.progress)}、行 {sum(place.progress.values()):,}" if place.progress else ""
    goal = f"{place.to} へ移動中: " if place.to else ""
    return f"{goal}{_PHASES.get(place.phase, place.phase)}{copied}"
