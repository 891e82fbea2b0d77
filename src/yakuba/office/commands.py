"""``yakuba office …``: who may look at the office's pages, and whose procedures they may write."""

import os
from pathlib import Path

import click
import django
from django.conf import settings

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.office.operators import give_towns, make_operator

_SETTINGS = "yakuba.zones.settings.lgwan"


def _file() -> Path:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()
    return Path(settings.OFFICE_OPERATORS)


@click.group("office")
def office() -> None:
    """組織のページの担当者(LGWAN 区域)。"""


@office.command("operator-add")
@click.argument("name")
@click.option("--town", "towns", multiple=True, help="手続きを作れる自治体のコード。例: 143014")
def operator_add(name: str, towns: tuple[str, ...]) -> None:
    """担当者を加え、最初のパスワードと確認コードの種を一度だけ表示する。"""
    try:
        made = make_operator(_file(), name, towns)
    except InvalidMunicipalityCode as error:
        raise click.ClickException(str(error)) from error
    if made is None:
        raise click.ClickException(
            f"{name} はもういます。自治体を変えるには operator-towns を使ってください。"
        )
    click.echo(f"名前\t{made.name}\nパスワード\t{made.password}\n確認コードの種\t{made.totp}\n{made.uri}")


@office.command("operator-towns")
@click.argument("name")
@click.option(
    "--town", "towns", multiple=True, help="手続きを作れる自治体のコード。1つもなければ、どれも作れない。"
)
def operator_towns(name: str, towns: tuple[str, ...]) -> None:
    """担当者が手続きを作れる自治体を決めなおす。"""
    try:
        known = give_towns(_file(), name, towns)
    except InvalidMunicipalityCode as error:
        raise click.ClickException(str(error)) from error
    if not known:
        raise click.ClickException(f"{name} という担当者はいません。operator-add で加えてください。")
    click.echo(f"{name}: {', '.join(towns) or 'なし'}")
