"""PDF that acts, fetches, hides, or costs."""

import os
import zlib
from dataclasses import replace
from functools import partial

from tests.gateway import files
from tests.gateway.corpus.specimen import DISARM, Specimen
from tests.gateway.files import one_page_pdf, stream
from yakuba.gateway.sanitise.limits import Limits

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
_MARKS = (
    *(
        b"JavaScript",
        b"/JS",
        b"/AA",
        b"Launch",
        b"Embedded",
        b"/URI",
        b"XFA",
        b"<script",
        b"PK\x03\x04",
        b"OpenAction",
    ),
    *(b"SubmitForm", b"GoToR", b"RichMedia", b"/AcroForm", b"cmd.exe", b"MZ\x90"),
)
_FORM = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(HAYAMA TARO)/Rect[100 500 500 540]/DA(/Helv 24 Tf 0 g)/F 4>>"
_FORM_FONTS = b"/DA(/Helv 24 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>"


def _hidden() -> bytes:
    packed = zlib.compress(b"8 0 9 40 <</S/JavaScript/JS(x)>> <</S/Launch/F(cmd.exe)>>")
    return one_page_pdf(extra=(stream(packed, b"/Type/ObjStm/N 2/First 9/Filter/FlateDecode"),))


def _embedded() -> bytes:
    return one_page_pdf(
        catalogue=b"/Names<</EmbeddedFiles<</Names[(a.exe)6 0 R]>>>>",
        extra=(
            b"<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>",
            stream(b"MZ\x90\0program", b"/Type/EmbeddedFile"),
        ),
    )


def _external_stream() -> bytes:
    """A page whose drawing lies in a file elsewhere (ISO 32000-1 table 5, key F)."""
    return one_page_pdf().replace(b"/Length", b"/F(\\\\\\\\127.0.0.1\\\\share\\\\a)/Length", 1)


def filled_form(*, xfa: bool = False) -> bytes:
    """A form with a typed answer, as residents send it."""
    return one_page_pdf(
        catalogue=b"/AcroForm<</Fields[6 0 R]%b%b>>" % (_FORM_FONTS, b"/XFA 7 0 R" if xfa else b""),
        page=b"/Annots[6 0 R]",
        extra=(_FORM, stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")),
    )


_ACTIVE: tuple[tuple[str, partial[bytes], set[str]], ...] = (
    ("script when opened", partial(one_page_pdf, catalogue=b"/OpenAction " + SCRIPT), {"javascript", "open_action"}),
    ("script under an escaped name", partial(one_page_pdf, catalogue=b"/OpenAction<</S/Java#53cript/#4a#53(x)>>"), {"javascript"}),
    ("script in an object stream", partial(_hidden), {"javascript", "launch"}),
    ("program started when opened", partial(one_page_pdf, catalogue=b"/OpenAction<</S/Launch/F(cmd.exe)>>"), {"launch"}),
    ("action of a page", partial(one_page_pdf, page=b"/AA<</O " + SCRIPT + b">>"), {"automatic_action"}),
    ("embedded program", partial(_embedded), {"embedded_file", "program"}),
    ("form with XFA", partial(filled_form, xfa=True), {"xfa", "form"}),
    ("form that submits itself", partial(one_page_pdf, catalogue=b"/OpenAction<</S/SubmitForm/F(http://127.0.0.1/)>>"), {"submit_form"}),
    ("data fetched into a form", partial(one_page_pdf, catalogue=b"/OpenAction<</S/ImportData/F(a.fdf)>>"), {"import_data"}),
    ("link to the web", partial(one_page_pdf, page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://127.0.0.1/)>>>>]"), {"link"}),
    ("link to a file elsewhere", partial(one_page_pdf, page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(//127.0.0.1/a.pdf)/D[0/Fit]>>>>]"), {"remote_link"}),
    ("film in a page", partial(one_page_pdf, page=b"/Annots[<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>]"), {"rich_media"}),
)  # fmt: skip


def _both_ways(name: str, make: partial[bytes], seen: set[str]) -> tuple[Specimen, Specimen]:
    drawn = Specimen("PDF", name, make, "disarm", "書類.pdf", frozenset(seen), _MARKS, method="raster")
    return drawn, replace(drawn, group="PDF, kept as text", method="disarm", policy=DISARM)


_PAIRS = [_both_ways(*one) for one in _ACTIVE]
_COSTLY = Limits(seconds=3, cpu_seconds=1, memory=700_000_000)


def _refused(name: str, make: object, reason: str) -> Specimen:
    return Specimen("PDF", name, make, "refuse", "書類.pdf", reason=reason)  # type: ignore[arg-type]


DOCUMENTS: tuple[Specimen, ...] = (
    *(drawn for drawn, _kept in _PAIRS),
    Specimen("PDF", "an archive behind its end (polyglot)", lambda: one_page_pdf() + b"PK\x03\x04" + os.urandom(64),
             "disarm", "書類.pdf", frozenset({"archive"}), _MARKS, method="raster"),
    Specimen("PDF", "a web page behind its end (polyglot)", lambda: one_page_pdf() + b"<script>alert(1)</script>",
             "disarm", "書類.pdf", frozenset({"script"}), _MARKS, method="raster"),
    Specimen("PDF", "page drawn by a file elsewhere", _external_stream, "bounded", "書類.pdf", gone=(b"127.0.0.1",)),
    _refused("encrypted with a password", files.locked_pdf, "locked"),
    _refused("5,000 pages", lambda: files.page_bomb(5000), "too_many_pages"),
    _refused("a page of ten metres", lambda: one_page_pdf().replace(b"[0 0 595 842]", b"[0 0 30000 30000]"), "broken"),
    _refused("a name only", lambda: b"%PDF-1.7\n", "broken"),
    _refused("noise that says PDF", lambda: b"%PDF-1.7\n" + os.urandom(5000), "broken"),
    _refused("another file before its beginning (polyglot)", lambda: b"GIF89a\0" + one_page_pdf(), "not_supported"),
    Specimen("PDF", "forms that call forms, 20^12 times", files.costly_pdf, "bounded", "書類.pdf", limits=_COSTLY),
    Specimen("PDF", "100 MB of zeros packed twice (flate bomb)", files.flate_bomb_pdf, "bounded", "書類.pdf", limits=_COSTLY),
    *(kept for _drawn, kept in _PAIRS),
    Specimen("PDF, kept as text", "encrypted with a password", files.locked_pdf, "refuse", "書類.pdf", reason="locked", policy=DISARM),
    Specimen("PDF, kept as text", "5,000 pages", lambda: files.page_bomb(5000), "refuse", "書類.pdf", reason="too_many_pages", policy=DISARM),
    Specimen("PDF, kept as text", "an archive behind its end (polyglot)", lambda: one_page_pdf() + b"PK\x03\x04" + os.urandom(64),
             "disarm", "書類.pdf", frozenset({"archive"}), _MARKS, method="disarm", policy=DISARM),
    Specimen("PDF, kept as text", "noise that says PDF", lambda: b"%PDF-1.7\n" + os.urandom(5000), "refuse", "書類.pdf", reason="broken", policy=DISARM),
)  # fmt: skip
