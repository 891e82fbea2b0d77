"""From one hostile file to a harmless one, by kind. Each way either gives a new file or says why not.

Everything that reads the file happens in a cell; here only what came out is put together, and looked at again.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image, ImageChops, ImageStat

from yakuba.gateway.sanitise import bubblewrap, office_cell, tables
from yakuba.gateway.sanitise.kinds import ACCEPTED, CSV, EXCEL, LOCKED_OFFICE, OFFICE, POWERPOINT, WORD
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.rebuild import NotReadable, Rebuilder
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.sandbox import Outcome, Sandbox
from yakuba.gateway.sanitise.wire import Pixels

PDF = "application/pdf"
_GLANCE = 40  # dots per inch at which a disarmed page is compared with the page it was
_SAME_ENOUGH = 2.0  # mean difference per pixel, 0 to 255: a line of text that is missing makes more
_ACTIVE = frozenset(
    (
        *(
            "javascript",
            "open_action",
            "automatic_action",
            "launch",
            "embedded_file",
            "xfa",
            "form",
            "submit_form",
        ),
        *("import_data", "remote_link", "link", "rich_media", "encryption", "archive", "script", "program"),
    )
)
# LibreOffice's names of its filters for reading and writing, and the ending it wants.
_FILTERS = {
    WORD[0]: ("MS Word 2007 XML", "writer_pdf_Export", ".docx"),
    WORD[1]: ("MS Word 97", "writer_pdf_Export", ".doc"),
    WORD[2]: ("writer8", "writer_pdf_Export", ".odt"),
    WORD[3]: ("Rich Text Format", "writer_pdf_Export", ".rtf"),
    EXCEL[0]: ("Calc MS Excel 2007 XML", "calc_pdf_Export", ".xlsx"),
    EXCEL[1]: ("MS Excel 97", "calc_pdf_Export", ".xls"),
    EXCEL[2]: ("calc8", "calc_pdf_Export", ".ods"),
    POWERPOINT[0]: ("Impress MS PowerPoint 2007 XML", "impress_pdf_Export", ".pptx"),
    POWERPOINT[1]: ("MS PowerPoint 97", "impress_pdf_Export", ".ppt"),
    POWERPOINT[2]: ("impress8", "impress_pdf_Export", ".odp"),
}


@dataclass(slots=True)
class Spent:
    """What was found out and used up on the way, kept in the evidence of refusals too."""

    removed: set[str] = field(default_factory=set)
    cpu_ms: int = 0
    walls: tuple[str, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Take over what one cell's run says."""
        self.removed |= set(outcome.removed)
        self.cpu_ms += outcome.cpu_ms
        self.walls = outcome.walls


@dataclass(frozen=True, slots=True)
class Made:
    """The new file: its bytes, what it is, how it was made."""

    data: bytes
    media_type: str
    method: str
    pages: int


def make(data: bytes, kind: str, policy: Policy, sandbox: Sandbox, limits: Limits, spent: Spent) -> Made:
    """A harmless file from ``data`` of ``kind`` (archives: see :mod:`.archive`).

    Raises:
        Refused: with the reason.
        SandboxBroken: the machine's fault, not the file's.
    """
    if kind == LOCKED_OFFICE:
        raise Refused("locked")
    if kind == PDF and policy.pdf == "disarm":
        return _disarmed(data, sandbox, limits, spent)
    if kind in ACCEPTED:
        return _drawn(data, kind, sandbox, limits, spent, "raster")
    if kind in OFFICE:
        return _converted(data, kind, sandbox, limits, spent)
    return _text(data, kind, sandbox, limits, spent)


def _drawn(data: bytes, kind: str, sandbox: Sandbox, limits: Limits, spent: Spent, method: str) -> Made:
    rebuilder = Rebuilder(picture=kind != PDF)
    try:
        outcome = sandbox.take_apart(data, kind, limits, rebuilder.add)
        _judge(outcome, spent)
        if not outcome.pages:
            raise Refused("failed")
        built, media_type = rebuilder.finish()
    except NotReadable as error:
        raise Refused("failed") from error
    return Made(built, media_type, method, outcome.pages)


