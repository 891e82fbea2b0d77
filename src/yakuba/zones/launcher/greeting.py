"""What `make run` prints when everything is up: where to look, and who can be played."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from yakuba.demo.cards import cards_made
from yakuba.demo.cast import cast
from yakuba.demo.places import place, places


def greet(console: Console, ready: Mapping[str, Any]) -> None:
    """Addresses, the cast with PINs, the staff with password and second factor. Everybody is made up."""
    addresses = ready["addresses"]
    home_town = places()[0]
    console.print()
    console.print(f"  [bold]住民のページ[/]  {addresses['portal']}/{home_town.code}/   ({home_town.name})")
    console.print(f"  [bold]職員のページ[/]  {addresses['casework']}/")
    console.print(f"  [bold]組織のページ[/]  {addresses['office']}/")
    _people(console, Path(ready["cards"]))
    _staff(console, Path(ready["staff"]))
    console.print(
        "  登場人物の物語: [bold].venv/bin/yakuba demo people[/]   実演を見る(別の端末で): [bold]make demo[/]"
    )
    console.print("  人・番号・カードはすべて架空のものです。止めるには [bold]Ctrl-C[/] を押します。\n")


def _people(console: Console, cards: Path) -> None:
    made = cards_made(cards)
    table = Table(title="模擬のマイナンバーカードを持つ人", title_justify="left", box=None, padding=(0, 2))
    table.add_column("名前", overflow="fold")  # the one that gives way where the terminal is narrow
    for heading in ("カード", "署名用パスワード", "利用者証明用"):
        table.add_column(heading, no_wrap=True)
    for member in cast(made.as_of) if made else ():
        if member.card:
            name = (
                member.name
                if member.municipality == places()[0].code
                else f"{member.name}({place(member.municipality).name})"
            )
            table.add_row(name, member.id, member.sign_pin, member.auth_pin)
    console.print()
    console.print(table)


def _staff(console: Console, file: Path) -> None:
    known = json.loads(file.read_text())
    console.print(f"\n  [bold]職員[/]  パスワード {known['password']}")
    for one in known["members"]:
        if one["municipality"] == places()[0].code:
            console.print(f"    {one['login']:<10} {one['name']}  {one['roles']}")
    for one in json.loads(file.with_name("operators.json").read_text()):
        console.print(f"  [bold]組織のページの担当者[/]  {one['name']:<7} パスワード {one['password']}")
    console.print("  いまのワンタイムコード: [bold].venv/bin/yakuba demo code[/]\n")
