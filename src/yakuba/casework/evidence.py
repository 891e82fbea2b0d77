"""Do the attachments that arrived belong to the digests the resident signed? A function of values.

The sanitiser rebuilds files, so the signed digest is compared with the one it recorded *before* rebuilding, and the
file kept here with the one it recorded *after*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from yakuba.gateway.envelope import AttachmentRef

State = Literal["ok", "refused", "missing", "mismatch", "unsigned"]

STATES: dict[State, str] = {
    "ok": "署名された内容と一致(無害化済み)",
    "refused": "無害化できず、内側へ渡されなかった",
    "missing": "署名されているが、届いていない",
    "mismatch": "届いたファイルが、署名されたものと違う",
    "unsigned": "署名されていないファイルが付いている",
}
BROKEN: frozenset[State] = frozenset({"missing", "mismatch", "unsigned"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment as judged. ``sha256`` is of the file kept here, empty where there is none."""

    slot: str
    filename: str
    media_type: str
    size: int
    state: State
    sha256: str = ""
    signed_sha256: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict, hash=False)
    signed: Mapping[str, Any] = field(default_factory=dict, hash=False)


def judge(
    signed: object, arrived: Sequence[AttachmentRef], carried: Sequence[Attachment] = ()
) -> tuple[Attachment, ...]:
    """Each signed attachment with what arrived for it, then whatever arrived and was not signed.

    Args:
        carried: files of the application this one corrects: signed again unchanged, they need not be sent again.
    """
    left = list(arrived)
    judged = [replace(_signed_one(one, left, carried), signed=dict(one)) for one in _wanted(signed)]
    return (*judged, *(_kept(ref, "unsigned", "") for ref in left))


def all_as_signed(attachments: Iterable[Attachment]) -> bool:
    """Whether nothing differs from what was signed (a refused file is missing, but honestly so)."""
    return not any(one.state in BROKEN for one in attachments)


def _wanted(signed: object) -> list[Mapping[str, Any]]:
    return [one for one in signed if isinstance(one, Mapping)] if isinstance(signed, list) else []


def _signed_one(
    one: Mapping[str, Any], left: list[AttachmentRef], carried: Sequence[Attachment]
) -> Attachment:
    slot, digest = str(one.get("slot", "")), str(one.get("sha256", ""))
    same = next((ref for ref in left if ref.slot == slot and _original(ref) == digest), None)
    if same is None and (before := _carried(slot, digest, carried)) is not None:
        return before
    other = same or next((ref for ref in left if ref.slot == slot), None)
    if other is None:
        return Attachment(
            slot, str(one.get("filename", "")), str(one.get("media_type", "")), 0, "missing", "", digest
        )
    left.remove(other)
    if same is None:
        return _kept(other, "mismatch", digest)
    return _kept(other, "refused" if other.refused else _rebuilt(other), digest)


def _carried(slot: str, digest: str, carried: Sequence[Attachment]) -> Attachment | None:
    """The earlier application's file in that slot with that signed digest, if it came through whole."""
    found = (one for one in carried if (one.slot, one.signed_sha256, one.state) == (slot, digest, "ok"))
    return next(found, None)


def _original(ref: AttachmentRef) -> str:
    """The digest of the file as it left the resident."""
    return str(ref.evidence.get("before", "")) if ref.evidence and not ref.refused else ref.sha256


def _rebuilt(ref: AttachmentRef) -> State:
    """A file without a sanitiser's evidence, or other than the one it made, is not shown to anybody."""
    return "ok" if ref.evidence and ref.evidence.get("after") == ref.sha256 else "mismatch"


def _kept(ref: AttachmentRef, state: State, signed: str) -> Attachment:
    evidence = {**(ref.evidence or {}), **({"refused": ref.refused} if ref.refused else {})}
    here = "" if ref.refused else ref.sha256
    return Attachment(ref.slot, ref.filename, ref.media_type, ref.size, state, here, signed, evidence)
