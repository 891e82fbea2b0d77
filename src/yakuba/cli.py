"""The one command: ``yakuba``."""

import click


@click.group()
def main() -> None:
    """yakuba (役場): the open digital town hall."""
