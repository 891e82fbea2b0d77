"""One file from the outside in: what it is, whether its kind may come through here, and the evidence of all that."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.archive import SUFFIXES, make_archive
from yakuba.gateway.sanitise.kinds import ARCHIVE, LOCKED_OFFICE, OFFICE, told
from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.making import Made, Spent, make
from yakuba.gateway.sanitise.policy import USUAL, Policy
from yakuba.gateway.sanitise.refusals import codes
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.sandbox import Sandbox

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes, before and after: what goes over the wire."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The file that goes inward: its reference with evidence, and its bytes (none if refused)."""

    ref: AttachmentRef
    data: bytes


def clean(
    ref: AttachmentRef, data: bytes, sandbox: Sandbox, limits: Limits = RASTER, policy: Policy = USUAL
) -> Cleaned:
    """Make ``data`` harmless, or refuse it: there is no third outcome, and no exception for anything the file does.

    Raises:
        SandboxBroken: the sandbox was ended from outside, or cannot be made on this machine; try again.
    """
    spent = Spent()
    try:
        made = _made(ref, data, sandbox, limits, policy, spent)
    except Refused as refused_for:
        return _refused(ref, data, refused_for.code, spent)
    return _built(ref, data, made, spent)


def _made(
    ref: AttachmentRef, data: bytes, sandbox: Sandbox, limits: Limits, policy: Policy, spent: Spent
) -> Made:
    if not data:
        raise Refused("empty")
    if len(data) > LARGEST_FILE:
        raise Refused("too_large_file")
    kind = told(data, ref.filename)
    if kind is None or (kind not in policy.kinds and not _locked_but_wanted(kind, policy)):
        raise Refused("not_supported")
    making = make_archive if kind == ARCHIVE else make
    made = making(data, kind, policy, sandbox, limits, spent)
    if len(made.data) > LARGEST_FILE:  # many small pages become large ones; the next zone would not take it
        raise Refused("too_large_file")
    return made


def _locked_but_wanted(kind: str, policy: Policy) -> bool:
    """A locked office document does not tell which kind it is; whoever may send one is told that it is locked."""
    return kind == LOCKED_OFFICE and bool(policy.kinds & OFFICE)


def given_up(ref: AttachmentRef, data: bytes) -> Cleaned:
    """Refuse a file under which the sandbox itself ended again and again."""
    return _refused(ref, data, "failed", Spent())


def infected(ref: AttachmentRef, data: bytes, name: str) -> Cleaned:
    """Refuse a file in which a scanner knows malware called ``name``."""
    spent = Spent()
    spent.notes["malware"] = name
    return _refused(ref, data, "malware", spent)


def passed_unchanged(ref: AttachmentRef, data: bytes) -> Cleaned:
    """Let a file through as it is, saying so in the evidence: only for measuring what the rest of the way costs."""
    digest = hashlib.sha256(data).hexdigest()
    evidence = {
        "before": digest,
        "after": digest,
        "method": "none",
        "outcome": "unchanged",
        "removed": [],
        "pages": 0,
    }
    return Cleaned(replace(ref, evidence=evidence), data)


def _built(ref: AttachmentRef, data: bytes, made: Made, spent: Spent) -> Cleaned:
    after = hashlib.sha256(made.data).hexdigest()
    left_out = any(one["refused"] for one in spent.notes.get("members", ()))
    facts = {"after": after, "pages": made.pages, "method": made.method}
    evidence = _evidence(ref, data, spent, {**facts, "outcome": "partly" if left_out else "rebuilt"})
    name = (
        str(PurePath(ref.filename).with_suffix(SUFFIXES[made.media_type])) if ref.filename else ref.filename
    )
    changed = replace(
        ref,
        filename=name,
        media_type=made.media_type,
        size=len(made.data),
        sha256=after,
        evidence=evidence,
        refused=None,
    )
    return Cleaned(changed, made.data)


def _refused(ref: AttachmentRef, data: bytes, code: str, spent: Spent) -> Cleaned:
    # the sandbox may say anything; only a reason that we know is passed on
    known = code if code in codes() else "failed"
    facts = {"after": None, "pages": 0, "method": None, "outcome": "refused"}
    return Cleaned(replace(ref, refused=known, evidence=_evidence(ref, data, spent, facts)), b"")


def _evidence(ref: AttachmentRef, data: bytes, spent: Spent, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "before": hashlib.sha256(data).hexdigest(),
        "source": told(data, ref.filename),
        "removed": sorted(spent.removed),
        "cpu_ms": spent.cpu_ms,
        "walls": list(spent.walls),
        **spent.notes,
        **facts,
    }
