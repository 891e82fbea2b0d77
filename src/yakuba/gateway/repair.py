"""What people may do about messages that were set aside: try again."""

import uuid

from django.conf import settings
from django.db import connection

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base import cells
from yakuba.base.tenancy import under
from yakuba.gateway import pending
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.message import needs_sanitising
from yakuba.gateway.routes import next_hop
from yakuba.gateway.rows import binary_rows

_TABLES = {"outbox": "gateway_outbox", "transit": "gateway_transit", "inbox": "gateway_inbox"}


def dead(limit: int = 200) -> list[pending.Item]:
    """The messages of this zone that were set aside, oldest first."""
    return [item for items in cells.everywhere(lambda: pending.due("dead", limit)) for item in items][:limit]


def retry(message: uuid.UUID, actor: str) -> bool:
    """Put a message that was set aside back to work; ``False`` if there is none of this number.

    Args:
        actor: who asked for it, for the audit record.
    """
    for item in (item for items in cells.everywhere(lambda: pending.of([message], "dead")) for item in items):
        with under(item.municipality):
            pending.move([message], item.role, _queue(item))
            if item.role == "inbox":
                _wait_again(item)
            log.append(AuditEvent(actor, "message.retried", f"message:{message}", item.municipality))
        return True
    return False


def _queue(item: pending.Item) -> str:
    if item.role == "inbox":
        return "inbox"
    rows = binary_rows(
        f"SELECT document{', transit' if item.role == 'transit' else ''} FROM {_TABLES[item.role]} "  # noqa: S608 - constants
        "WHERE municipality = %s AND message = %s",
        [item.municipality, item.message],
    )
    envelope = read_envelope(bytes(rows[0][0]))
    if item.role == "transit" and needs_sanitising(envelope) and not rows[0][1]:
        return "sanitise"
    return next_hop(settings.ZONE, envelope.recipient)


def _wait_again(item: pending.Item) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_inbox SET state = 'waiting' WHERE municipality = %s AND message = %s AND state = 'dead'",
            [item.municipality, item.message],
        )
