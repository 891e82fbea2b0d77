"""Whether a certificate is revoked: from lists whose signature, scope and form were seen to beforehand.

A source answers by issuer key identifier, distribution point and serial together: several roots share a
name, and serials repeat between roots. "No answer" is a value of its own and never reads as "not revoked".
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from yakuba.card.crl import CrlHead, Entry, RevokedTable, UnusableCrl, read_head
from yakuba.card.crl_table import prepared_table
from yakuba.card.outcomes import Reason
from yakuba.card.trust import TrustStore

MAX_CRL_BYTES: Final = 256 * 1024 * 1024
LOOK_AGAIN_AFTER_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the list for a certificate says: its entry, or none; and from when to when the list speaks.

    Where no list but an OCSP responder spoke, ``number`` is 0 and ``octets`` are its answer as it came.
    """

    entry: Entry | None
    number: int
    this_update: datetime
    next_update: datetime
    octets: bytes = b""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No list speaks for the certificate; ``reason`` says whether none is there or only ones of other
    scope.
    """

    reason: Reason


class RevocationSource(Protocol):
    """Where a verdict asks."""

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """What is known of the certificate; ``distribution_point`` is the raw DER of its directoryName."""
        ...


class NotChecked:
    """The source that knows nothing: every verdict with it is at best "could not tell"."""

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> NoAnswer:
        """Always no answer."""
        return NoAnswer(Reason.REVOCATION_NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class VerifiedCrl:
    """A list whose signature a pinned root made, with its table."""

    head: CrlHead
    table: RevokedTable


def verified_crl(raw: bytes, trust: TrustStore, prepared: RevokedTable | None = None) -> VerifiedCrl:
    """Read ``raw`` if a pinned root signed it; ``prepared`` is its table where that was made before.

    Raises:
        UnusableCrl: no pinned root signed it, or its form is not one that may be used.
        NotDer: wrong encoding.
    """
    head = read_head(raw)
    roots = trust.named(head.issuer, head.issuer_key_id)
    if not any(root.signed(head.signature, head.to_be_signed) for root in roots):
        raise UnusableCrl("no pinned root signed this revocation list (RFC 5280 6.3.3 (f), (g))")
    table = RevokedTable.read(head) if prepared is None else prepared
    # What was signed has served; kept, it would hold the whole list in memory beside the table.
    return VerifiedCrl(replace(head, to_be_signed=b"", entries=(0, 0)), table)


class Revocations:
    """An immutable set of verified lists, the newest for each issuer key and scope."""

    def __init__(self, lists: Iterable[VerifiedCrl]) -> None:
        self._by_scope: dict[tuple[bytes, bytes], VerifiedCrl] = {}
        for one in lists:
            scope = (one.head.issuer_key_id, one.head.distribution_point)
            known = self._by_scope.get(scope)
            if known is None or _age(one) > _age(known):
                self._by_scope[scope] = one
        self._issuers = frozenset(issuer for issuer, _ in self._by_scope)

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """What the list of exactly this issuer key and distribution point says."""
        found = self._by_scope.get((issuer_key_id, distribution_point))
        if found is None:
            known_issuer = issuer_key_id in self._issuers
            return NoAnswer(Reason.REVOCATION_OUT_OF_SCOPE if known_issuer else Reason.REVOCATION_NOT_CHECKED)
        head = found.head
        return Answer(found.table.find(serial), head.number, head.this_update, head.next_update)


def _age(one: VerifiedCrl) -> tuple[int, datetime]:
    return one.head.number, one.head.this_update


_Stamp = tuple[int, int, int]


class RevocationIndex:
    """The lists (``*.crl``, DER) in a folder, read again when a file changes.

    A file that cannot be used is left out and named in :attr:`problems`; a list that was good before stays
    until its own nextUpdate passes, after which verdicts turn to "could not tell" by themselves.
    """

    def __init__(self, folder: Path, trust: TrustStore) -> None:
        self._folder, self._trust = folder, trust
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[_Stamp, VerifiedCrl | None]] = {}
        self._revocations = Revocations(())
        self._looked_at = 0.0
        self.problems: Mapping[str, str] = {}
        self.refresh()

    @classmethod
    def from_folder(cls, path: Path, trust: TrustStore) -> "RevocationIndex":
        """The index over ``path``; the folder may still be empty."""
        return cls(path, trust)

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """As :meth:`Revocations.look_up`, over the files as they were at most a second ago."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER_SECONDS and self._lock.acquire(
            blocking=False
        ):
            try:
                self._read_changed()
            finally:
                self._lock.release()
        return self._revocations.look_up(issuer_key_id, distribution_point, serial)

    def refresh(self) -> None:
        """Read what changed now; returns when the new lists are in use."""
        with self._lock:
            self._read_changed()

    def _read_changed(self) -> None:
        stamps = _stamps(self._folder)
        if {path: stamp for path, (stamp, _) in self._known.items()} != stamps:
            problems: dict[str, str] = {}
            self._known = {path: self._current(path, stamp, problems) for path, stamp in stamps.items()}
            self._revocations = Revocations(one for _, one in self._known.values() if one is not None)
            self.problems = problems
        self._looked_at = time.monotonic()

    def _current(
        self, path: Path, stamp: _Stamp, problems: dict[str, str]
    ) -> tuple[_Stamp, VerifiedCrl | None]:
        known = self._known.get(path)
        if known is not None and known[0] == stamp and known[1] is not None:
            return known
        try:
            if stamp[1] > MAX_CRL_BYTES:
                raise UnusableCrl(f"larger than {MAX_CRL_BYTES} octets")
            raw = path.read_bytes()
            found = verified_crl(raw, self._trust, prepared_table(path, raw))
            return stamp, _not_older(found, known[1] if known else None)
        except (ValueError, OSError) as problem:
            problems[path.name] = str(problem)
            return stamp, known[1] if known else None


def _not_older(found: VerifiedCrl, known: VerifiedCrl | None) -> VerifiedCrl:
    """An older list put in a newer one's place would forget who was revoked since (RFC 5280 section 5.2.3)."""
    if known is not None and found.head.number < known.head.number:
        raise UnusableCrl(f"number {found.head.number} is older than {known.head.number}, which is in use")
    return found


def _stamps(folder: Path) -> dict[Path, _Stamp]:
    found: dict[Path, _Stamp] = {}
    for path in sorted(folder.glob("*.crl")):
        try:
            status = path.stat()
        except FileNotFoundError:  # replaced while we looked: the next look finds it
            continue
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
