"""The hash chain, as functions of values: what each link commits to, and where a chain is broken.

``hash(n) = SHA-256(canonical JSON of record n, which contains hash(n-1))``. Changing, inserting or removing a record
breaks every later link; cutting the tail is seen against a head that another zone witnessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import utc_text

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One record of the chain as stored or exported."""

    zone: str
    sequence: int
    at: datetime
    event: AuditEvent
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, and what is wrong there, in words."""

    sequence: int
    problem: str


def link_hash(zone: str, sequence: int, at: datetime, event: AuditEvent, previous: str) -> str:
    """The hash of a record: 64 lower-case hexadecimal digits."""
    return sha256_hex(
        canonical_bytes(
            {
                "zone": zone,
                "sequence": sequence,
                "at": utc_text(at),
                "actor": event.actor,
                "action": event.action,
                "subject": event.subject,
                "municipality": event.municipality,
                "facts": event.facts,
                "previous": previous,
            }
        )
    )


def first_break(links: Iterable[Link], witnessed: dict[int, str] | None = None) -> Break | None:
    """The first place where ``links`` (in order from the first record) is not an unbroken chain, or ``None``.

    Args:
        witnessed: heads other zones hold, sequence → hash: the chain must contain each of them.
    """
    previous, expected, seen = GENESIS, 1, dict(witnessed or {})
    for link in links:
        if link.sequence != expected:
            return Break(expected, f"記録{expected}がありません(次にあるのは{link.sequence})")
        if link.previous != previous:
            return Break(link.sequence, "前の記録とつながっていません")
        if link.hash != link_hash(link.zone, link.sequence, link.at, link.event, link.previous):
            return Break(link.sequence, "記録の内容が書き換えられています")
        if seen.pop(link.sequence, link.hash) != link.hash:
            return Break(link.sequence, "ほかの区域が控えている値と違います(作り直された記録です)")
        previous, expected = link.hash, expected + 1
    if seen:
        return Break(expected, f"末尾が切られています(控えには{max(seen)}番までの記録があります)")
    return None
