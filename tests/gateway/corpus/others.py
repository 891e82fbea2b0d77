"""Pictures, tables and text that deceive, and kinds that never come through."""

import os

from tests.gateway import files
from tests.gateway.corpus.office_files import docx
from tests.gateway.corpus.specimen import Specimen
from yakuba.gateway.sanitise.policy import USUAL

_FORMULAS = (
    "名前,式\n葉山,=1+1\n葉山,+cmd|' /C calc'!A0\n葉山,@SUM(1)\n葉山,-2+3+cmd|'/C calc'!A0\n葉山,＝1+1\n"
    '"　=HYPERLINK(""http://127.0.0.1"")",-5\n'
)


def _refused(name: str, make: object, reason: str, filename: str = "写真.jpg") -> Specimen:
    return Specimen("Other", name, make, "refuse", filename, reason=reason)  # type: ignore[arg-type]


OTHERS: tuple[Specimen, ...] = (
    Specimen("Picture", "place and telephone in a photograph", files.placed_photograph, "disarm", "写真.jpg", frozenset({"exif", "location"}), (b"PhoneModel", b"Exif"), method="raster"),
    Specimen("Picture", "an archive behind a photograph (polyglot)", lambda: files.photograph("JPEG") + b"PK\x03\x04" + os.urandom(64), "disarm", "写真.jpg", frozenset({"archive"}), (b"PK\x03\x04",), method="raster"),
    Specimen("Picture", "script in a comment (polyglot)", lambda: files.photograph("JPEG", comment=b"<script>alert(1)</script>"), "disarm", "写真.jpg", frozenset({"comment", "script"}), (b"<script",), method="raster"),
    _refused("40,000 × 40,000 pixels in a few kilobytes (pixel bomb)", lambda: files.pixel_bomb(40_000, 40_000), "too_large_picture"),
    _refused("half a photograph", lambda: (data := files.photograph("JPEG"))[: len(data) // 2], "broken"),
    _refused("half a picture", lambda: files.photograph("PNG")[:2000], "broken"),
    _refused("noise that says JPEG", lambda: b"\xff\xd8\xff\xe0" + os.urandom(5000), "broken"),
    _refused("noise that says HEIC", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + os.urandom(5000), "broken"),
    _refused("animation (GIF)", lambda: files.photograph("GIF"), "not_supported"),
    _refused("drawing with script (SVG)", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_supported", "図.svg"),
    _refused("drawing under the name of text (SVG)", lambda: b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not_supported", "図.txt"),
    _refused("web page", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "not_supported", "a.html"),
    _refused("program (Windows)", lambda: b"MZ\x90\0" + bytes(200), "not_supported", "a.exe"),
    _refused("program under the name of a photograph", lambda: b"\x7fELF\2\1\1\0" + bytes(200), "not_supported"),
    _refused("nothing", lambda: b"", "empty"),
    Specimen("Other", "Word document where only PDF and photographs are asked for", docx, "refuse", "書類.docx", reason="not_supported", policy=USUAL),
    Specimen("Table", "formulas that start programs (CSV)", lambda: _FORMULAS.encode(), "disarm", "表.csv", frozenset({"formula"}),
             (b'"=', b'"+', b'"@', b'"-2+3', '"＝'.encode()), method="csv", text=("\"'=1+1\"", '"-5"')),
    _refused("6 MB of text", lambda: b"0123456789\n" * 600_000, "too_large_text", "表.txt"),
    Specimen("Text", "signs that turn the reading direction", lambda: "支払先 \u202egpj.exe\u202c\n".encode(), "disarm", "手紙.txt", frozenset({"direction_marks"}), ("\u202e".encode(),), method="text"),
    Specimen("Text", "terminal commands", lambda: b"a\x1b[2Jb\n", "disarm", "手紙.txt", frozenset({"control_characters"}), (b"\x1b",), method="text"),
)  # fmt: skip
