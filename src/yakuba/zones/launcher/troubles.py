"""What can keep the town hall from starting, said so that whoever typed `make run` can mend it.

Trouble
├── PlaceTrouble      the folder cannot be used: not writable, disk full, out of the database server's reach
├── PortTrouble       an address is taken
├── NoPort            ``YAKUBA_PORT_BASE`` cannot be used
├── AlreadyRunning    this folder's town hall is up already
└── PartTrouble       a part did not start, with the end of its log
"""

from pathlib import Path


class Trouble(RuntimeError):
    """Base of all: its text is shown as it is, without a traceback."""


class PlaceTrouble(Trouble):
    """The home folder cannot be used."""


class PortTrouble(Trouble):
    """A port the town hall needs is taken by another program."""

    def __init__(self, port: int, base: int) -> None:
        self.port = port
        super().__init__(
            f"ポート {port} はほかのプログラムが使っています。空いている番号から始めてください。\n"
            f"例: YAKUBA_PORT_BASE={base + 1000 if base < 64_000 else 9100} make run"
        )


class NoPort(Trouble):
    """The first port that was asked for is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"YAKUBA_PORT_BASE={text} は使えません。1024 から 65526 までの番号を指定してください。\n"
            "例: YAKUBA_PORT_BASE=9100 make run"
        )


class AlreadyRunning(Trouble):
    """Another launcher holds the home folder."""

    def __init__(self, home: Path, pid: str) -> None:
        self.home, self.pid = home, pid
        super().__init__(
            f"この役場({home})はすでに動いています(プロセス {pid})。止めるにはそちらで Ctrl-C を押してください。\n"
            "もう一つ動かすには例のようにします: YAKUBA_HOME=/tmp/second YAKUBA_PORT_BASE=9100 make run"
        )


class PartTrouble(Trouble):
    """A part ended or did not become ready."""

    def __init__(self, name: str, log: Path) -> None:
        self.name, self.log = name, log
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:]) if log.exists() else ""
        super().__init__(f"「{name}」を起動できませんでした。記録: {log}\n{tail}")
