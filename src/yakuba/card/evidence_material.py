"""What a verdict rested on, as bytes that can be kept: the roots, and the very lists that were asked."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from yakuba.card.crl import read_head
from yakuba.card.revocation import Answer, NoAnswer, RevocationSource

Scope = tuple[bytes, bytes]
"""Issuer's key identifier and distribution point: what names a list."""


@dataclass(slots=True)
class Asked:
    """A source that remembers which lists spoke. One for each verdict."""

    source: RevocationSource
    answers: dict[Scope, int] = field(default_factory=dict)

    def look_up(self, issuer_key_id: bytes, distribution_point: bytes, serial: int) -> Answer | NoAnswer:
        """As the source behind it."""
        found = self.source.look_up(issuer_key_id, distribution_point, serial)
        if isinstance(found, Answer):
            self.answers[issuer_key_id, distribution_point] = found.number
        return found


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

    ``container``: "cms" (signature is the message), "challenge" and "xml" ("xml": content is the whole document).
    """

    container: str
    policy: str
    at: datetime
    content: bytes
    signature: bytes = b""
    certificate: bytes = b""
