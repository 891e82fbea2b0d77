"""What was seen in a file that does not survive the rebuilding. Seen, not searched exhaustively: the rebuilding keeps
nothing but pixels, whether or not it was noticed here."""

import re
import zlib
from typing import Any

from PIL import Image

_MOST_INFLATED = 16 * 1024 * 1024
_NAMES = {
    b"JavaScript": "javascript",
    b"JS": "javascript",
    b"OpenAction": "open_action",
    b"AA": "automatic_action",
    b"Launch": "launch",
    b"EmbeddedFile": "embedded_file",
    b"EmbeddedFiles": "embedded_file",
    b"XFA": "xfa",
    b"AcroForm": "form",
    b"SubmitForm": "submit_form",
    b"ImportData": "import_data",
    b"GoToR": "remote_link",
    b"URI": "link",
    b"RichMedia": "rich_media",
    b"Movie": "rich_media",
    b"Sound": "rich_media",
    b"Encrypt": "encryption",
    b"Metadata": "metadata",
}
_NAME = re.compile(rb"/([A-Za-z#][A-Za-z0-9#]{1,40})(?=[\s/<(\[\]>)%]|$)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_FOREIGN = (
    (b"PK\x03\x04", "archive"),
    (b"<script", "script"),
    (b"<?php", "script"),
    (b"MZ\x90\0", "program"),
)


def in_pdf(data: bytes) -> set[str]:
    """Active and hidden content named in a PDF, also inside compressed object streams (up to a cap)."""
    found = _names(data) | _foreign(data)
    left = _MOST_INFLATED
    for match in _OBJECT_STREAM.finditer(data):
        inflated = _inflate(data[match.end() :], left)
        found |= _names(inflated)
        left -= len(inflated)
        if left <= 0:
            break
    return found


def in_picture(picture: Image.Image, data: bytes) -> set[str]:
    """Metadata and hidden content of a picture."""
    found = _foreign(data)
    exif = picture.getexif()
    if exif:
        if picture.format != "TIFF":  # whose own structure reads like EXIF
            found.add("exif")
        if exif.get_ifd(0x8825):
            found.add("location")
    info: dict[Any, Any] = picture.info
    for key, label in (
        ("xmp", "xmp"),
        ("icc_profile", "colour_profile"),
        ("comment", "comment"),
        ("thumbnails", "thumbnail"),
    ):
        if info.get(key):
            found.add(label)
    if getattr(picture, "text", None):
        found.add("text")
    if getattr(picture, "n_frames", 1) > 1:
        found.add("further_frames")
    return found


def _names(data: bytes) -> set[str]:
    found = set()
    for match in _NAME.finditer(data):
        name = _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), match[1])
        if name in _NAMES:
            found.add(_NAMES[name])
    return found


def _inflate(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _foreign(data: bytes) -> set[str]:
    """Another kind of file inside or behind this one."""
    return {label for mark, label in _FOREIGN if data.find(mark) > 0}
