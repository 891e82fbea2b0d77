"""The one command: ``yakuba``."""

import click

from yakuba import __version__
from yakuba.card.commands import card, card_agent
from yakuba.card.verifying.command import verify
from yakuba.casework.commands import desk
from yakuba.casework.notices.key_commands import notice_keys
from yakuba.demo import commands as demo_commands
from yakuba.gateway.broker.commands import broker
from yakuba.gateway.commands import audit, gateway
from yakuba.office.commands import office
from yakuba.portal.commands import waiting
from yakuba.registers.commands import registers
from yakuba.zones.cells.commands import cells
from yakuba.zones.commands import run
from yakuba.zones.play.commands import in_zone, play
from yakuba.zones.play.renewing import renew
from yakuba.zones.topology_commands import zones


@click.group()
@click.version_option(__version__, prog_name="yakuba")
def main() -> None:
    """yakuba (役場): the open digital town hall."""


@main.group("demo")
def demo() -> None:
    """架空の町と登場人物、そして実演。"""


for command in (
    demo_commands.people,
    demo_commands.load,
    demo_commands.prepare,
    demo_commands.code,
    play,
    renew,
):
    demo.add_command(command)
for command in (
    run,
    in_zone,
    verify,
    audit,
    gateway,
    broker,
    card_agent,
    card,
    notice_keys,
    desk,
    office,
    waiting,
    registers,
    zones,
    cells,
    demo,
):
    main.add_command(command)
