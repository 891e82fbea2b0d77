"""What a file is, told by its bytes (never by its name): the kinds that can be made harmless."""

import re

from yakuba.procedures.file_kinds import GROUPS, PICTURES

ACCEPTED = ("application/pdf", *PICTURES)
"""Always taken, because nothing but pixels is left of them. Others only where the procedure says so."""

WORD, EXCEL, POWERPOINT = (GROUPS[name] for name in ("word", "excel", "powerpoint"))
OFFICE = frozenset((*WORD, *EXCEL, *POWERPOINT))
CSV, PLAIN, ARCHIVE = "text/csv", "text/plain", "application/zip"
OLE = "application/x-ole-storage"
"""The container of old office documents, of a kind that cannot be told (or not yet: only its beginning is here)."""
LOCKED_OFFICE = "application/x-locked-office"
"""An office document that is encrypted with a password (MS-OFFCRYPTO)."""

_PREFIXES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_ZIP_HEAD, _ZIP_ENTRY, _ZIP_END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ODF_MARK = b"mimetypeapplication/vnd.oasis.opendocument."
_MOST_NAMES = 5_000
_OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (  # [MS-CFB] names are UTF-16LE
    ("EncryptedPackage", LOCKED_OFFICE),
    ("WordDocument", WORD[1]),
    ("PowerPoint Document", POWERPOINT[1]),
    ("Workbook", EXCEL[1]),
    ("Book", EXCEL[1]),
)
_NOT_TEXT = re.compile(
    rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]"
)  # escape (ISO-2022-JP) and form feed may stand
_MARKUP = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")


def sniff(data: bytes) -> str | None:
    """The media type of a file, or ``None`` if it is of no kind known here. Text is never guessed: see :func:`told`.

    64 bytes are enough, but an office document is told from other containers (:data:`ARCHIVE`, :data:`OLE`) only
    when all of it is here. A PDF must begin at the first byte: readers tolerate other bytes before it, which is how
    one file passes for two kinds.
    """
    for prefix, media_type in _PREFIXES:
        if data.startswith(prefix):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(_ZIP_HEAD):
        return _in_zip(data)
    if data.startswith(_OLE_HEAD):
        return _in_ole(data)
    return _iso_media(data) if data[4:8] == b"ftyp" else None


def told(data: bytes, filename: str) -> str | None:
    """As :func:`sniff`, and text where nothing speaks against it. ``filename`` decides between two harmless
    treatments only: whether text is a table (CSV)."""
    found = sniff(data)
    if found is not None or not data or _MARKUP.match(data) or b"<script" in data[:4096].lower():
        return found
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf16 and _NOT_TEXT.search(data[:1_000_000]):
        return None
    return CSV if filename.lower().endswith((".csv", ".tsv")) else PLAIN


def _in_zip(data: bytes) -> str:
    """OOXML (ISO/IEC 29500-2), ODF (ISO/IEC 26300-3) or any other ZIP."""
    if data.startswith(_ODF_MARK, 30):  # right after the first entry's head (ISO/IEC 26300-3, 3.3)
        kind = data[30 + len(_ODF_MARK) :][:12]
        for name, media_type in (
            (b"text", WORD[2]),
            (b"spreadsheet", EXCEL[2]),
            (b"presentation", POWERPOINT[2]),
        ):
            if kind.startswith(name):
                return media_type
    names = _zip_names(data)
    if b"[Content_Types].xml" in names:
        for folder, group in ((b"word/", WORD), (b"xl/", EXCEL), (b"ppt/", POWERPOINT)):
            if any(name.startswith(folder) for name in names):
                return group[0]
    return ARCHIVE


def _zip_names(data: bytes) -> set[bytes]:
    """The names in the central directory (APPNOTE 4.3.12), read without a library: this runs outside the sandbox."""
    end = data.rfind(_ZIP_END, max(0, len(data) - 65_557))
    if end < 0:
        return set()
    names: set[bytes] = set()
    at = int.from_bytes(data[end + 16 : end + 20], "little")
    while data[at : at + 4] == _ZIP_ENTRY and len(names) < _MOST_NAMES:
        name, extra, comment = (
            int.from_bytes(data[at + offset : at + offset + 2], "little") for offset in (28, 30, 32)
        )
        names.add(data[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment
    return names


def _in_ole(data: bytes) -> str:
    for name, media_type in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            return media_type
    return OLE


def _iso_media(data: bytes) -> str | None:
    """HEIF and AVIF share the ISO base media form; the brands (ISO/IEC 14496-12 section 4.3) tell them apart."""
    length = int.from_bytes(data[:4], "big")
    box = data[: min(length, 64)]
    brands = {box[8:12], *(box[start : start + 4] for start in range(16, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if brands & _HEIF_BRANDS else None
