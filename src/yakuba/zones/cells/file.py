"""The file that names a zone's cells (``YAKUBA_CELLS``).

cells:
  home:                      # the zone's first database (YAKUBA_DATABASE_HOST …); sessions and the relay's lock stay there
    number: 0
    owner_password_file: /run/secrets/home-owner     # read by `yakuba cells` only
  c2:
    number: 1                # never used twice: rows get numbers from n * 2^40 on, so that they can move
    host: 10.1.2.7
    port: 5432
    database: yakuba
    password_file: /run/secrets/c2-app
    owner_password_file: /run/secrets/c2-owner
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yakuba.zones.postgres import APP, OWNER, Connection

_NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
MOST_CELLS = 4096


class CellsFileWrong(ValueError):
    """The file cannot be used; the text says where and how it is right."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a database of its own. ``number`` decides which row numbers it gives out."""

    name: str
    number: int
    app: Connection
    owner_password_file: str

    @property
    def owner(self) -> Connection:
        """As the tables' owner: for ``yakuba cells`` only.

        Raises:
            CellsFileWrong: the owner's password file is not named or not there.
        """
        return Connection(
            self.app.host,
            self.app.port,
            self.app.database,
            OWNER,
            _password(self.name, self.owner_password_file),
        )


def read_cells(path: str | None = None) -> dict[str, Cell]:
    """The cells of the file ``path`` (or of ``YAKUBA_CELLS``) in its order; empty where none is named.

    Raises:
        CellsFileWrong: with what is wrong and a right example.
    """
    path = os.environ.get("YAKUBA_CELLS", "") if path is None else path
    if not path:
        return {}
    try:
        rows = yaml.safe_load(Path(path).read_text(encoding="utf-8"))["cells"]
        made = [
            _cell(str(name), dict(row or {}), first=place == 0)
            for place, (name, row) in enumerate(rows.items())
        ]
    except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError, ValueError) as error:
        if isinstance(error, CellsFileWrong):
            raise
        raise CellsFileWrong(
            f"{path} を読めません({type(error).__name__}: {error})。例:\ncells:\n  home: {{number: 0}}\n"
            "  c2: {number: 1, host: 10.1.2.7, port: 5432, database: yakuba, password_file: /run/secrets/c2-app}"
        ) from error
    numbers = [cell.number for cell in made]
    if len(set(numbers)) != len(numbers):
        raise CellsFileWrong(
            f"{path}: number が重なっています({numbers})。セルごとに違う番号にします。例: 0, 1, 2"
        )
    return {cell.name: cell for cell in made}


def _cell(name: str, row: dict[str, Any], *, first: bool) -> Cell:
    if not _NAME.fullmatch(name):
        raise CellsFileWrong(f"セルの名前「{name}」は使えません。英小文字と数字で20字までです。例: c2")
    number = row.get("number")
    if not isinstance(number, int) or not 0 <= number < MOST_CELLS:
        raise CellsFileWrong(f"セル {name}: number は 0 から {MOST_CELLS - 1} の整数です。例: number: 1")
    app = from_environment(os.environ) if first and "host" not in row else _from_row(name, row)
    return Cell(name, number, app, str(row.get("owner_password_file", "")))


def from_environment(environment: Mapping[str, str]) -> Connection:
    """The database of ``YAKUBA_DATABASE_HOST`` and its companions."""
    return Connection(
        environment.get("YAKUBA_DATABASE_HOST", "127.0.0.1"),
        environment.get("YAKUBA_DATABASE_PORT", "5432"),
        environment.get("YAKUBA_DATABASE_NAME", "yakuba"),
        environment.get("YAKUBA_DATABASE_ROLE", APP),
        environment.get("YAKUBA_DATABASE_PASSWORD", ""),
    )


def _from_row(name: str, row: dict[str, Any]) -> Connection:
    missing = [key for key in ("host", "password_file") if not row.get(key)]
    if missing:
        raise CellsFileWrong(f"セル {name}: {', '.join(missing)} がありません。例: host: 10.1.2.7")
    return Connection(
        str(row["host"]), str(row.get("port", 5432)), str(row.get("database", "yakuba")), APP,
        _password(name, str(row["password_file"])),
    )  # fmt: skip


def _password(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CellsFileWrong(
            f"セル {name}: パスワードのファイル「{path}」を読めません({error.strerror})。"
            "例: owner_password_file: /run/secrets/c2-owner"
        ) from error
