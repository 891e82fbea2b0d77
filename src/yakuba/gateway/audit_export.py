"""An audit log as a file, and verifying it from the file alone, offline: with neither database nor settings.

JSON Lines: a head line, one line per record, and one line per head this zone holds of others (with its signature).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from yakuba.audit.chain import Break, Link, first_break
from yakuba.audit.events import AuditEvent
from yakuba.base.canonical import canonical_bytes
from yakuba.base.clock import utc_text

FORM = "audit-export/1"


class NotAnExport(ValueError):
    """The file is not an audit export."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A head that ``holder`` holds of ``zone``, with the signature that binds it."""

    holder: str
    zone: str
    sequence: int
    hash: str
    at: str
    signature: str


@dataclass(slots=True)
class Found:
    """What verifying found."""

    zone: str
    count: int = 0
    broken: Break | None = None
    witnessed: int = 0
    signatures: int = 0


@dataclass(slots=True)
class _Heads:
    hashes: dict[int, str] = field(default_factory=dict)
    conflict: Break | None = None
    signatures: int = 0


def head_line(zone: str) -> str:
    """The first line of an export."""
    return _line({"yakuba": FORM, "zone": zone})


def record_line(link: Link) -> str:
    """One record."""
    event = link.event
    return _line(
        {
            "sequence": link.sequence, "at": utc_text(link.at), "actor": event.actor, "action": event.action,
            "subject": event.subject, "municipality": event.municipality, "facts": event.facts,
            "previous": link.previous, "hash": link.hash,
        }
    )  # fmt: skip


def witness_line(witness: Witness) -> str:
    """One head held of another zone."""
    return _line(
        {
            "witness": witness.zone, "sequence": witness.sequence, "hash": witness.hash, "at": witness.at,
            "signature": witness.signature,
        }
    )  # fmt: skip


def verify(file: Iterable[str], witnesses: list[Iterable[str]] | list[Any], keys: Path | None) -> Found:
    """Check the chain in ``file``, and that it contains every head the other zones' exports hold of it.

    Args:
        keys: folder with ``<zone>.pub``; then a held head counts only if the zone itself signed it.

    Raises:
        NotAnExport: a file is not of this form.
    """
    lines = iter(file)
    zone = _zone(lines)
    found = Found(zone)
    heads = _heads(zone, witnesses, keys)
    found.signatures, found.witnessed = heads.signatures, len(heads.hashes)
    found.broken = heads.conflict or first_break(_links(zone, lines, found), heads.hashes)
    return found


def _heads(zone: str, witnesses: list[Any], keys: Path | None) -> _Heads:
    heads = _Heads()
    for witness in (held for file in witnesses for held in _witnesses(iter(file)) if held.zone == zone):
        if keys is not None:
            if not _signed(witness, keys):
                continue  # somebody wrote it into the witness's table: it binds nobody
            heads.signatures += 1
        if heads.hashes.setdefault(witness.sequence, witness.hash) != witness.hash:
            heads.conflict = Break(
                witness.sequence, "この区域は、区域ごとに違う値を控えさせています(二つの記録があります)"
            )
    return heads


def _signed(witness: Witness, keys: Path) -> bool:
    """The signature is over the slip as it was sent to the holder (see :mod:`yakuba.gateway.slips`)."""
    zone = witness.zone.partition("/")[0]  # <zone>/<cell>: the zone signs for each of its cells' chains
    document = canonical_bytes(
        {
            "yakuba": "audit.head/1", "zone": zone, "recipient": witness.holder, "sequence": witness.sequence,
            "hash": witness.hash, "at": witness.at, **({"chain": witness.zone} if zone != witness.zone else {}),
        }
    )  # fmt: skip
    key = load_pem_public_key((keys / f"{zone}.pub").read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(bytes.fromhex(witness.signature), b"slip\0" + document)
    except (InvalidSignature, ValueError):
        return False
    return True


def _zone(lines: Iterator[str]) -> str:
    try:
        head = json.loads(next(lines))
        if head["yakuba"] != FORM:
            raise NotAnExport(f"この形の書き出しは読めません: {head['yakuba']!r}")
        return str(head["zone"])
    except (StopIteration, ValueError, KeyError, TypeError) as error:
        raise NotAnExport(
            "監査記録の書き出しではありません。`yakuba audit export FILE` で書き出したファイルを指定してください。"
        ) from error


def _links(zone: str, lines: Iterator[str], found: Found) -> Iterator[Link]:
    for line in lines:
        row = json.loads(line)
        if "witness" not in row:
            found.count += 1
            event = AuditEvent(row["actor"], row["action"], row["subject"], row["municipality"], row["facts"])
            yield Link(
                zone, row["sequence"], datetime.fromisoformat(row["at"]), event, row["previous"], row["hash"]
            )


def _witnesses(lines: Iterator[str]) -> Iterator[Witness]:
    holder = _zone(lines)
    for line in lines:
        row = json.loads(line)
        if "witness" in row:
            yield Witness(holder, row["witness"], row["sequence"], row["hash"], row["at"], row["signature"])


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
