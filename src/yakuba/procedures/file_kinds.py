"""The kinds of files a procedure may take, by media type, and the short names definitions and towns use for groups.

Every kind here the gateway can make harmless; a test compares. What a file field takes where it says nothing is
:data:`USUAL`: what a telephone's camera and a scanner make.
"""

from collections.abc import Iterable
from types import MappingProxyType

from yakuba.base.catalog import text
from yakuba.base.texts import Text

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

USUAL = ("image/jpeg", "image/png", "image/heic", "application/pdf")
PICTURES = ("image/jpeg", "image/png", "image/heic", "image/avif", "image/webp", "image/tiff")
GROUPS = MappingProxyType(
    {
        "word": (
            f"{_OOXML}.wordprocessingml.document",
            "application/msword",
            f"{_ODF}.text",
            "application/rtf",
        ),
        "excel": (
            f"{_OOXML}.spreadsheetml.sheet",
            "application/vnd.ms-excel",
            f"{_ODF}.spreadsheet",
        ),
        "powerpoint": (
            f"{_OOXML}.presentationml.presentation",
            "application/vnd.ms-powerpoint",
            f"{_ODF}.presentation",
        ),
        "csv": ("text/csv",),
        "text": ("text/plain",),
        "zip": ("application/zip",),
    }
)
"""Short name → media types."""

SUFFIXES = MappingProxyType(
    {
        "word": (".docx", ".docm", ".doc", ".odt", ".rtf"),
        "excel": (".xlsx", ".xlsm", ".xls", ".ods"),
        "powerpoint": (".pptx", ".pptm", ".ppt", ".odp"),
        "csv": (".csv",),
        "text": (".txt",),
        "zip": (".zip",),
    }
)
"""Name endings a browser's file chooser needs where the computer does not know the media type."""

KNOWN = (*PICTURES, "application/pdf", *(kind for kinds in GROUPS.values() for kind in kinds))
METHODS = ("raster", "disarm")
"""How a PDF is made harmless: drawn anew page by page (the usual way), or kept as text without its active parts."""


def expanded(accepts: Iterable[str]) -> tuple[str, ...]:
    """Media types of a field's ``accepts``, its group names spelled out; :data:`USUAL` if it says nothing."""
    named = tuple(accepts) or USUAL
    return tuple(dict.fromkeys(kind for name in named for kind in GROUPS.get(name, (name,))))


def chooser(accepts: Iterable[str]) -> str:
    """The value of the HTML attribute ``accept``: media types, and the endings of groups."""
    types = expanded(accepts)
    endings = (end for group, kinds in GROUPS.items() if set(kinds) & set(types) for end in SUFFIXES[group])
    return ",".join((*types, *endings))


def in_words(accepts: Iterable[str]) -> Text:
    """``写真（JPEG・PNG・HEIC）、PDF、エクセル`` in the three languages."""
    types = set(expanded(accepts))
    keys = ["photo"] if types & set(PICTURES) else []
    keys += ["pdf"] if "application/pdf" in types else []
    keys += [group for group, kinds in GROUPS.items() if types & set(kinds)]
    words = [text("yakuba.procedures", f"file_kinds.{key}") for key in keys]
    return Text(
        "、".join(one.ja for one in words),
        ", ".join(one.en for one in words),
        "、".join(one.easy for one in words),
    )
