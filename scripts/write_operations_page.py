"""Write the table of commands in docs/operations.md from the program itself; a test compares."""

from collections.abc import Iterator
from pathlib import Path

import click

from yakuba.cli import main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
_BEGIN, _END = "<!-- commands -->\n", "<!-- end of commands -->"


def with_commands(page: str) -> str:
    """``page`` with the table between its markers as it should be."""
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    rows = "".join(f"| `{name}` | {words} |\n" for name, words in sorted(_commands(main, "yakuba")))
    return f"{before}{_BEGIN}| command | what it does |\n|---|---|\n{rows}{_END}{after}"


def _commands(group: click.Group, prefix: str) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", (command.help or "").split("\n")[0].replace("|", "/")


if __name__ == "__main__":
    PAGE.write_text(with_commands(PAGE.read_text()))
