"""The feed of revocation lists as a town gets it: taken in, verified, indexed, watched for freshness.

A municipality receives the full list of its residents' certificates from time to time. :meth:`Feed.take` lets a
list in only if a pinned root signed it and it is newer than what is there; says what changed against the list
before (revoked, put on hold, hold taken back), so that open cases can be judged again; and writes it with its
table, so that services have a million entries within a blink.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from yakuba.base.files import PUBLIC, locked, write_atomically
from yakuba.card.crl import REASONS, RevokedTable
from yakuba.card.crl_table import prepare_table, prepared_table
from yakuba.card.revocation import MAX_CRL_BYTES, VerifiedCrl, verified_crl
from yakuba.card.trust import TrustStore

CLOCK_DIFFERENCE: Final = timedelta(minutes=5)
_SHOWN_OCTETS: Final = 8
_TIME_AND_REASON: Final = 6
HOLD: Final = "certificateHold"


class ListRefused(ValueError):
    """A list that was not taken in; says why, for the operator. What was in force stays in force."""


class Freshness(StrEnum):
    """How a list stands at a moment."""

    FRESH = "fresh"
    DUE = "due"
    """Its successor should be here: less than a quarter of its life is left."""
    STALE = "stale"
    """Past its nextUpdate: every verdict under it is "could not tell"."""


class Move(StrEnum):
    """What happened to a certificate between two lists."""

    REVOKED = "revoked"
    HELD = "held"
    RELEASED = "released"
    """A hold taken back (一時停止の解除): the certificate is in force again."""
    DROPPED = "dropped"
    """Revoked and not listed any more: expired meanwhile (RFC 5280 section 3.3)."""
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One certificate that stands otherwise than before; ``serial`` in hexadecimal."""

    serial: str
    move: Move


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that is in force from now on. ``changes`` is empty for the first list of a scope."""

    file: Path
    issuer_key_id: str
    number: int
    entries: int
    this_update: datetime
    next_update: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ListState:
    """One list of the feed at a moment."""

    file: str
    issuer_key_id: str
    number: int
    entries: int
    this_update: datetime
    next_update: datetime
    freshness: Freshness


class Feed:
    """The folder ``YAKUBA_TRUST/crls``, written by one importer at a time and read by every service."""

    def __init__(self, folder: Path, trust: TrustStore) -> None:
        self._folder, self._trust = folder, trust

    def take(self, raw: bytes, *, at: datetime) -> Taken:
        """Let one list in.

        Raises:
            ListRefused: not signed by a pinned root, of a form not used, not newer, or not of this time.
        """
        found = self._verified(raw)
        head, file = found.head, self._folder / _name(found)
        if head.this_update > at + CLOCK_DIFFERENCE:
            raise ListRefused(f"this list begins only at {head.this_update.isoformat()}")
        if head.next_update < at:
            raise ListRefused(f"this list ended at {head.next_update.isoformat()}; fetch a newer one")
        with locked(file):
            before = self._in_force(file)
            if before is not None and head.number <= before.head.number:
                raise ListRefused(
                    f"number {head.number} is not newer than {before.head.number}, in force here"
                )
            prepare_table(file, raw, found.table)
            write_atomically(file, raw, mode=PUBLIC)
        changes = tuple(_changes(before.table, found.table)) if before else ()
        return Taken(
            file, head.issuer_key_id.hex(), head.number, len(found.table), head.this_update, head.next_update,
            changes,
        )  # fmt: skip

    def states(self, at: datetime) -> list[ListState]:
        """How every usable list in the folder stands at ``at``, the most urgent first."""
        lists = ((path, self._in_force(path)) for path in sorted(self._folder.glob("*.crl")))
        found = [_state(path, one, at) for path, one in lists if one is not None]
        return sorted(found, key=lambda state: state.next_update)

    def _verified(self, raw: bytes) -> VerifiedCrl:
        if len(raw) > MAX_CRL_BYTES:
            raise ListRefused(f"larger than {MAX_CRL_BYTES} octets")
        try:
            return verified_crl(raw, self._trust)
        except ValueError as problem:
            raise ListRefused(str(problem)) from problem

    def _in_force(self, file: Path) -> VerifiedCrl | None:
        try:
            raw = file.read_bytes()
            return verified_crl(raw, self._trust, prepared_table(file, raw))
        except (OSError, ValueError):
            return None


def _name(found: VerifiedCrl) -> str:
    """One file for each issuer key and scope; a newer list takes its predecessor's place."""
    scope = hashlib.sha256(found.head.distribution_point).digest()[:_SHOWN_OCTETS]
    return f"{found.head.issuer_key_id[:_SHOWN_OCTETS].hex()}-{scope.hex()}.crl"


def _state(path: Path, one: VerifiedCrl, at: datetime) -> ListState:
    head = one.head
    due = head.next_update - (head.next_update - head.this_update) / 4
    freshness = Freshness.FRESH if at < due else Freshness.DUE
    if at > head.next_update:
        freshness = Freshness.STALE
    return ListState(
        path.name, head.issuer_key_id.hex(), head.number, len(one.table), head.this_update, head.next_update,
        freshness,
    )  # fmt: skip


def _changes(before: RevokedTable, now: RevokedTable) -> Iterator[Change]:
    width = max(before.width, now.width)
    old, new = set(before.records(width)), set(now.records(width))
    gone = {record[:width]: record for record in old - new}
    for record in sorted(new - old):
        was = gone.pop(record[:width], None)
        yield Change(_serial(record), _move(was, record))
    for record in sorted(gone.values()):
        yield Change(_serial(record), Move.RELEASED if _reason(record) == HOLD else Move.DROPPED)


def _move(was: bytes | None, record: bytes) -> Move:
    if _reason(record) == HOLD:
        return Move.HELD if was is None or _reason(was) != HOLD else Move.CHANGED
    return Move.REVOKED if was is None or _reason(was) == HOLD else Move.CHANGED


def _reason(record: bytes) -> str:
    return REASONS[record[-1]]


def _serial(record: bytes) -> str:
    return f"{int.from_bytes(record[:-_TIME_AND_REASON], 'big'):x}"
