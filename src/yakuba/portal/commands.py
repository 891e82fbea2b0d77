"""``yakuba waiting …``: the waiting room, for the people who run the internet zone. Works while the inner zones are cut off."""

import importlib
import os
from typing import Any

import click
import django

from yakuba.base.clock import now
from yakuba.base.municipality import InvalidMunicipalityCode

_SETTINGS = "yakuba.zones.settings.internet"
_MODES = {"auto": "自動(混んだとき、災害の設定があるとき)", "on": "つねに順番待ち", "off": "順番待ちなし"}


def _room() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()
    return importlib.import_module("yakuba.portal.waiting.room")


@click.command("waiting")
@click.argument("code")
@click.argument("mode", type=click.Choice(list(_MODES)), required=False)
def waiting(code: str, mode: str | None) -> None:
    """市区町村 CODE の窓口の順番待ちを見る・切りかえる(auto / on / off)。"""
    room, tenancy = _room(), importlib.import_module("yakuba.base.tenancy")
    try:
        with tenancy.under(code):
            if mode:
                room.set_mode(code, mode, now())
            seen = room.look(now())
    except InvalidMunicipalityCode as error:
        raise click.ClickException(str(error)) from error
    counts = "、".join(map(str, seen.counts)) or "まだありません"
    click.echo(
        f"{_MODES[seen.mode]}。待っている人: {seen.waiting}人、1分間に入れる人: およそ{seen.rate:.0f}人"
    )
    click.echo(f"この数分に実際に入った人(1分ごと): {counts}")
