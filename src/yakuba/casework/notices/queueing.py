"""The worker's queue, seen from the service: jobs are written in the caller's transaction, and name tasks by name."""

from uuid import UUID

from procrastinate.contrib.django import app

MAKE = "notices.make"


def make_soon(municipality: str, notice_id: UUID) -> None:
    """Queue the making of a notice. If the caller's transaction rolls back, nothing was queued."""
    app.configure_task(MAKE, allow_unknown=False).defer(municipality=municipality, notice_id=str(notice_id))
