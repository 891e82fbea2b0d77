"""``yakuba demo renew-card``: a cast member's card renewed at the counter, against the town hall that is running."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from yakuba.base.clock import now
from yakuba.demo.cards import cards_made
from yakuba.demo.cast import CastMember, RegisteredCertificate, cast
from yakuba.demo.public_part import copy_public
from yakuba.demo.renewing import renew_card
from yakuba.zones.launcher.environment import python
from yakuba.zones.launcher.home import Home
from yakuba.zones.play.commands import environment_of, running_town


@click.command("renew-card")
@click.argument("card")
def renew(card: str) -> None:
    """架空の人のカードを窓口で更新する(例: mother)。前の証明書は失効し、台帳にも記録される。"""
    ready = running_town()
    home = Home(Path(ready["home"]))
    made = cards_made(Path(ready["cards"]))
    members = {one.id: one for one in cast(made.as_of) if one.card} if made else {}
    if card not in members:
        raise click.ClickException(f"{card} というカードはありません。選べるもの: {', '.join(members)}")
    authority = home.cards / "authority"
    fresh = renew_card(authority, Path(ready["cards"]), members[card], now=now())
    copy_public(authority, home.trust)
    for one in fresh:
        _note(ready, members[card], one)
    click.echo(f"{members[card].name}さんのカードを更新しました。暗証番号は前と同じです。")


def _note(ready: Mapping[str, Any], member: CastMember, one: RegisteredCertificate) -> None:
    words = (
        "registers", "note-certificate", member.municipality, member.atena_number, "--kind", one.kind,
        "--issuer-key-id", one.issuer_key_id, "--serial", one.serial, "--from", str(one.not_before),
        "--until", str(one.not_after),
    )  # fmt: skip
    command = python("-m", "yakuba", *words)
    found = subprocess.run(
        command, env=environment_of(ready, "mynumber"), capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise click.ClickException(found.stderr.strip())
