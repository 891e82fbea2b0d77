"""What both ends of a link do: offer what waits for the neighbour, note what it took, take in what it brings.

The gateway server does this when called, the relay when it calls; nothing here knows which of the two it is.
"""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base import cells
from yakuba.base.tenancy import under
from yakuba.gateway import inbox, outbox, pending, slips, transit
from yakuba.gateway.envelope import Envelope, read_envelope
from yakuba.gateway.errors import BrokenMessage, BrokenSlip, MissingBlob, PeerAway
from yakuba.gateway.message import SealedMessage, open_sealed, with_clean_files
from yakuba.gateway.rows import binary_rows
from yakuba.gateway.wire import BATCH_BYTES, BATCH_MESSAGES, Parcel

Fetch = Callable[[Envelope], Mapping[str, bytes]]
"""Gets the bytes, by digest, of those of a message's files that are not kept here yet."""

_log = logging.getLogger(__name__)
_UNREADABLE = uuid.UUID(int=0)
"""Stands for the number of a message that cannot be read out of its bytes."""
_SELECT = {
    "outbox": "SELECT message, document, seal, NULL, NULL FROM gateway_outbox "
    "WHERE municipality = %s AND message = ANY(%s) ORDER BY id",
    "transit": "SELECT message, document, seal, transit, transit_seal FROM gateway_transit "
    "WHERE municipality = %s AND message = ANY(%s) ORDER BY id",
}


def waits(hop: str) -> bool:
    """Whether anything is due for the neighbour ``hop``: one small question."""
    return any(cells.everywhere(lambda: _waits(hop)))


def _waits(hop: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM gateway_pending WHERE queue = %s AND due_at <= now() {cells.only_here()}) "  # noqa: S608 - constants
            "OR EXISTS (SELECT FROM gateway_slip WHERE next_hop = %s)",
            [hop, hop],
        )
        return bool(cursor.fetchone()[0])


def offer(hop: str) -> Parcel:
    """The next batch that waits for the neighbour ``hop``, of one cell; empty if nothing does."""
    batches = cells.each(lambda: _offer(hop))
    return next((batch for batch in batches if batch.messages or batch.slips), Parcel())


def _offer(hop: str) -> Parcel:
    parcel = Parcel(slips=slips.waiting_for(hop, 4 * BATCH_MESSAGES))
    items = pending.due(hop, BATCH_MESSAGES)
    size = 0
    for municipality, group in pending.by_municipality(items).items():
        with under(municipality):
            for message in _stored(municipality, group):
                size += len(message.document)
                if parcel.messages and size > BATCH_BYTES:
                    return parcel
                parcel.messages.append(message)
    return parcel


def _stored(municipality: str, items: list[pending.Item]) -> list[SealedMessage]:
    found: list[SealedMessage] = []
    for role, query in _SELECT.items():
        numbers = [item.message for item in items if item.role == role]
        if numbers:
            rows = binary_rows(query, [municipality, numbers])
            found += [SealedMessage(*(bytes(part or b"") for part in row[1:])) for row in rows]
    return found


def note_taken(parcel: Parcel, hop: str) -> None:
    """The neighbour has these safely (or refused them for good): they no longer wait for it."""
    cells.everywhere(lambda: _note_taken(parcel, hop))


def _note_taken(parcel: Parcel, hop: str) -> None:
    slips.taken(parcel.taken_slips, hop)
    if parcel.taken_messages:
        for municipality, group in pending.by_municipality(pending.of(parcel.taken_messages, hop)).items():
            with under(municipality):
                _taken(municipality, group)
    for message, fault in parcel.refused:
        for item in pending.of([message], hop):
            with under(item.municipality):
                pending.set_aside(item.message, item.role, fault)
        if message == _UNREADABLE:
            _set_aside_unreadable(hop)
    for message, fault in parcel.later:
        for item in pending.of([message], hop):
            with under(item.municipality):
                pending.again_later(item, fault)


def _set_aside_unreadable(hop: str) -> None:
    """The neighbour was offered something it cannot even name: find what was spoiled here, or it is offered for ever."""
    for municipality, group in pending.by_municipality(pending.due(hop, BATCH_MESSAGES)).items():
        with under(municipality):
            for item in group:
                for message in _stored(municipality, [item]):
                    try:
                        open_sealed(message)
                    except BrokenMessage as error:
                        pending.set_aside(item.message, item.role, type(error).__name__)


def note_not_taken(parcel: Parcel, hop: str) -> None:
    """The neighbour says, after a broker has taken these for it, that it refuses them or wants them again later."""
    cells.everywhere(lambda: _note_not_taken(parcel, hop))


