"""Doors to services outside (連携アダプター): a decided case goes out as a package, a result comes back.

Which doors there are is a setting (``OUTSIDE_ADAPTERS``: dotted names of classes); each says which procedures it takes.
A package goes out at least once: a door must answer the same receipt number the same way. What a door raises is no
answer: the case stays sent and is tried again at the next sweep, and people see it on the hand-over pages.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.clock import now
from yakuba.base.tenancy import current_municipality, under
from yakuba.base.texts import Text
from yakuba.casework import outward
from yakuba.casework.handover import service, systems
from yakuba.casework.handover.errors import NothingToSend
from yakuba.casework.handover.models import Item, OutsideSystem, State
from yakuba.casework.models import Case
from yakuba.casework.moves import record

_log = logging.getLogger(__name__)
_ACTOR = "zone:mynumber"


class NoAnswer(Exception):
    """A door could not give an answer now; the case is tried again."""


@dataclass(frozen=True, slots=True)
class Package:
    """What goes out of one decided case. ``document`` is all of it as decided (:mod:`handover.record`)."""

    municipality: str
    receipt_number: str
    procedure: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: taken or not, under which number there, and words for the resident."""

    accepted: bool
    number: str
    words: Text


class Adapter(Protocol):
    """One door. ``name`` is shown to clerks; ``procedures`` are the ids it takes."""

    name: str
    procedures: tuple[str, ...]

    def submit(self, package: Package) -> Result:
        """Hand ``package`` over.

        Raises:
            NoAnswer: not now (cut off, busy); anything else raised is treated alike, and told to the log.
        """


def adapters() -> tuple[Adapter, ...]:
    """The doors this installation has."""
    return tuple(import_string(name)() for name in getattr(settings, "OUTSIDE_ADAPTERS", ()))


def push(municipality: str, adapter: Adapter) -> int:
    """Send what is ready, and ask for answers to what was sent; returns how many cases were answered."""
    with under(municipality):
        system = _system(adapter)
        for procedure in adapter.procedures:
            _send_ready(procedure, system)
        waiting: list[UUID] = list(
            Item.objects.filter(batch__system=system, state=State.SENT).values_list("pk", flat=True)
        )
    return sum(_answered(municipality, adapter, pk) for pk in waiting)


def _system(adapter: Adapter) -> OutsideSystem:
    found = OutsideSystem.objects.filter(name=adapter.name, closed_at=None).first()
    if found is not None:
        return found
    event = AuditEvent(
        _ACTOR, "handover.system_made", f"system:{adapter.name}", current_municipality(), {"kind": "adapter"}
    )
    return systems.register(adapter.name, list(adapter.procedures), "jsonl", event)[0]


def _send_ready(procedure: str, system: OutsideSystem) -> None:
    try:
        service.make_batch(procedure, "jsonl", now(), _ACTOR, system=system)
    except NothingToSend:
        return


def _answered(municipality: str, adapter: Adapter, pk: UUID) -> bool:
    """One case in one transaction: its row is locked while the door is asked, so that two sweeps never both ask."""
    try:
        with under(municipality):
            item = Item.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.SENT).first()
            if item is None:
                return False
            package = Package(municipality, item.receipt_number, item.procedure, item.document)
            _keep(item, adapter.submit(package), adapter.name, now())
            return True
    except Exception as problem:  # noqa: BLE001 - a door may fail in any way; the case stays sent
        _log.warning("outside.no_answer %s %s: %s", adapter.name, pk, type(problem).__name__)
        return False


def _keep(item: Item, result: Result, door: str, at: datetime) -> None:
    """The answer into the hand-over, the case's history, and to the resident."""
    facts = {"words": result.words.ja}
    service.answer(item, at, accepted=result.accepted, outside_number=result.number, facts=facts)
    case = Case.objects.filter(pk=item.case_id).first()
    event = AuditEvent(
        _ACTOR,
        "outside.answered",
        f"case:{item.case_id}",
        item.municipality,
        {"accepted": str(result.accepted)},
    )
    if case is not None:
        taken = "受け付けられた" if result.accepted else "受け付けられなかった"
        record(case, "outside_answer", f"{door}: {taken}({result.number or '番号なし'})", None, at)
    if case is not None and item.document.get("outcome") == "granted":
        outward.tell_status(case, "decided", at, event, result.words)
    else:  # a refusal goes out too, but its notice is all the resident needs to hear
        append(event)
