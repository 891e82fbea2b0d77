"""What an outside system says to us. The same message twice gets the same answer and does nothing the second time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.casework.handover.errors import DifferentMessage, UnknownBatch
from yakuba.casework.handover.models import Batch, Exchange, Item, OutsideSystem
from yakuba.casework.handover.service import acknowledge, answer, items_sent_to, make_batch

Body = dict[str, Any]
Handler = Callable[[OutsideSystem, Body, datetime], Body]


def receive(system: OutsideSystem, kind: str, message_id: str, body: Body, at: datetime) -> Body:
    """Handle a message once, and return the answer (kept with it, and given again if it comes again).

    Raises:
        DifferentMessage: the id was used before with another body.
        HandoverTrouble: the message cannot be handled; nothing was changed and it may be sent again.
    """
    _one_at_a_time(system, message_id)
    digest = sha256_hex(canonical_bytes({"kind": kind, "body": body}))
    known = Exchange.objects.filter(system=system, message_id=message_id).first()
    if known is not None:
        if known.body_sha256 != digest:
            raise DifferentMessage(
                f"message_id「{message_id}」は別の内容で使われています。新しい内容には新しい番号(例: UUID)を付けてください。"
            )
        return dict(known.answer)
    answered = HANDLERS[kind](system, body, at)
    Exchange.objects.create(
        municipality=system.municipality, system=system, message_id=message_id, kind=kind, at=at, body=body,
        body_sha256=digest, answer=answered,
    )  # fmt: skip
    append(_event(system, f"handover.{kind}", answered))
    return answered


def batch_for(system: OutsideSystem, batch_id: str | UUID) -> Batch:
    """One of the batches this system may see: its own procedures', made for it or for anyone.

    Raises:
        UnknownBatch: there is none.
    """
    found = batches_for(system).filter(pk=batch_id).first()
    if found is None:
        raise UnknownBatch(f"バッチ {batch_id} はありません。GET batches で一覧を確かめてください。")
    return found


def batches_for(system: OutsideSystem) -> models.QuerySet[Batch]:
    """The batches this system may see."""
    mine = models.Q(system=system) | models.Q(system=None)
    return Batch.objects.filter(mine, procedure__in=system.procedures)


def last_statement(system: OutsideSystem) -> tuple[datetime, tuple[str, ...]] | None:
    """When the system last said which cases it has, and which."""
    found = Exchange.objects.filter(system=system, kind="statement").order_by("-at").first()
    return (found.at, tuple(found.body["receipt_numbers"])) if found else None


def _fetch(system: OutsideSystem, body: Body, at: datetime) -> Body:
    procedure = body["procedure"]
    if procedure not in system.procedures:
        raise UnknownBatch(f"このシステムは手続「{procedure}」の連携先として登録されていません。")
    batch = make_batch(procedure, system.format, at, actor(system), system=system)
    return {"batch": str(batch.id), "cases": batch.cases, "files": batch.files}


def _acknowledge(system: OutsideSystem, body: Body, at: datetime) -> Body:
    batch = batch_for(system, body["batch"])
    items = list(Item.objects.select_for_update().filter(batch=batch).order_by("id"))
    stated = {file["name"]: file["sha256"] for file in body["files"]}
    differing = [file["name"] for file in batch.files if stated.get(file["name"]) != file["sha256"]]
    if differing:
        return {"batch": str(batch.id), "acknowledged": 0, "differing_files": differing}
    return {"batch": str(batch.id), "acknowledged": acknowledge(items, at), "differing_files": []}


def _results(system: OutsideSystem, body: Body, at: datetime) -> Body:
    stated: Mapping[str, Body] = {one["receipt_number"]: one for one in body["results"]}
    items = items_sent_to(system, stated)
    for item in items:
        one = stated[item.receipt_number]
        answer(
            item, at, accepted=one["outcome"] == "accepted", outside_number=one["outside_number"], facts=one
        )
    accepted = sum(one["outcome"] == "accepted" for one in stated.values())
    return {"accepted": accepted, "rejected": len(stated) - accepted}


def _statement(_system: OutsideSystem, body: Body, _at: datetime) -> Body:
    return {"noted": len(body["receipt_numbers"])}


HANDLERS: Mapping[str, Handler] = {
    "fetch": _fetch,
    "acknowledge": _acknowledge,
    "results": _results,
    "statement": _statement,
}


def actor(system: OutsideSystem) -> str:
    """The system's name in audit records."""
    return f"system:{system.id}"


def _event(system: OutsideSystem, action: str, answered: Body) -> AuditEvent:
    facts = {key: str(value) for key, value in answered.items() if key not in ("files", "differing_files")}
    return AuditEvent(actor(system), action, f"system:{system.id}", system.municipality, facts)


def _one_at_a_time(system: OutsideSystem, message_id: str) -> None:
    """Two deliveries of one message take turns, so that the second finds the first's answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{system.id} {message_id}"])
