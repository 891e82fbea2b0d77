"""``yakuba run``: the whole town hall on this machine."""

import signal
import time
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.markup import escape

from yakuba.base.files import write_json
from yakuba.gateway.errors import PeerAway
from yakuba.zones.launcher.environment import Place
from yakuba.zones.launcher.greeting import greet
from yakuba.zones.launcher.home import chosen_home, lock, open_home
from yakuba.zones.launcher.ports import Ports, check_free, chosen_ports
from yakuba.zones.launcher.town import Town
from yakuba.zones.launcher.troubles import Trouble
from yakuba.zones.nats import NatsTrouble
from yakuba.zones.postgres import PostgresTrouble


class _Stop(Exception):
    """Somebody asked the town hall to stop."""


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


@click.command()
@click.option(
    "--residents",
    type=click.IntRange(100, 1_000_000),
    default=None,
    help="住民の人数(はじめて動かすとき。既定は 20,000)",
)
def run(residents: int | None) -> None:
    """役場ぜんたいを動かします。Ctrl-C で止まります。"""
    console = Console(highlight=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        _run(console, chosen_home(), chosen_ports(), residents)
    except (Trouble, PostgresTrouble, NatsTrouble, PeerAway) as trouble:
        console.print(f"\n[bold red]✗[/] {escape(str(trouble))}", soft_wrap=True)
        raise SystemExit(1) from None


def _run(console: Console, path: Path, ports: Ports, residents: int | None) -> None:
    home = open_home(path)
    with lock(home):
        check_free(ports)
        town = Town(Place(home, ports), tell=lambda line: console.print(f"  {line}"))
        started = time.monotonic()
        try:
            town.prepare(residents)
            town.start()
            console.print(f"  用意ができました({time.monotonic() - started:.0f} 秒)")
            greet(console, town.ready())
            write_json(home.path / "ready.json", town.ready())
            _stay(town)
        except _Stop:
            console.print("\n  止めています…")
        finally:
            (home.path / "ready.json").unlink(missing_ok=True)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave databases half stopped
            town.stop()
    console.print("  止まりました。データは残っています。")


def _stay(town: Town) -> None:
    while True:
        town.watch()
        time.sleep(0.2)
