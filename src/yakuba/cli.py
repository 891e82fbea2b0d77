"""The one command: ``yakuba``."""

import click

from yakuba import __version__
from yakuba.zones.commands import run


@click.group()
@click.version_option(__version__, prog_name="yakuba")
def main() -> None:
    """yakuba (役場): the open digital town hall."""


main.add_command(run)
