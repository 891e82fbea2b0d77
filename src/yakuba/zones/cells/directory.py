"""The directory: what all cells together say of where each municipality is. For the people who run the zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from yakuba.base.municipality import municipality_code
from yakuba.zones.cells.file import Cell

FIRST = 2**40  # cell n gives out row numbers from n * FIRST + 1 on


@dataclass(frozen=True, slots=True)
class Place:
    """Where one municipality is: served by ``cell``, and perhaps on its way to ``to``."""

    code: str
    cell: str
    to: str = ""
    phase: str = ""
    progress: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """All places, and the cells that did not answer."""

    places: tuple[Place, ...]
    away: tuple[str, ...]

    def place(self, code: str) -> Place | None:
        """Where ``code`` is, if any cell that answers has it."""
        return next((place for place in self.places if place.code == code), None)


def look(cells: Iterable[Cell]) -> Directory:
    """Ask every cell."""
    seats: dict[str, dict[str, tuple[str, str, str, dict[str, int], datetime]]] = {}
    away = []
    for cell in cells:
        try:
            with cell.owner.connect() as database:
                rows = database.execute(
                    "SELECT code, state, peer, phase, progress, changed_at FROM cell_seat"
                ).fetchall()
        except psycopg.OperationalError:
            away.append(cell.name)
            continue
        for code, *rest in rows:
            seats.setdefault(str(code), {})[cell.name] = tuple(rest)  # type: ignore[assignment]
    return Directory(tuple(_place(code, of) for code, of in sorted(seats.items())), tuple(away))


def _place(code: str, seats: Mapping[str, tuple[str, str, str, dict[str, int], datetime]]) -> Place:
    for cell, (state, peer, phase, _progress, since) in seats.items():
        if state == "here":
            arriving = seats.get(peer, ("", "", "", {}, since))
            return Place(code, cell, peer if phase else "", phase, arriving[3] if phase else {}, since)
    for state, peer, phase, _progress, since in seats.values():
        if state == "left" and seats.get(peer, ("",))[0] == "arriving":
            return Place(code, peer, "", phase, {}, since)
    return Place(code, "", "", "?", {}, None)


def unfinished(cells: Iterable[Cell], code: str) -> str:
    """The cell in which the end of a move of ``code`` (the removal) is still to be done; empty if none."""
    for cell in cells:
        with cell.owner.connect() as database:
            row = database.execute(
                "SELECT peer FROM cell_seat WHERE code = %s AND state = 'left' AND phase <> ''", [code]
            ).fetchone()
        if row:
            return cell.name
    return ""


class PlaceTaken(ValueError):
    """The municipality has a cell already."""


def put(cells: Mapping[str, Cell], code: str, name: str) -> None:
    """Give a municipality that no cell has its place. One at a time: the first cell's lock says who.

    Raises:
        InvalidMunicipalityCode: no such code.
        PlaceTaken: a cell has it; move it instead.
    """
    municipality_code(code)
    first = next(iter(cells.values()))
    with first.owner.connect() as home, home.transaction():
        home.execute("SELECT pg_advisory_xact_lock(7957)")
        found = look(cells.values())
        if found.away:
            raise PlaceTaken(
                f"セル {', '.join(found.away)} が答えません。すべてのセルが動いているときに決めてください。"
            )
        place = found.place(code)
        if place:
            raise PlaceTaken(f"{code} はセル {place.cell} にあります。例: yakuba cells move {code} {name}")
        with cells[name].owner.connect() as database:
            database.execute(
                "INSERT INTO cell_seat (code, state, peer, phase, progress, changed_at) "
                "VALUES (%s, 'here', '', '', '{}', now())",
                [code],
            )


def number_rows(cell: Cell) -> None:
    """Let the cell give out row numbers of its own, so that rows can move without two having the same."""
    floor = cell.number * FIRST
    with cell.owner.connect() as database:
        for (name,) in database.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences "
            "WHERE schemaname = 'public' AND data_type = 'bigint'::regtype AND coalesce(last_value, 0) < %s",
            [floor],
        ).fetchall():
            database.execute("SELECT setval(%s::regclass, %s, false)", [name, floor + 1])
