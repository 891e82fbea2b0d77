"""Evidence that outlives its time: what was checked, with which roots and lists, when, and what came out.

A record is canonical JSON: ``body`` says what was judged and names every part by its SHA-256; ``parts`` are those
parts (content, signature, certificate, roots, lists, OCSP answers) in base64, or left out where they are archived once for many
records; ``stamps`` are time-stamps, the first over the body, each later one over the body and all before it. So:

* ten years on the verdict is made again from the record alone, at the time it was made for, and must be the same;
* a changed byte anywhere breaks a digest, and a changed digest breaks the stamp;
* before a stamp's own certificate ends, a new stamp over it takes its place (:func:`renewed`; RFC 4998 section 5.2).
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.card.bundle import AnyVerdict
from yakuba.card.evidence_material import Asked, Material, Proven

FORMAT: Final = "yakuba.evidence/1"
MAX_RECORD_BYTES: Final = 512 * 1024 * 1024
Stamper = Callable[[bytes], bytes]
"""Gives a time-stamp token over a SHA-256 digest."""


class NoEvidence(ValueError):
    """A record cannot be made or read; the words say why."""


def collect(
    proven: Proven,
    verdict: AnyVerdict,
    *,
    asked: Asked,
    material: Material,
    collected_at: datetime,
    stamp: Stamper,
    archived: Callable[[bytes], bool] = lambda _part: False,
) -> bytes:
    """The record of ``verdict``, stamped.

    Args:
        asked: the source the verdict was made with: it knows which lists and which responders spoke.
        archived: told each part; True leaves it out of the record, for it is kept elsewhere under its digest.

    Raises:
        NoEvidence: a list that spoke is no longer there.
    """
    lists = list(material.lists(asked))
    if len(lists) != len(asked.answers):
        raise NoEvidence("検証に使った失効リストが、もうありません。検証しなおしてから記録してください。")
    parts: dict[str, bytes] = {}

    def named(part: bytes) -> str:
        digest = sha256_hex(part)
        parts[digest] = part
        return digest

    signer = verdict.signer
    body = {
        "format": FORMAT,
        "container": proven.container,
        "policy": proven.policy,
        "at": proven.at.isoformat(),
        "collected_at": collected_at.isoformat(),
        "content": named(proven.content),
        "signature": named(proven.signature),
        "certificate": named(proven.certificate),
        "roots": [named(root) for root in material.roots()],
        "lists": [named(one) for one in lists],
        "ocsp": [named(one) for one in asked.ocsp],
        "verdict": verdict.as_dict(),
        "signer": {"issuer_key_id": signer.issuer_key_id, "serial": signer.serial} if signer else None,
    }
    kept = {digest: _text(part) for digest, part in parts.items() if not archived(part)}
    return renewed(canonical_bytes({"body": body, "parts": kept, "stamps": []}), stamp=stamp)


def renewed(record: bytes, *, stamp: Stamper) -> bytes:
    """``record`` with one more stamp over its body and all stamps so far. Verify it before: a stamp cannot mend it.

    Raises:
        NoEvidence: not a record.
    """
    found = read_record(record)
    token = stamp(stamped_digest(found["body"], found["stamps"]))
    return canonical_bytes({**found, "stamps": [*found["stamps"], _text(token)]})


def completed(record: bytes, find: Callable[[str], bytes | None]) -> bytes:
    """``record`` with the parts that were kept elsewhere put into it, to be handed to anyone. Its stamps stay right:
    they are over the body, which names every part by digest.

    Raises:
        NoEvidence: not a record, or a part is not to be found.
    """
    found = read_record(record)
    body, parts = found["body"], dict(found["parts"])
    for digest in (*body["roots"], *body["lists"], *body.get("ocsp", [])):
        if digest not in parts:
            part = find(digest)
            if part is None:
                raise NoEvidence(f"SHA-256 が {digest} の根拠データが保管されていません。")
            parts[digest] = _text(part)
    return canonical_bytes({**found, "parts": parts})


def stamped_digest(body: Mapping[str, Any], stamps: list[str]) -> bytes:
    """What the stamp after ``stamps`` is over."""
    return hashlib.sha256(canonical_bytes({"body": body, "stamps": stamps})).digest()


def read_record(record: bytes) -> dict[str, Any]:
    """The record as values; it is the one canonical form of them.

    Raises:
        NoEvidence: it is not.
    """
    if len(record) > MAX_RECORD_BYTES:
        raise NoEvidence("too_large")
    try:
        found = json.loads(record)
        right = isinstance(found, dict) and found.keys() == {"body", "parts", "stamps"}
        right = right and isinstance(found["body"], dict) and isinstance(found["parts"], dict)
        right = right and isinstance(found["stamps"], list) and canonical_bytes(found) == record
        right = right and found["body"]["format"] == FORMAT
        right = right and all(isinstance(one, str) for one in (*found["stamps"], *found["parts"].values()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise NoEvidence("not_a_record") from problem
    if not right:
        raise NoEvidence("not_a_record")
    return dict(found)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
