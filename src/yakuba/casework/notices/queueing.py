"""The worker's queue, seen from the service: jobs are written in the caller's transaction, and name tasks by name."""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

MAKE = "notices.make"


def make_soon(municipality: str, notice_id: UUID) -> None:
    """Queue the making of a notice, unless it is in the queue. If the caller's transaction rolls back, it never was."""
    task = app.configure_task(MAKE, allow_unknown=False, queueing_lock=f"notice:{notice_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(municipality=municipality, notice_id=str(notice_id))
