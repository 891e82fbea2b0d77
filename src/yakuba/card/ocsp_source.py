"""OCSP as a source of a verdict: for the municipality that asks instead of taking lists."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from yakuba.base.files import PUBLIC, write_atomically
from yakuba.card.ocsp import NONCE_OCTETS, OcspAnswer, UnusableAnswer, question, read_answer
from yakuba.card.outcomes import Reason
from yakuba.card.revocation import Answer, NoAnswer, RevocationSource
from yakuba.card.trust import Root, TrustStore

_MOST_KEPT: Final = 10_000
Transport = Callable[[bytes], bytes]
"""Sends an OCSPRequest (``application/ocsp-request``) and returns the response's body; raises OSError or
ValueError when no answer came."""


@dataclass(slots=True)
class OcspSource:
    """Asks a responder, keeps each answer until its nextUpdate, and never takes "no answer" for "good".

    ``now`` is the clock; ``folder``, if given, gets every usable answer, for zones that may not ask themselves
    (:class:`OcspFolder`); ``problems`` counts unusable answers by what was wrong with them.
    """

    trust: TrustStore
    ask: Transport
    now: Callable[[], datetime]
    folder: Path | None = None
    problems: dict[str, int] = field(default_factory=dict)
    _kept: dict[tuple[bytes, int], OcspAnswer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """What the responder says; the distribution point does not matter: it is asked about one certificate."""
        kept = self._kept.get((issuer_key_id, serial))
        if kept is None or kept.next_update < self.now():
            kept = self._asked(issuer_key_id, serial)
        if kept is None:
            return NoAnswer(Reason.REVOCATION_NOT_CHECKED)
        return kept.for_verdict()

    def forget(self) -> None:
        """Ask anew from here on (a hold was taken back and the counter cannot wait)."""
        with self._lock:
            self._kept.clear()

    def _asked(self, issuer_key_id: bytes, serial: int) -> OcspAnswer | None:
        for root in self.trust.roots:
            if root.key_id == issuer_key_id:
                answer = self._asked_of(root, serial)
                if answer is not None:
                    self._keep((issuer_key_id, serial), answer)
                    return answer
        return None

    def _asked_of(self, root: Root, serial: int) -> OcspAnswer | None:
        nonce = secrets.token_bytes(NONCE_OCTETS)
        try:
            raw = self.ask(question(root, serial, nonce))
            answer = read_answer(raw, root, serial, nonce, self.now())
            if answer and self.folder:
                write_atomically(self.folder / answer_name(root.key_id, serial), raw, mode=PUBLIC)
            return answer
        except UnusableAnswer as problem:
            said = str(problem)
        except (OSError, ValueError) as problem:
            said = f"no answer: {type(problem).__name__}"
        with self._lock:
            self.problems[said] = self.problems.get(said, 0) + 1
        return None

    def _keep(self, name: tuple[bytes, int], answer: OcspAnswer) -> None:
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[name] = answer


def answer_name(issuer_key_id: bytes, serial: int) -> str:
    """The file an answer about one certificate is kept in."""
    return f"{issuer_key_id.hex()}-{serial:x}.ocsp"


@dataclass(frozen=True, slots=True)
class OcspFolder:
    """Answers fetched elsewhere and brought here as files, as lists are: for a zone that opens no connection out.

    Each is verified whenever it is read. It was asked for by someone else, so it carries no nonce of ours; what
    bounds its age is its nextUpdate.
    """

    folder: Path
    trust: TrustStore
    now: Callable[[], datetime]

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """What the answer on file says; none, or an unusable one, is "not checked"."""
        for root in self.trust.roots:
            if root.key_id == issuer_key_id and (found := self._read(root, serial)):
                return found.for_verdict()
        return NoAnswer(Reason.REVOCATION_NOT_CHECKED)

    def _read(self, root: Root, serial: int) -> OcspAnswer | None:
        try:
            raw = (self.folder / answer_name(root.key_id, serial)).read_bytes()
            return read_answer(raw, root, serial, None, self.now())
        except (OSError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class SourceByPoint:
    """One source for each distribution point named in ``special``, ``usual`` for all others."""

    usual: RevocationSource
    special: Mapping[bytes, RevocationSource]

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """As the source in charge says; the other is never asked in its stead."""
        source = self.special.get(distribution_point, self.usual)
        return source.look_up(issuer_key_id, distribution_point, serial)
