"""The one command: ``yakuba``."""

import click

from yakuba import __version__
from yakuba.card.commands import card, card_agent
from yakuba.zones.commands import run


@click.group()
@click.version_option(__version__, prog_name="yakuba")
def main() -> None:
    """yakuba (役場): the open digital town hall."""


for command in (run, card_agent, card):
    main.add_command(command)