def _note_not_taken(parcel: Parcel, hop: str) -> None:
    for message, fault in parcel.refused:
        for item in _with(message, hop):
            with under(item.municipality):
                pending.set_aside(item.message, item.role, fault)
    for message, fault in parcel.later:
        for item in _with(message, hop):
            with under(item.municipality):
                pending.back_to(item, hop, fault)


def _with(message: uuid.UUID, hop: str) -> list[pending.Item]:
    return [item for queue in (hop, "receipt", "passed") for item in pending.of([message], queue)]


def _taken(municipality: str, items: list[pending.Item]) -> None:
    outgoing = [item.message for item in items if item.role == "outbox"]
    passing = [item.message for item in items if item.role == "transit"]
    if outgoing:
        outbox.mark_taken(municipality, outgoing)
        pending.move(outgoing, "outbox", "receipt", pending.REMIND_AFTER)
    if passing:
        transit.mark_passed(municipality, passing)
        pending.move(passing, "transit", "passed")


def take_in(parcel: Parcel) -> Parcel:
    """Keep everything the neighbour brings; the answer says what it may forget and what we refuse for good."""
    answer = Parcel()
    for message in parcel.messages:
        take_message(message, answer)
    take_slips([slip for _number, slip in parcel.slips])
    answer.taken_slips += [number for number, _slip in parcel.slips]
    return answer


def take_message(message: SealedMessage, answer: Parcel, fetch: Fetch | None = None) -> None:
    """Keep one message, and note in ``answer`` how that went: one that fails does not stop the others.

    Args:
        fetch: gets the files of a message that is for this zone, if they have to be got.

    Raises:
        OperationalError, InterfaceError: the database went away.
        PeerAway: the files could not be got now.
    """
    number = _UNREADABLE
    try:
        number = read_envelope(message.document).id
        _keep(open_sealed(message), message, fetch)
        answer.taken_messages.append(number)
    except BrokenMessage as error:
        _log.warning("message %s refused: %s", number, error)
        answer.refused.append((number, type(error).__name__))
    except (OperationalError, InterfaceError, PeerAway):
        raise
    except Exception as error:  # noqa: BLE001 - reported to the neighbour, which offers the message again later
        _log.warning("message %s not taken now: %s", number, type(error).__name__)
        answer.later.append((number, type(error).__name__))


def _keep(envelope: Envelope, message: SealedMessage, fetch: Fetch | None) -> None:
    if envelope.recipient != settings.ZONE:
        transit.take_in(envelope, message)
        return
    arrived = with_clean_files(envelope, message)
    files: Mapping[str, bytes] = {}
    if fetch and arrived.attachments:
        # gone at the sender: then it had our receipt, and the inbox will find that it has the message already
        with suppress(MissingBlob):
            files = fetch(arrived)
    inbox.take_in(arrived, message, files)


def take_slips(batch: Sequence[slips.SealedSlip]) -> None:
    """As :func:`take_slip` for each; those about one municipality in one transaction, so that many cost one commit.

    Acting on a slip twice changes nothing, so where a transaction fails each slip is taken by itself.
    """
    for municipality, group in _by_municipality(batch).items():
        if not municipality or len(group) == 1:
            _one_by_one(group)
            continue
        try:
            with under(municipality):
                _one_by_one(group)
        except DatabaseError:
            _one_by_one(group)


def _one_by_one(group: Sequence[slips.SealedSlip]) -> None:
    for slip in group:
        take_slip(slip)


def _by_municipality(batch: Sequence[slips.SealedSlip]) -> dict[str, list[slips.SealedSlip]]:
    """Genuine receipts by the municipality they are about, everything else under no name."""
    groups: dict[str, list[slips.SealedSlip]] = {}
    for slip in batch:
        municipality = ""
        with suppress(BrokenSlip):
            content = slips.read_slip(slip)
            municipality = content.municipality if isinstance(content, slips.Receipt) else ""
        groups.setdefault(municipality, []).append(slip)
    return groups


def take_slip(slip: slips.SealedSlip) -> None:
    """Pass a slip on, or act on it. One that is not genuine has no effect, leaves a record, and blocks nothing."""
    try:
        content = slips.read_slip(slip)
    except BrokenSlip as error:
        _refuse_slip(str(error))
        return
    if content.recipient != settings.ZONE:
        if isinstance(content, slips.Receipt):
            transit.receipt_passed(content, slip)
        slips.forward(*slips.slip_key(content), content.recipient, slip)
    elif isinstance(content, slips.Head):
        slips.witness(content, slip)
    else:
        outbox.close(content, slip)


def _refuse_slip(problem: str) -> None:
    _log.warning("slip refused: %s", problem)
    with transaction.atomic():
        log.append(
            AuditEvent(f"zone:{settings.ZONE}", "slip.refused", "gateway", "", {"problem": problem[:200]})
        )
