"""``yakuba demo play`` (``make demo``) and ``yakuba in``: both need a town hall that is running."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import httpx
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape

from yakuba.demo.cards import cards_made
from yakuba.demo.cast import cast
from yakuba.zones.launcher.cells import HOME
from yakuba.zones.launcher.environment import Place, python, zone_environment
from yakuba.zones.launcher.home import ZONES, Home, chosen_home
from yakuba.zones.launcher.parts import accepts
from yakuba.zones.launcher.ports import Ports
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.play.browser import PageProblem
from yakuba.zones.play.story import Played, Story
from yakuba.zones.postgres import Cluster


def running_town() -> Mapping[str, Any]:
    """What the running town hall of this folder says of itself.

    Raises:
        ClickException: none is running, with the command that starts one.
    """
    file = chosen_home() / "ready.json"
    found: Mapping[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    # a launcher that was killed leaves the file behind
    if not found or not accepts(httpx.URL(found["addresses"]["portal"]).port or 0):
        raise click.ClickException(
            "役場が動いていません。別の端末で `make run` を実行し、「用意ができました」を待ってください。"
        )
    return found


@click.command("in", context_settings={"ignore_unknown_options": True})
@click.argument("zone", type=click.Choice(ZONES))
@click.argument("words", nargs=-1, type=click.UNPROCESSED, required=True)
def in_zone(zone: str, words: tuple[str, ...]) -> None:
    """動いている役場の区域 ZONE の設定で、yakuba のコマンドを実行します。例: yakuba in lgwan gateway status"""
    command = python("-m", "yakuba", *words)
    sys.exit(subprocess.run(command, env=environment_of(running_town(), zone), check=False).returncode)


def environment_of(ready: Mapping[str, Any], zone: str) -> dict[str, str]:
    """What the running town hall gives the processes of ``zone``."""
    home = Home(Path(ready["home"]))
    base = httpx.URL(ready["addresses"]["portal"]).port or 0
    database = Cluster(home.zone(zone) / "postgres").as_app(DATABASE)
    return zone_environment(Place(home, Ports(base)), zone, database)


@click.command("play")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="通知書などの置き場所(既定は YAKUBA_HOME の demo)",
)
def play(out: Path | None) -> None:
    """実演: 申請から通知書まで。だれでも確かめられるものを最後に表示します。"""
    ready, console = running_town(), Console(highlight=False)
    made = cards_made(Path(ready["cards"]))
    if made is None:
        raise click.ClickException("模擬カードがありません。`make run` をやりなおしてください。")
    folder = out or Path(ready["home"]) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    member = next(one for one in cast(made.as_of) if one.id == "mother")
    console.print("\n  [bold]実演[/] 人・番号・カードはすべて架空のものです。\n")
    with console.status("はじめています") as status:

        def tell(line: str) -> None:
            status.update(line)
            console.print(f"  [green]●[/] {line}")

        try:
            played = Story(ready, member, made.as_of, tell, folder).play()
        except (PageProblem, httpx.HTTPError) as problem:
            console.print(f"\n  [red]✗[/] {escape(str(problem))}")
            raise SystemExit(1) from problem
        tell("通知書の署名と、3つの区域の監査記録を確かめます")
        checked = _verify_notice(ready, played) and _verify_audit(ready, played, folder)
    _print(console, played)
    raise SystemExit(0 if checked else 1)


def _verify_notice(ready: Mapping[str, Any], played: Played) -> bool:
    command = python("-m", "yakuba", "verify", str(played.notice), "--roots", str(ready["notices"]))
    found = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, check=False)
    played.facts["通知書の検証(yakuba verify)"] = (
        "本物です" if found.returncode == 0 else found.stdout + found.stderr
    )
    return found.returncode == 0


def _verify_audit(ready: Mapping[str, Any], played: Played, folder: Path) -> bool:
    """Export each zone's chain, then check each from the files alone, the others as witnesses."""
    more = [cell for cell in ready.get("cells", ()) if cell != HOME]
    files = {(zone, cell): folder / f"audit-{'-'.join(filter(None, (zone, cell)))}.jsonl" for zone in ZONES for cell in ("", *more)}  # fmt: skip
    for (zone, cell), file in files.items():
        command = python("-m", "yakuba", "audit", "export", *(("--cell", cell) if cell else ()), str(file))
        subprocess.run(command, env=environment_of(ready, zone), capture_output=True, check=True)
    good = True
    for (zone, cell), file in files.items():
        witnesses = [str(other) for (of, _), other in files.items() if of != zone]
        others = [word for other in witnesses for word in ("--witness", other)]
        keys = ("--keys", str(Home(Path(ready["home"])).zone_keys))
        command = python("-m", "yakuba", "audit", "verify", str(file), *others, *keys)
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        played.facts[f"監査記録 {zone}{f'/{cell}' if cell else ''}"] = (found.stdout + found.stderr).strip()
        good = good and found.returncode == 0
    return good


def _print(console: Console, played: Played) -> None:
    """One fact a line and never cut: digests and paths are there to be copied."""
    width = max(cell_len(name) for name in played.facts)
    console.print()
    for name, value in played.facts.items():
        space = " " * (width - cell_len(name) + 2)
        console.print(f"  {name}{space}{value}", soft_wrap=True, markup=False)
    console.print()
