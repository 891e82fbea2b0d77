"""What each zone's relay does besides carrying: try again, remind, send the head of the audit chain to be witnessed."""

import logging
import time

from django.db import transaction

from yakuba.audit import log
from yakuba.base import cells
from yakuba.gateway import disk, inbox, outbox, pending, slips
from yakuba.gateway.envelope import ZONES
from yakuba.gateway.forget import forget

HEAD_EVERY = 60.0
_REMIND_EVERY = 15.0
_FORGET_EVERY = 3600.0
_DISK_EVERY = 600.0
_log = logging.getLogger(__name__)


class Chores:
    """The due work of a zone, step by step."""

    def __init__(self, zone: str) -> None:
        self._others = [other for other in ZONES if other != zone]
        self._sent_heads: dict[str, int] = {}  # by chain: each cell has its own
        self._head_due = self._remind_due = self._disk_due = 0.0
        self._forget_due = time.monotonic() + 60

    def step(self) -> bool:
        """Do what is due; returns whether messages were tried again (then there may be more)."""
        tried = sum(cells.everywhere(inbox.retry_due))
        at = time.monotonic()
        if at >= self._remind_due:
            cells.everywhere(pending.mend_after_clock_jump)
            cells.everywhere(outbox.remind)
            self._remind_due = at + _REMIND_EVERY
        if at >= self._head_due:
            cells.everywhere(self._send_head)
            self._head_due = at + HEAD_EVERY
        if at >= self._forget_due:
            cells.everywhere(forget)
            self._forget_due = at + _FORGET_EVERY
        if at >= self._disk_due:
            self._look_at_disk()
            self._disk_due = at + _DISK_EVERY
        return tried > 0

    def _look_at_disk(self) -> None:
        seen = disk.look()
        if seen is not None and seen.state != "enough":
            _log.warning("gateway.disk_%s %s", seen.state, disk.in_words(seen))

    def _send_head(self) -> None:
        (sequence, digest), chain = log.head(), cells.chain()
        if sequence > self._sent_heads.get(chain, 0):
            with transaction.atomic():
                for other in self._others:
                    slips.post_head(chain, sequence, digest, other)
            self._sent_heads[chain] = sequence
