"""Inside the sandbox: the members of a ZIP, counted before they are believed. Only stored and deflated ones are read.

Names are not paths here: whatever would leave its folder, or stands for another file, refuses the whole archive.
"""

import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO

from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.wire import Write, end_record, file_record

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED, _UTF8 = 0x1, 0x800
_RUBBISH = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def members(data: bytes, _media_type: str, limits: Limits, write: Write) -> None:
    """Hand over every file of the archive ``data``, then the closing statement.

    Raises:
        Refused: locked, unsafe names, too many or too large members, or nothing in it.
        Exception: whatever the library raises at an archive it cannot read; that too is a refusal.
    """
    count, removed = 0, set()
    with opened(data, limits) as archive:
        for entry in archive.infolist():
            name = plain(entry)
            if _is_rubbish(name):
                removed.add("system_files")
            elif not entry.is_dir():
                write(file_record(name, contents(archive, entry)))
                count += 1
    if not count:
        raise Refused("empty")
    write(end_record({"files": count, "removed": sorted(removed)}))


def opened(data: bytes, limits: Limits, entries: int | None = None) -> zipfile.ZipFile:
    """The archive, its entries checked against every cap and for everything no honest archive has.

    Raises:
        Refused: with the reason.
    """
    if declared_entries(data) > (entries or limits.entries):
        raise Refused("archive_too_many")
    archive = zipfile.ZipFile(BytesIO(data))
    listed = archive.infolist()
    if len(listed) > (entries or limits.entries):
        raise Refused("archive_too_many")
    for entry in listed:
        _check(entry)
    total = sum(entry.file_size for entry in listed)
    if total > limits.unpacked or total > max(len(data), 65_536) * limits.ratio:
        raise Refused("archive_bomb")
    if list(_overlapping(listed)):
        raise Refused("archive_bomb")
    return archive


def declared_entries(data: bytes) -> int:
    """How many entries the end record states, without building a list of them (APPNOTE 4.3.16; 65,535: more)."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    return int.from_bytes(data[end + 10 : end + 12], "little") if end >= 0 else 0


def contents(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One member; never more bytes than it declares, whatever its stream would give.

    Raises:
        Refused: its stream is longer or shorter than declared.
    """
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise Refused("broken")
    return data


def plain(entry: zipfile.ZipInfo) -> str:
    """The member's name; Japanese Windows writes Shift_JIS and does not say so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return entry.filename


def _check(entry: zipfile.ZipInfo) -> None:
    name = plain(entry).replace("\\", "/")
    mode = entry.external_attr >> 16
    if entry.flag_bits & _ENCRYPTED:
        raise Refused("locked")
    if entry.compress_type not in _METHODS:
        raise Refused("broken")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or "\0" in entry.orig_filename:
        raise Refused("archive_unsafe")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused("archive_unsafe")


def _overlapping(listed: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """Entries that share bytes with the one before: how 46 MB become 4.5 PB without nesting (Fifield 2019)."""
    end = -1
    for entry in sorted(listed, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            yield entry
        end = (
            entry.header_offset
            + 30
            + len(entry.orig_filename.encode("utf-8", "replace"))
            + entry.compress_size
        )


def _is_rubbish(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_RUBBISH[0]) or lower.rsplit("/", 1)[-1] in _RUBBISH
