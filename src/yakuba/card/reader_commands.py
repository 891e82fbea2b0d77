"""``yakuba card readers`` and ``yakuba card present``: what lies on this machine's readers, and a virtual one."""

from pathlib import Path

import click

from yakuba.card.applet import Applet
from yakuba.card.emulated import EmulatedCard
from yakuba.card.interface import CardError
from yakuba.card.pcsc.readers import card_on, reader_names
from yakuba.card.virtual_reader import VPCD_PORT, VirtualReader


@click.command("readers")
def readers() -> None:
    """この端末のカードリーダーと、のっているカードの暗証番号の残り回数。"""
    names = reader_names()
    if not names:
        click.echo("カードリーダーが見つかりません。Linux では pcscd が動いているか確かめてください。")
    for name in names:
        try:
            one = card_on(name)
            click.echo(
                f"{name}\t署名用 あと{one.tries_left('sign')}回\t利用者証明用 あと{one.tries_left('auth')}回"
            )
        except CardError as problem:
            click.echo(f"{name}\t{problem}")


@click.command("present")
@click.argument("card", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(1, 65_535), default=VPCD_PORT, show_default=True)
def present(card: Path, port: int) -> None:
    """模擬カードを仮想カードリーダー(vsmartcard の vpcd)にのせる。Ctrl-C で取り出す。"""
    try:
        reader = VirtualReader(Applet(EmulatedCard.load(card)), port=port)
    except CardError as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"仮想カードリーダーがポート {port} にありません({problem.strerror})。pcscd と vsmartcard-vpcd を入れて起動してください。"
        ) from problem
    click.echo("カードをのせました。Ctrl-C で取り出します。")
    try:
        reader.serve()
    except KeyboardInterrupt:
        reader.close()


READER_COMMANDS = (readers, present)