def _judge(outcome: Outcome, spent: Spent) -> None:
    spent.add(outcome)
    if outcome.refused:
        raise Refused(outcome.refused)


def _disarmed(data: bytes, sandbox: Sandbox, limits: Limits, spent: Spent) -> Made:
    """Kept as text if every page still looks the same and nothing active is named in it any more, else drawn anew."""
    files: list[bytes] = []
    outcome = sandbox.run("disarm", data, PDF, limits, on_file=lambda _name, made: files.append(made))
    spent.add(outcome)
    if outcome.refused in ("locked", "too_many_pages"):
        raise Refused(outcome.refused)
    if outcome.refused or not files or not _stands(data, files[0], sandbox, limits, spent):
        spent.notes["instead_of"] = "disarm"
        return _drawn(data, PDF, sandbox, limits, spent, "raster")
    return Made(files[0], PDF, "disarm", outcome.facts.get("page_count", 0))


def _stands(data: bytes, made: bytes, sandbox: Sandbox, limits: Limits, spent: Spent) -> bool:
    """Whether ``made``, opened in a cell of its own, has nothing active in it and looks like ``data`` on every page."""
    after, named = _glances(made, sandbox, limits, spent)
    if not after or named & _ACTIVE:
        return False
    before, _named = _glances(data, sandbox, limits, spent)
    return _alike(before, after)


def _glances(data: bytes, sandbox: Sandbox, limits: Limits, spent: Spent) -> tuple[list[Pixels], set[str]]:
    """Small pictures of all pages, none if they cannot be drawn; and what was seen in the document."""
    pages: list[Pixels] = []
    outcome = sandbox.take_apart(data, PDF, replace(limits, dots_per_inch=_GLANCE), pages.append)
    spent.cpu_ms += outcome.cpu_ms
    return [] if outcome.refused else pages, set(outcome.removed)


def _alike(before: list[Pixels], after: list[Pixels]) -> bool:
    return len(before) == len(after) and all(
        _difference(one, other) <= _SAME_ENOUGH for one, other in zip(before, after, strict=True)
    )


def _difference(one: Pixels, other: Pixels) -> float:
    if (one.width, one.height) != (other.width, other.height):
        return 255.0
    pair = [
        Image.frombytes("RGB" if page.channels == 3 else "L", (page.width, page.height), page.data).convert(
            "RGB"
        )
        for page in (one, other)
    ]
    return max(ImageStat.Stat(ImageChops.difference(*pair)).mean)


def _converted(data: bytes, kind: str, sandbox: Sandbox, limits: Limits, spent: Spent) -> Made:
    at = office_cell.installation()
    if at.missing:
        spent.notes["missing"] = list(at.missing)
        raise Refused("office_not_installed")
    _judge(sandbox.run("office", data, kind, limits), spent)
    reading, writing, suffix = _FILTERS[kind]
    converted = office_cell.convert(data, (reading, writing), suffix, limits, at)
    spent.cpu_ms += converted.cpu_ms
    spent.notes["office_walls"] = list(bubblewrap.WALLS)
    if converted.refused:
        raise Refused(converted.refused)
    seen = set(spent.removed)
    made = _drawn(converted.data, PDF, sandbox, limits, spent, "office")
    spent.removed = seen  # what the converted file has is not what the resident sent
    return made


def _text(data: bytes, kind: str, sandbox: Sandbox, limits: Limits, spent: Spent) -> Made:
    files: list[bytes] = []
    outcome = sandbox.run("text", data, kind, limits, on_file=lambda _name, made: files.append(made))
    _judge(outcome, spent)
    try:
        words = files[0].decode()
        if kind != CSV:
            return Made(words.encode(), kind, "text", 0)
        table, formulas = tables.neutral_csv(words)
    except (IndexError, UnicodeDecodeError, tables.NotATable) as error:
        raise Refused("broken") from error
    if formulas:
        spent.removed.add("formula")
    return Made(table.encode(), kind, "csv", 0)
