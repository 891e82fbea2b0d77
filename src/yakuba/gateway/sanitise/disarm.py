"""Inside the sandbox: a PDF written anew from what its pages show, without anything that acts, fetches or hides.

Not a list of what is bad, which is never complete: of a page only what draws it is taken over (ISO 32000-2, table 31),
of the document nothing but its pages. What forms and comments look like becomes part of the page.
"""

import warnings
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from yakuba.gateway.sanitise import findings
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.wire import Write, end_record, file_record

_PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Group")
_RESOURCES = (
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
    "/ProcSet",
)
# In whatever a page draws with: keys that act, fetch, hide another document, or hold what is not drawn.
_DROPPED = frozenset(
    (
        *(
            "/A",
            "/AA",
            "/AF",
            "/Alternates",
            "/Annots",
            "/B",
            "/DPartRoot",
            "/F",
            "/FDecodeParms",
            "/FFilter",
        ),
        *(
            "/JS",
            "/LastModified",
            "/Measure",
            "/Metadata",
            "/OPI",
            "/OpenAction",
            "/PieceInfo",
            "/PtData",
            "/Ref",
        ),
        *("/RichMediaContent", "/StructParent", "/StructParents", "/Thumb", "/URI", "/XFA", "/EF", "/Names"),
    )
)
_DROPPED_SUBTYPES = ("/PS",)  # PostScript in a page
_NAMED = frozenset((*_RESOURCES, "/CharProcs", "/Colorants"))  # their keys are the document's own names
_DEEPEST = 60
_MOST_OBJECTS = 200_000


def disarm(data: bytes, _media_type: str, limits: Limits, write: Write) -> None:
    """Hand over the document with its text and fonts, without its active parts; then the closing statement.

    Raises:
        Refused: a password is needed, there are too many pages, or it is built to cost.
        Exception: whatever the library raises at a file it cannot read; that too is a refusal.
    """
    try:
        source = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    with source:
        pages = len(source.pages)
        if not 0 < pages <= limits.pages:
            raise Refused("too_many_pages" if pages else "broken")
        written = _written(source)
    write(file_record("document.pdf", written))
    write(end_record({"files": 1, "page_count": pages, "removed": sorted(findings.in_pdf(data))}))


def _written(source: Pdf) -> bytes:
    if "/AcroForm" in source.Root and "/XFA" in source.Root.AcroForm:
        del source.Root.AcroForm["/XFA"]
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    with Pdf.new() as made, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", pikepdf.PageCopyWarning
        )  # that form fields stay behind is what we want
        made.pages.extend(source.pages)  # with what they inherit; the rest of the old document stays behind
        cleaner = _Cleaner()
        for page in made.pages:
            _strip_page(page.obj)
            cleaner.clean(page.obj, 0)
        out = BytesIO()
        # plain objects: the next cell reads every name in the file, in the clear
        made.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            recompress_flate=True,
            deterministic_id=True,
        )
    return out.getvalue()


def _strip_page(page: Object) -> None:
    """Keep what draws the page."""
    for key in list(page.keys()):
        if key not in (*_PAGE_KEYS, "/Type", "/Parent"):
            del page[key]
    resources = page.get("/Resources")
    if isinstance(resources, Dictionary):
        for key in list(resources.keys()):
            if key not in _RESOURCES:
                del resources[key]


class _Cleaner:
    """Walks everything the pages draw with, once."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()
        self._count = 0

    def clean(self, node: Object, depth: int, *, named: bool = False) -> None:
        """Drop what must not stay, in ``node`` and below.

        Raises:
            Refused: deeper or more than any printed page needs.
        """
        if isinstance(node, Array):
            children = [("", child) for child in list(node)]
        elif isinstance(node, Dictionary | Stream):
            if node.is_indirect and node.objgen in self._seen:
                return
            self._seen.add(node.objgen)
            if not named:
                self._drop(node)
            children = [(key, node[key]) for key in node.keys() if key != "/Parent"]  # noqa: SIM118 - not a dict
        else:
            return
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_OBJECTS:
            raise Refused("too_costly")
        for key, child in children:
            if isinstance(child, Object):
                self.clean(child, depth + 1, named=key in _NAMED and not named)

    def _drop(self, node: Object) -> None:
        if node.get("/Subtype") in [Name(name) for name in _DROPPED_SUBTYPES]:
            node["/Subtype"] = Name.Form
        for key in list(node.keys()):
            if key in _DROPPED and not (key == "/F" and not isinstance(node, Stream)):
                del node[key]
