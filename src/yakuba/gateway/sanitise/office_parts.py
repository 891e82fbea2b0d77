"""Inside the sandbox: a look into an office document before it is converted, for what it hides and what it would cost.

The conversion keeps nothing of this but print; what refuses a document here is what could hurt the conversion itself.
"""

import re
from collections.abc import Iterator

from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.unpack import contents, opened, plain
from yakuba.gateway.sanitise.wire import Write, end_record

_MOST_PARTS = 5_000
_PARTS = (  # in a part's name
    (re.compile(r"vbaproject|(^|/)basic/|(^|/)scripts/|macrosheets/", re.I), "macro"),
    (re.compile(r"embeddings/|oleobject|(^|/)object ?\d+/", re.I), "ole"),
    (re.compile(r"activex/|ctrlprops/", re.I), "active_x"),
    (re.compile(r"customui/", re.I), "custom_ui"),
)
_WORDS = (  # in a part's contents
    (re.compile(rb"\bDDE(?:AUTO)?\s|<ddeLink|dde-(?:source|link)|ddeService", re.I), "dde"),
    (
        re.compile(rb"TargetMode\s*=\s*[\"']External|xlink:href\s*=\s*[\"'](?:https?|ftp|file|smb):", re.I),
        "external_reference",
    ),
    (re.compile(rb"/attachedTemplate[\"']"), "template_reference"),
    (re.compile(rb"<f[ >]|formula=\"", re.I), "formula"),
)
_ODF_LOCK = re.compile(rb"<[^>]{0,40}encryption-data")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_OLE_NAMES = (
    tuple(  # [MS-CFB] names are UTF-16LE; worked out here, because a locked cell loads no codec any more
        (name.encode("utf-16-le"), label)
        for name, label in (
            ("_VBA_PROJECT", "macro"),
            ("Macros", "macro"),
            ("ObjectPool", "ole"),
            ("Ole10Native", "ole"),
        )
    )
)
_RTF_WORDS = (
    (re.compile(rb"\\obj(?:data|emb|link|ocx)"), "ole"),
    (re.compile(rb"\bDDE(?:AUTO)?\b"), "dde"),
    (re.compile(rb"\\\*\\template"), "template_reference"),
)


def look(data: bytes, _media_type: str, limits: Limits, write: Write) -> None:
    """Say what was seen in the document ``data``, in the closing statement.

    Raises:
        Refused: locked, too large when unpacked, or with a document type declaration (which no office program writes).
    """
    if data.startswith(b"PK"):
        found = set(_in_parts(data, limits))
    elif data.startswith(b"{\\rtf"):
        found = {label for pattern, label in _RTF_WORDS if pattern.search(data)}
    else:
        found = {label for name, label in _OLE_NAMES if name in data}
        found |= {"dde"} if re.search(rb"\bDDEAUTO\b", data) else set()
    write(end_record({"removed": sorted(found)}))


def _in_parts(data: bytes, limits: Limits) -> Iterator[str]:
    with opened(data, limits, _MOST_PARTS) as package:
        for entry in package.infolist():
            name, part = plain(entry), contents(package, entry)
            yield from (label for pattern, label in _PARTS if pattern.search(name))
            if name.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
                yield from _in_words(name, _as_ascii(part))


def _in_words(name: str, part: bytes) -> Iterator[str]:
    if _DECLARATION.search(part):
        raise Refused("xml_declaration")
    if name.lower() == "meta-inf/manifest.xml" and _ODF_LOCK.search(part):
        raise Refused("locked")
    yield from (label for pattern, label in _WORDS if pattern.search(part))


def _as_ascii(part: bytes) -> bytes:
    """XML in UTF-16 or UTF-32 with its zeros taken out: enough to find words of markup in it."""
    return part.replace(b"\0", b"") if b"\0" in part[:64] else part
