"""What the municipality has published about its procedures: open or closed, how signed, disasters declared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yakuba.base.texts import Text


@dataclass(frozen=True, slots=True)
class Disaster:
    """A declared disaster: procedures bound to one are open from its declaration until the day named."""

    id: str
    name: Text
    declared_on: date
    until: date | None
    waiting: bool = False  # people wait in line while it is open


@dataclass(frozen=True, slots=True)
class Published:
    """The settings in force; nothing published yet means every procedure as the definition says, no disaster."""

    procedures: Mapping[str, Mapping[str, Any]]
    disasters: tuple[Disaster, ...]


def published() -> Published:
    """The last settings of the municipality the transaction is under."""
    with (
        connection.cursor() as cursor
    ):  # asked by nearly every page: without the time an ORM query takes to build
        cursor.execute(
            "SELECT procedures::text, disasters::text FROM portal_town_settings ORDER BY id LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return Published({}, ())
    return Published(json.loads(row[0]), tuple(_disaster(one) for one in json.loads(row[1])))


def _disaster(one: Mapping[str, Any]) -> Disaster:
    name = one["name"]
    until = one.get("until")
    return Disaster(
        id=str(one["id"]),
        name=Text(**name) if isinstance(name, Mapping) else Text(str(name), str(name), str(name)),
        declared_on=date.fromisoformat(one["declared_on"]),
        until=date.fromisoformat(until) if until else None,
        waiting=bool(one.get("waiting", False)),
    )


def in_force(disasters: tuple[Disaster, ...], day: date) -> tuple[Disaster, ...]:
    """The disasters for which applications are taken on ``day``."""
    return tuple(
        one for one in disasters if one.declared_on <= day and (one.until is None or day <= one.until)
    )
