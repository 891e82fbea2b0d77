"""The state of a zone's gateway, for people: numbers, states and times; what a message says is not in it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection

from yakuba.audit import log
from yakuba.audit.models import WitnessedHead
from yakuba.base import cells
from yakuba.base.tenancy import under
from yakuba.gateway import served
from yakuba.gateway.models import Link, TransitMessage


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits where, and since when the oldest."""

    name: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """One look at the gateway of this zone."""

    queues: list[Queue]
    links: list[Link]
    head: tuple[int, str]
    witnessed: list[WitnessedHead]
    municipalities: list[str]


def look() -> Overview:
    """The present state, over all cells."""
    newest = WitnessedHead.objects.order_by("zone", "-sequence").distinct("zone")
    return Overview(
        _queues(),
        list(Link.objects.order_by("peer")),
        log.head(),
        list(newest),
        sorted({code for codes in cells.everywhere(served.codes) for code in codes}),
    )


def passed(municipality: str, limit: int = 100) -> list[dict[str, Any]]:
    """The newest messages of a municipality that came through here, with what the sanitiser did. File names are left
    out: residents put their names into them."""
    with under(municipality):
        rows = TransitMessage.objects.order_by("-id")[:limit].values(
            "message", "kind", "sender", "recipient", "state", "arrived_at", "passed_at", "evidence"
        )
        return [{**row, "files": [_file(ref) for ref in row["evidence"]]} for row in rows]


def _file(ref: dict[str, Any]) -> dict[str, Any]:
    return {
        **(ref.get("evidence") or {}),
        "media_type": ref["media_type"],
        "size": ref["size"],
        "refused": ref["refused"],
    }


def _queues() -> list[Queue]:
    found: dict[str, list[Queue]] = {}
    for queue in chain.from_iterable(cells.everywhere(_queues_here)):
        found.setdefault(queue.name, []).append(queue)
    return [
        Queue(name, sum(one.count for one in same), min(one.oldest for one in same))
        for name, same in sorted(found.items())
    ]


def _queues_here() -> list[Queue]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue, count(*), min(due_at) FROM gateway_pending WHERE true "  # noqa: S608 - constants
            f"{cells.only_here()} GROUP BY queue ORDER BY queue"
        )
        return [Queue(*row) for row in cursor.fetchall()]
