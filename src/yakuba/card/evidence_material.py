"""What a verdict rested on, as bytes that can be kept: the roots, and the very lists and answers that spoke."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path

from yakuba.card.crl import read_head
from yakuba.card.ocsp import read_answer
from yakuba.card.revocation import Answer, NoAnswer, Revocations, RevocationSource
from yakuba.card.trust import TrustStore

Scope = tuple[bytes, bytes]
"""Issuer's key identifier and distribution point: what names a list."""


@dataclass(slots=True)
class Asked:
    """A source that remembers which lists spoke, and what OCSP responders answered. One for each verdict."""

    source: RevocationSource
    answers: dict[Scope, int] = field(default_factory=dict)
    ocsp: list[bytes] = field(default_factory=list)

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """As the source behind it."""
        found = self.source.look_up(issuer_key_id, distribution_point, serial)
        if isinstance(found, Answer) and found.octets:
            self.ocsp.append(found.octets)
        elif isinstance(found, Answer):
            self.answers[issuer_key_id, distribution_point] = found.number
        return found


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record holds, put in the place of the source it was made with.

    ``at`` is when the answers were read and believed; whether they cover the moment of the verdict is the verdict's
    own question (freshness). Where both a list and an answer, or two answers, speak, the worse one counts.
    """

    lists: Revocations
    answers: tuple[bytes, ...]
    trust: TrustStore
    at: datetime

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """What the record's lists and answers say of the certificate."""
        listed = self.lists.look_up(issuer_key_id, distribution_point, serial)
        found = [listed] if isinstance(listed, Answer) else []
        found += self._answered(issuer_key_id, serial)
        return next((one for one in found if one.entry), found[0]) if found else listed

    def _answered(self, issuer_key_id: bytes, serial: int) -> Iterator[Answer]:
        roots = [root for root in self.trust.roots if root.key_id == issuer_key_id]
        for root, raw in product(roots, self.answers):
            # An answer about another certificate, or no answer at all, says nothing of this one.
            with suppress(ValueError):
                answer = read_answer(raw, root, serial, None, self.at)
                if answer is not None:
                    yield answer.for_verdict()


class Material:
    """The zone's pinned roots and lists as files: ``roots/*.crt``, ``crls/*.crl``. A list's head is read once."""

    def __init__(self, folder: Path) -> None:
        self._roots, self._lists = folder / "roots", folder / "crls"
        self._heads: dict[tuple[Path, int, int], tuple[Scope, int]] = {}
        self._lock = threading.Lock()

    def roots(self) -> list[bytes]:
        """Every pinned root, DER."""
        return [path.read_bytes() for path in sorted(self._roots.glob("*.crt"))]

    def lists(self, asked: Asked) -> Iterator[bytes]:
        """The lists that spoke, DER; one that was replaced in between is found missing when the record is made."""
        wanted = set(asked.answers.items())
        for path in sorted(self._lists.glob("*.crl")):
            if self._head(path) in wanted:
                yield path.read_bytes()

    def _head(self, path: Path) -> tuple[Scope, int] | None:
        status = path.stat()
        name = (path, status.st_mtime_ns, status.st_size)
        with self._lock:
            if name not in self._heads:
                try:
                    head = read_head(path.read_bytes())
                except ValueError:  # a file that is no list: nothing could have been asked of it
                    return None
                self._heads[name] = ((head.issuer_key_id, head.distribution_point), head.number)
            return self._heads[name]


@dataclass(frozen=True, slots=True)
class Proven:
    """What was judged: which container, its content and signature, when it had to be good, and against which policy.

    ``container``: "cms" (signature is the message), "challenge", "xml" (content is the whole document) and "bundle"
    (content is ``{"application": …, "bundle": …}``, the signature is over the canonical bytes of the latter).
    """

    container: str
    policy: str
    at: datetime
    content: bytes
    signature: bytes = b""
    certificate: bytes = b""
