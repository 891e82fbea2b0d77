"""Sanitising messages in transit with all cores, but with a low priority: relay and office come first."""

import hashlib
import os
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base import cells
from yakuba.base.tenancy import under
from yakuba.gateway import pending, town_choices, transit
from yakuba.gateway.client import Peer
from yakuba.gateway.envelope import AttachmentRef, Envelope, read_envelope
from yakuba.gateway.errors import AlteredFile, MissingBlob, Passing
from yakuba.gateway.loops import Loop
from yakuba.gateway.sanitise import scanning
from yakuba.gateway.sanitise.clean import Cleaned, clean, given_up, infected, passed_unchanged
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.priority import lower_thread
from yakuba.gateway.sanitise.sandbox import Sandbox, SandboxBroken

_MOST_ATTEMPTS = 3
_CORES = max(1, len(os.sched_getaffinity(0)))
_LOOKED_AT = 2 * _CORES  # so many are offered to one thread, of which others may take some
_CLAIM = """
UPDATE gateway_pending SET due_at = now() + make_interval(secs => %s), problem = %s
WHERE id = (SELECT id FROM gateway_pending WHERE id = %s AND queue = 'sanitise' AND due_at <= now() FOR UPDATE SKIP LOCKED)
"""


def sanitise_loops(peer: Callable[[], Peer], stop: threading.Event, news: threading.Event) -> list[Loop]:
    """One loop per core, woken by ``news`` of arrivals. Call only while holding the zone's relay lock: work left by a killed relay is due again at once."""
    scanning.check(settings.GATEWAY_SCANNER)  # said at the start, not at the first file
    cells.everywhere(_due_again)
    return [
        Loop(f"sanitise-{number}", Sanitiser(peer()).step, stop, pause=1.0, wake=news)
        for number in range(_CORES)
    ]


def _due_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE gateway_pending SET due_at = now(), problem = '' WHERE queue = 'sanitise' {cells.only_here()}"  # noqa: S608 - constants
        )


class Sanitiser:
    """Takes one message at a time: fetches its files from the outer zone, rebuilds them, sends it on.

    The files as they came are never stored in this zone; the outer zone keeps them until the end-to-end receipt.
    """

    def __init__(self, peer: Peer) -> None:
        self._peer, self._sandbox = peer, Sandbox()
        self._nice = False

    def step(self) -> bool:
        """One message; ``False`` if none waits."""
        self._be_nice()
        item = next((claimed for claimed in cells.each(_claim) if claimed), None)
        if item is None:
            return False
        try:
            self._sanitise(item)
        except (MissingBlob, Passing, SandboxBroken) as error:
            with under(item.municipality):
                pending.again_later(item, type(error).__name__)
        return True

    def _sanitise(self, item: pending.Item) -> None:
        with under(item.municipality):
            message = transit.stored(item.municipality, item.message)
        if message is None:
            with under(item.municipality):
                pending.done([item.message], "transit")
            return
        envelope = read_envelope(message.document)
        with under(item.municipality):
            policies = town_choices.policies(envelope)
        cleaned = []
        for ref in envelope.attachments:
            _hold_on(item)
            cleaned.append(self._clean(envelope, ref, policies[ref.slot], item.attempts))
        with under(item.municipality):
            transit.sanitised(envelope, [(each.ref, each.data) for each in cleaned])
            log.append(_event(envelope, cleaned))

    def _clean(self, envelope: Envelope, ref: AttachmentRef, policy: Policy, attempts: int) -> Cleaned:
        data = self._peer.fetch(envelope.municipality, envelope.id, ref.sha256)
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise AlteredFile(ref.sha256)
        if settings.GATEWAY_SANITISE == "none-for-measuring":
            return passed_unchanged(ref, data)
        if settings.GATEWAY_SCANNER and (known := scanning.found(data, settings.GATEWAY_SCANNER)):
            return infected(ref, data, known)
        try:
            return clean(ref, data, self._sandbox, policy=policy)
        except SandboxBroken:
            if attempts < _MOST_ATTEMPTS:
                raise
            return given_up(ref, data)

    def _be_nice(self) -> None:
        if not self._nice:
            lower_thread()
            self._nice = True


def _claim() -> pending.Item | None:
    """The oldest that nobody works on. Taken under its municipality, so that a move between cells takes the claim along."""
    for item in pending.due("sanitise", _LOOKED_AT):
        with under(item.municipality), connection.cursor() as cursor:
            cursor.execute(_CLAIM, [pending.LEASE_SECONDS, pending.BEING_DONE, item.id])
            if cursor.rowcount:
                return item
    return None


def _hold_on(item: pending.Item) -> None:
    """A message of many files takes longer than one lease: nobody else shall begin it meanwhile."""
    with under(item.municipality), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_pending SET due_at = now() + make_interval(secs => %s) WHERE id = %s",
            [pending.LEASE_SECONDS, item.id],
        )


def _event(envelope: Envelope, cleaned: list[Cleaned]) -> AuditEvent:
    refused = sum(1 for each in cleaned if each.ref.refused)
    return AuditEvent(
        "zone:lgwan",
        "message.sanitised",
        f"message:{envelope.id}",
        envelope.municipality,
        {
            "files": str(len(cleaned)),
            "refused": str(refused),
            "hashes": " ".join(_hashes(each) for each in cleaned)[:2000],
        },
    )


def _hashes(each: Cleaned) -> str:
    evidence = each.ref.evidence or {}
    return f"{evidence.get('before')}>{evidence.get('after') or each.ref.refused}"
