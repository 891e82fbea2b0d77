"""Office documents written by hand: as few parts as the programs accept, with places for what is hostile."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from tests.gateway import files

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument"
WORDS = "就労証明書 葉山町"

Parts = Mapping[str, str | bytes]


def packed(parts: Parts, *, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP of these parts in their order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relationships(*rows: tuple[str, str, bool]) -> str:
    """``(kind, target, external)`` → a part of relationships."""
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{_DOC}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if external else ""}/>'
        for number, (kind, target, external) in enumerate(rows, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _types(**parts: str) -> str:
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        f'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>{rows}</Types>'
    )


def docx(body: str = "", extra: Parts | None = None, declaration: str = "", words: str = WORDS) -> bytes:
    """A Word document of one line in MS 明朝, then ``body`` (WordprocessingML)."""
    line = f'<w:p><w:r><w:rPr><w:rFonts w:eastAsia="ＭＳ 明朝"/><w:sz w:val="48"/></w:rPr><w:t>{words}</w:t></w:r></w:p>'
    document = f'{_HEAD}{declaration}<w:document xmlns:w="{_W}" xmlns:r="{_DOC}"><w:body>{line}{body}</w:body></w:document>'
    return packed(
        {
            "[Content_Types].xml": _types(
                **{"word/document.xml": f"{_TYPES}.wordprocessingml.document.main+xml"}
            ),
            "_rels/.rels": relationships(("officeDocument", "word/document.xml", False)),
            "word/document.xml": document,
            **(extra or {}),
        }
    )


def xlsx(cells: str = "", extra: Parts | None = None) -> bytes:
    """An Excel sheet with one cell of words, then ``cells`` (SpreadsheetML rows)."""
    sheet = (
        f'{_HEAD}<worksheet xmlns="{_S}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{WORDS}</t></is></c></row>'
        f"{cells}</sheetData></worksheet>"
    )
    return packed(
        {
            "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml", False)),
            "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_S}" xmlns:r="{_DOC}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml", False)),
            "xl/worksheets/sheet1.xml": sheet,
            **(extra or {}),
            "[Content_Types].xml": _types(
                **{
                    "xl/workbook.xml": f"{_TYPES}.spreadsheetml.sheet.main+xml",
                    "xl/worksheets/sheet1.xml": f"{_TYPES}.spreadsheetml.worksheet+xml",
                }
            ),  # last, as some programs write it
        }
    )


def pptx() -> bytes:
    """One slide with one line."""
    shape = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="500000" y="500000"/>'
        f'<a:ext cx="7000000" cy="1500000"/></a:xfrm><a:prstGeom prst="rect"/></p:spPr><p:txBody><a:bodyPr/><a:p><a:r>'
        f'<a:rPr sz="4000"/><a:t>{WORDS}</a:t></a:r></a:p></p:txBody></p:sp>'
    )
    tree = (
        f'<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shape}'
        "</p:spTree></p:cSld>"
    )
    space = f'xmlns:a="{_A}" xmlns:r="{_DOC}" xmlns:p="{_P}"'
    return packed(
        {
            "[Content_Types].xml": _types(
                **{
                    "ppt/presentation.xml": f"{_TYPES}.presentationml.presentation.main+xml",
                    "ppt/slides/slide1.xml": f"{_TYPES}.presentationml.slide+xml",
                }
            ),
            "_rels/.rels": relationships(("officeDocument", "ppt/presentation.xml", False)),
            "ppt/presentation.xml": f'{_HEAD}<p:presentation {space}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relationships(("slide", "slides/slide1.xml", False)),
            "ppt/slides/slide1.xml": f"{_HEAD}<p:sld {space}>{tree}</p:sld>",
        }
    )


def odt(body: str = "", extra: Parts | None = None, declaration: str = "") -> bytes:
    """An OpenDocument text of one line, then ``body``."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?>{declaration}<office:document-content xmlns:office="{office}:office:1.0" xmlns:text="{office}:text:1.0" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text><text:h>{WORDS}</text:h>{body}'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{office}:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        + "".join(
            f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
            for name in extra or ()
        )
        + "</manifest:manifest>"
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
            **(extra or {}),
        },
        stored=("mimetype",),
    )


def rtf(extra: str = "") -> bytes:
    """Rich text of one line, then ``extra``."""
    line = "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in WORDS)
    return f"{{\\rtf1\\ansi\\fs48 {line}\\par {extra}}}".encode("ascii")


def ole(*streams: str) -> bytes:
    """The container of old office documents with these stream names in it, and nothing that any program could read."""
    names = b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(2000)


def mixed_zip() -> bytes:
    """What somebody sends who packs a folder on a Japanese Windows or a Mac."""
    return packed(
        {
            "書類/見積書.pdf": files.one_page_pdf(),
            "写真.jpg": files.photograph("JPEG"),
            "名簿.csv": "氏名,金額\n葉山,1000\n".encode("cp932"),
            "__MACOSX/._写真.jpg": b"\0\5\x16\7",
        }
    )
