"""A notice as PDF: Typst, one compiler kept for the life of the process, the one font, no other file read.

The result is PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), and byte for byte the same for the same notice
and moment. A fresh compiler a notice would read the 16 MB font each time (see ``benchmarks/notices.py``).
"""

import json
import threading
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

import segno
import typst
from noto_cjk_sans_jp_regular import FONT_PATH

from yakuba.casework.notices.data import NoticeData
from yakuba.casework.notices.glyphs import MissingGlyph, missing_glyphs
from yakuba.casework.notices.kinds import kind as kind_named
from yakuba.casework.notices.letterheads import letterhead
from yakuba.casework.notices.view import Identity, Printed, printed

_SOURCE = (resources.files("yakuba.casework.notices") / "templates" / "notice.typ").read_bytes()


class CannotPrint(ValueError):
    """Characters of the notice are not in the font: a person writes this one. ``missing`` names them."""

    def __init__(self, missing: tuple[MissingGlyph, ...]) -> None:
        self.missing = missing
        listed = "、".join(str(one) for one in missing)
        super().__init__(f"フォントにない文字があるため印刷できません: {listed}")


class Renderer:
    """Keeps fonts and compiler. Typst's compiler is used by one thread at a time."""

    def __init__(self) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(FONT_PATH).parent)]
        )
        self._compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
        self._lock = threading.Lock()

    def pdf(self, view: Printed, at: datetime) -> bytes:
        """``view`` laid out; ``at`` is the document's date of creation.

        Raises:
            CannotPrint: it holds a character the font lacks.
        """
        missing = missing_glyphs({key: value for key, value in view.items() if key != "qr"})
        if missing:
            raise CannotPrint(missing)
        with self._lock:
            made = self._compiler.compile(
                input=_SOURCE,
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(at.timestamp()),
                sys_inputs={"data": json.dumps(view, ensure_ascii=False)},
            )
        assert isinstance(made, bytes)
        return made


@cache
def renderer() -> Renderer:
    """The process's own renderer, made at first use."""
    return Renderer()


def view_of(municipality: str, kind: str, data: NoticeData, number: str, verify_url: str) -> Printed:
    """What is printed for one notice of a municipality.

    Raises:
        UnknownKind, NoLetterhead, IncompleteNotice, ValueError: see those.
    """
    identity = Identity(number, verify_url, qr_svg(verify_url))
    return printed(kind_named(kind), data, letterhead(municipality), identity)


def qr_svg(url: str) -> str:
    """The QR code (JIS X 0510) of ``url`` as SVG, error correction M."""
    return str(segno.make(url, error="m", micro=False).svg_inline(border=1, omitsize=True))
