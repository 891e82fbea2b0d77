"""One file from the outside in: what it is, the sandbox, the rebuilding, and the evidence of all that."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.kinds import sniff
from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.rebuild import NotReadable, Rebuilder
from yakuba.gateway.sanitise.refusals import codes
from yakuba.gateway.sanitise.sandbox import Outcome, Sandbox

METHOD = "raster"
LARGEST_FILE = 64 * 1024 * 1024
_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The file that goes inward: its reference with evidence, and its bytes (none if refused)."""

    ref: AttachmentRef
    data: bytes


def clean(ref: AttachmentRef, data: bytes, sandbox: Sandbox, limits: Limits = RASTER) -> Cleaned:
    """Rebuild ``data``, or refuse it: there is no third outcome, and no exception for anything the file does.

    Raises:
        SandboxBroken: the sandbox was ended from outside; try again.
    """
    if not data:
        return _refused(ref, data, "empty", None)
    if len(data) > LARGEST_FILE:
        return _refused(ref, data, "too_large_file", None)
    media_type = sniff(data)
    if media_type is None:
        return _refused(ref, data, "not_supported", None)
    rebuilder = Rebuilder(picture=media_type != "application/pdf")
    try:
        outcome = sandbox.take_apart(data, media_type, limits, rebuilder.add)
        if outcome.refused:
            return _refused(ref, data, outcome.refused, outcome)
        built, kind = rebuilder.finish()
    except NotReadable:
        return _refused(ref, data, "failed", None)
    return _built(ref, data, built, kind, media_type, outcome)


def given_up(ref: AttachmentRef, data: bytes) -> Cleaned:
    """Refuse a file under which the sandbox itself ended again and again."""
    return _refused(ref, data, "failed", None)


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


def _built(
    ref: AttachmentRef, data: bytes, built: bytes, kind: str, source: str, outcome: Outcome
) -> Cleaned:
    after = hashlib.sha256(built).hexdigest()
    evidence = _evidence(
        data, outcome, {"after": after, "pages": outcome.pages, "source": source, "outcome": "rebuilt"}
    )
    name = str(PurePath(ref.filename).with_suffix(_SUFFIXES[kind])) if ref.filename else ref.filename
    changed = replace(
        ref, filename=name, media_type=kind, size=len(built), sha256=after, evidence=evidence, refused=None
    )
    return Cleaned(changed, built)


def _refused(ref: AttachmentRef, data: bytes, code: str, outcome: Outcome | None) -> Cleaned:
    # the sandbox may say anything; only a reason that we know is passed on
    known = code if code in codes() else "failed"
    facts = {"after": None, "pages": 0, "source": sniff(data), "outcome": "refused"}
    return Cleaned(replace(ref, refused=known, evidence=_evidence(data, outcome, facts)), b"")


def _evidence(data: bytes, outcome: Outcome | None, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "before": hashlib.sha256(data).hexdigest(),
        "method": METHOD,
        "removed": list(outcome.removed) if outcome else [],
        "cpu_ms": outcome.cpu_ms if outcome else 0,
        "walls": list(outcome.walls) if outcome else [],
        **facts,
    }
