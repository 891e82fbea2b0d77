"""Handing over: cases come in when decided, go out in batches, and are acknowledged, answered or rejected.

Every function works in the caller's transaction under the municipality and writes its audit event last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.base.canonical import sha256_hex
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import current_municipality
from yakuba.casework.handover.batching import MANIFEST, Files, make_files
from yakuba.casework.handover.errors import NothingToSend, UnknownCases, UnknownFormat, WrongMove
from yakuba.casework.handover.formats import FORMATS, Format
from yakuba.casework.handover.mapping import table_for
from yakuba.casework.handover.models import Batch, Item, OutsideSystem, Passage, State
from yakuba.casework.handover.record import DecidedCase, document
from yakuba.gateway import blobs

MOST_CASES = 10_000
"""In one batch: a file a clerk can still open, made in a few seconds."""
_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson", "json": "application/json"}


def hand_over(case: DecidedCase, at: datetime, audit: AuditEvent) -> Item:
    """Take in a decided case; taken in already, it stays as it is.

    Raises:
        NoMapping: its procedure has no mapping table.
    """
    table_for(case.procedure)
    municipality = current_municipality()
    item, fresh = Item.objects.get_or_create(
        municipality=municipality,
        case_id=case.case_id,
        defaults={
            "procedure": case.procedure,
            "receipt_number": case.receipt_number,
            "state_at": at,
            "document": document(case, municipality),
        },
    )
    if fresh:
        append(audit)
    return item


def make_batch(
    procedure: str, format_id: str, at: datetime, actor: str, *, system: OutsideSystem | None = None
) -> Batch:
    """Make files of all cases of a procedure that are ready; they are sent from now on, or held with the reason.

    Cases another caller is just taking are left to it.

    Raises:
        NothingToSend: no case is ready.
        UnknownFormat, NoMapping: see those.
    """
    form = _format(format_id)
    items = list(
        Item.objects.select_for_update(skip_locked=True)
        .filter(procedure=procedure, state=State.READY)
        .order_by("id")[:MOST_CASES]
    )
    if not items:
        raise NothingToSend("送信していない申請はありません。決定した申請があると、ここに現れます。")
    batch = Batch(
        id=uuid7(), municipality=current_municipality(), procedure=procedure, format=form.id,
        made_by=actor, made_at=at, system=system,
    )  # fmt: skip
    files = make_files(
        table_for(procedure), form, [item.document for item in items], batch=str(batch.id), at=at
    )
    _store(batch, files)
    _move_out(items, batch, files, at)
    facts = {"procedure": procedure, "cases": str(batch.cases), "held": str(len(files.held))}
    append(AuditEvent(actor, "handover.batch_made", f"batch:{batch.id}", batch.municipality, facts))
    return batch


def file_of(batch: Batch, name: str) -> bytes:
    """One file of a batch.

    Raises:
        KeyError: the batch has no such file.
    """
    for file in batch.files:
        if file["name"] == name:
            return blobs.read(batch.municipality, file["sha256"])
    raise KeyError(name)


def acknowledge(items: Sequence[Item], at: datetime) -> int:
    """受領: the outside system has the cases. Acknowledged or answered already, they stay so; returns how many moved.

    Raises:
        WrongMove: some were not sent; none is changed.
    """
    wrong = [one.receipt_number for one in items if one.state in (State.READY, State.HELD)]
    if wrong:
        raise WrongMove(
            f"送信中でない申請は受領にできません: {'、'.join(wrong[:20])}。1件も処理していません。"
        )
    waiting = [one.pk for one in items if one.state == State.SENT]
    return Item.objects.filter(pk__in=waiting).update(state=State.ACKNOWLEDGED, state_at=at)


def answer(
    item: Item, at: datetime, *, accepted: bool, outside_number: str, facts: Mapping[str, Any]
) -> None:
    """結果の返却: what the outside system made of a case. A later answer replaces an earlier one.

    Raises:
        WrongMove: the case was not sent.
    """
    if item.state in (State.READY, State.HELD):
        raise WrongMove(f"{item.receipt_number} は送信していません。")
    item.state, item.state_at = (State.RETURNED if accepted else State.REJECTED), at
    item.outside_number, item.result = outside_number, dict(facts)
    item.save(update_fields=["state", "state_at", "outside_number", "result"])


def send_again(item: Item, at: datetime, audit: AuditEvent) -> None:
    """Put a held or rejected case back among those ready (after the mapping or the other side was put right).

    Raises:
        WrongMove: it is neither held nor rejected.
    """
    if item.state not in (State.HELD, State.REJECTED):
        raise WrongMove(f"{item.receipt_number} は保留でも不受理でもありません。")
    item.state, item.state_at, item.batch, item.problem = State.READY, at, None, []
    item.save(update_fields=["state", "state_at", "batch", "problem"])
    append(audit)


def items_sent_to(system: OutsideSystem, receipt_numbers: Iterable[str]) -> list[Item]:
    """The cases with these numbers, locked, in the order given.

    Raises:
        UnknownCases: some were never sent to this system.
    """
    wanted = list(dict.fromkeys(receipt_numbers))
    found = {
        item.receipt_number: item
        for item in Item.objects.select_for_update()
        .filter(receipt_number__in=wanted, batch__isnull=False, procedure__in=system.procedures)
        .order_by("id")
    }
    unknown = [number for number in wanted if number not in found]
    if unknown:
        raise UnknownCases(unknown)
    return [found[number] for number in wanted]


def _format(format_id: str) -> Format:
    if format_id not in FORMATS:
        raise UnknownFormat(f"形式「{format_id}」はありません。使えるのは {'、'.join(FORMATS)} です。")
    return FORMATS[format_id]


def _store(batch: Batch, files: Files) -> None:
    for name, data in files.files.items():
        blobs.put(
            batch.municipality, data, slot="handover", filename=name, media_type=media_type(name),
            holder=f"handover:{batch.id}",
        )  # fmt: skip
    listed = [
        {"name": name, "size": len(data), "sha256": sha256_hex(data)} for name, data in files.files.items()
    ]
    batch.files = sorted(listed, key=lambda file: file["name"] != MANIFEST)
    batch.cases = len(files.included)
    batch.save(force_insert=True)


def media_type(name: str) -> str:
    """The media type of a file by its suffix."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _move_out(items: Sequence[Item], batch: Batch, files: Files, at: datetime) -> None:
    sent: list[UUID] = []
    for item in items:
        difficulties = files.held.get(item.receipt_number)
        if difficulties is None:
            sent.append(item.pk)
            continue
        item.state, item.state_at = State.HELD, at
        item.problem = [asdict(one) for one in difficulties]
        item.save(update_fields=["state", "state_at", "problem"])
    Item.objects.filter(pk__in=sent).update(state=State.SENT, state_at=at, batch=batch)
    Passage.objects.bulk_create(
        Passage(municipality=batch.municipality, batch=batch, item_id=item) for item in sent
    )
