"""An archive (ZIP): every member made harmless by itself, and those that came through put into a new archive.

One level only: an archive in an archive is refused, and so is the whole if it is built to deceive. Members that cannot
come through are left out and named in the evidence, so that the clerk knows what is missing.
"""

import hashlib
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from yakuba.gateway.sanitise.kinds import ARCHIVE, told
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.making import Made, Spent, make
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.sandbox import Sandbox

SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "text/csv": ".csv",
    "text/plain": ".txt",
    ARCHIVE: ".zip",
}
_LONGEST_NAME = 80
_WHEN = (1980, 1, 1, 0, 0, 0)  # times are not carried over, and the same members give the same archive


def make_archive(
    data: bytes, _kind: str, policy: Policy, sandbox: Sandbox, limits: Limits, spent: Spent
) -> Made:
    """A new archive of the members of ``data`` that ``policy`` lets through.

    Raises:
        Refused: with the reason; that of the first member if none comes through.
        SandboxBroken: the machine's fault.
    """
    files: list[tuple[str, bytes]] = []
    outcome = sandbox.run(
        "members", data, ARCHIVE, limits, on_file=lambda name, member: files.append((name, member))
    )
    spent.add(outcome)
    if outcome.refused:
        raise Refused(outcome.refused)
    if any(told(member, name) == ARCHIVE for name, member in files):
        raise Refused("archive_nested")
    members, made = [], []
    for number, (name, member) in enumerate(files, 1):
        if spent.cpu_ms > limits.archive_cpu_seconds * 1000:
            raise Refused("too_costly")
        record, new = _member(number, name, member, policy, sandbox, limits, spent)
        members.append(record)
        made += [(record["name"], new.data)] if new else []
    spent.notes["members"] = members
    if not made:
        raise Refused(members[0]["refused"] if len(members) == 1 else "archive_nothing")
    return Made(_zipped(made), ARCHIVE, "archive", len(made))


def _member(
    number: int, name: str, data: bytes, policy: Policy, sandbox: Sandbox, limits: Limits, spent: Spent
) -> tuple[dict[str, Any], Made | None]:
    """The evidence of one member, and its new file if it came through."""
    own, before = Spent(), hashlib.sha256(data).hexdigest()
    kind, made, refused = told(data, name), None, None
    try:
        if not data:
            raise Refused("empty")
        if kind is None or kind not in policy.kinds:
            raise Refused("not_supported")
        made = make(data, kind, policy, sandbox, limits, own)
    except Refused as refused_for:
        refused = refused_for.code
    spent.cpu_ms += own.cpu_ms
    spent.removed |= own.removed
    record: dict[str, Any] = {
        "name": member_name(number, name, made.media_type if made else None),
        "before": before,
        "after": hashlib.sha256(made.data).hexdigest() if made else None,
        "media_type": made.media_type if made else None,
        "method": made.method if made else None,
        "pages": made.pages if made else 0,
        "size": len(made.data) if made else 0,
        "removed": sorted(own.removed),
        "refused": refused,
        **own.notes,
    }
    return record, made


def member_name(number: int, name: str, media_type: str | None) -> str:
    """``03 見積書.pdf``: numbered, without folders or characters that mean something to any system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(char if char.isprintable() and char not in '<>:"/\\|?*' else "_" for char in last).strip(
        " ."
    )
    if media_type is None:
        return f"{number:02} {plain[:_LONGEST_NAME]}"
    stem = PurePosixPath(plain).stem if plain else ""
    return f"{number:02} {stem[:_LONGEST_NAME] or 'file'}{SUFFIXES[media_type]}"


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # what is inside is compressed already
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data)
    return out.getvalue()
