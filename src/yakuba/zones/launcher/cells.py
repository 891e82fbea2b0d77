"""The embedded town hall in cells (``YAKUBA_RUN_CELLS``): several clusters a zone, and the file that names them.

Like an operator's own installation (docs/operations.md), only that the launcher writes the file: the first cell is the cluster a town
hall without cells has, so one can begin with one and add cells later. A cell that was made stays until its municipalities are moved out.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from yakuba.base.files import write_new
from yakuba.zones.cells.directory import look, number_rows, put
from yakuba.zones.cells.file import Cell, read_cells
from yakuba.zones.launcher.home import ZONES, Home
from yakuba.zones.launcher.troubles import PlaceTrouble
from yakuba.zones.postgres import APP, OWNER, Cluster

VARIABLE = "YAKUBA_RUN_CELLS"
HOME = "home"
MOST = 8


def cells_wanted(home: Home) -> int:
    """How many cells a zone: as the variable says, or as many as there have been.

    Raises:
        PlaceTrouble: no number the launcher can do, or fewer than hold municipalities.
    """
    there = len(_named(home, ZONES[0]))
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return max(1, there)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise PlaceTrouble(
            f"{VARIABLE} は 1 から {MOST} の数字です(いまは「{text}」)。例: {VARIABLE}=2 make run"
        )
    if int(text) < there:
        raise PlaceTrouble(
            f"この役場はすでにセル {there} つで動いています。減らすと、そこにある市区町村に届かなくなります。\n"
            f"例: {VARIABLE}={there} make run"
        )
    return int(text)


def names(count: int) -> tuple[str, ...]:
    """The cells by name: home, c2, c3, …"""
    return (HOME, *(f"c{number}" for number in range(2, count + 1)))


def cluster_of(home: Home, zone: str, cell: str) -> Cluster:
    """The cluster of one cell; the first is where a zone without cells has its own."""
    return Cluster(home.zone(zone) / ("postgres" if cell == HOME else f"postgres-{cell}"))


def file_of(home: Home, zone: str) -> Path:
    """The file that names the zone's cells; not there as long as it has one."""
    return home.zone(zone) / "cells.yaml"


def environment(home: Home, zone: str) -> dict[str, str]:
    """What the zone's processes are told of its cells."""
    file = file_of(home, zone)
    return {"YAKUBA_CELLS": str(file)} if file.exists() else {}


def write_file(home: Home, zone: str, clusters: Mapping[str, Cluster], database: str) -> None:
    """Name the cells as they are now. Passwords stay in files of their own."""
    rows = {}
    for number, (name, cluster) in enumerate(clusters.items()):
        app = cluster.as_app(database)
        rows[name] = {
            "number": number, "host": app.host, "port": int(app.port), "database": database,
            "password_file": _kept(home, zone, f"{name}-{APP}", app.password),
            "owner_password_file": _kept(home, zone, f"{name}-{OWNER}", cluster.as_owner(database).password),
        }  # fmt: skip
    file_of(home, zone).write_text(yaml.safe_dump({"cells": rows}, sort_keys=False))


def _kept(home: Home, zone: str, name: str, password: str) -> str:
    folder = home.zone(zone) / "cells"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_new(folder / name, password.encode())
    return str(folder / name)


def settle(home: Home, zone: str, codes: Sequence[str], *, fresh: bool) -> None:
    """Give every municipality that has no cell one: in a new town hall by turns, else the first, where its rows are."""
    cells = read_cells(str(file_of(home, zone)))
    for cell in cells.values():
        number_rows(cell)
    placed = {one.code for one in look(cells.values()).places}
    turns = list(cells) if fresh else [next(iter(cells))]
    for number, code in enumerate(codes):
        if code not in placed:
            put(cells, code, turns[number % len(turns)])


def zones_in_cells(home: Home) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Each zone of an embedded town hall that has cells, with them."""
    for zone in ZONES:
        if file_of(home, zone).exists():
            yield zone, read_cells(str(file_of(home, zone)))


def _named(home: Home, zone: str) -> Mapping[str, object]:
    file = file_of(home, zone)
    return yaml.safe_load(file.read_text())["cells"] if file.exists() else {}
