"""Office documents that start programs, fetch, embed, or cost."""

from dataclasses import replace

from tests.gateway.corpus import office_files
from tests.gateway.corpus.office_files import docx, odt, ole, relationships, rtf, xlsx
from tests.gateway.corpus.specimen import Demand, Specimen
from yakuba.gateway.sanitise.limits import RASTER

_SETTINGS = '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="r1"/></w:settings>'
_DDE = '<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc.exe&quot;"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
_ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_GONE = (b"vbaProject", b"cmd.exe", b"calc.exe", b"127.0.0.1", b"Ole10Native", b"PK\x03\x04")


def _remote_template() -> bytes:
    return docx(
        extra={
            "word/settings.xml": _SETTINGS,
            "word/_rels/settings.xml.rels": relationships(
                ("attachedTemplate", "http://127.0.0.1/a.dotm", True)
            ),
            "word/_rels/document.xml.rels": relationships(("settings", "settings.xml", False)),
        }
    )


def _odt_with_macro() -> bytes:
    """A Basic macro that runs a program when the document is opened."""
    space = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
    module = '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">Sub Main\nShell("cmd.exe")\nEnd Sub</script:module>'
    return odt(
        extra={
            "Basic/script-lc.xml": f'<library:libraries {space}><library:library library:name="Standard" library:link="false"/></library:libraries>',
            "Basic/Standard/script-lb.xml": f'<library:library {space} library:name="Standard" library:readonly="false"><library:element library:name="Module1"/></library:library>',
            "Basic/Standard/Module1.xml": module,
        }
    )


def _sheets_of_zeros() -> bytes:
    return docx(extra={"word/media/image1.bmp": bytes(30_000_000)})


def _case(
    name: str,
    make: object,
    demand: Demand,
    filename: str,
    seen: set[str] = frozenset(),
    reason: str = "",  # type: ignore[assignment]
) -> Specimen:
    method = "office" if demand in ("disarm", "pass") else ""
    return Specimen(
        "Office",
        name,
        make,
        demand,
        filename,
        frozenset(seen),
        _GONE,
        reason,
        method,
        office=demand != "refuse",  # type: ignore[arg-type]
    )


OFFICE: tuple[Specimen, ...] = (
    _case("macro (docm)", lambda: docx(extra={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)}), "disarm", "書類.docm", {"macro"}),
    _case("DDE field", lambda: docx(_DDE), "disarm", "書類.docx", {"dde"}),
    _case("DDE in a cell", lambda: xlsx('<row r="2"><c r="A2"><f>cmd|"/c calc.exe"!A1</f><v>0</v></c></row>'), "disarm", "表.xlsx", {"formula"}),
    _case("embedded OLE object", lambda: docx(extra={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + "\1Ole10Native".encode("utf-16-le")}), "disarm", "書類.docx", {"ole"}),
    _case("template fetched from the web", _remote_template, "disarm", "書類.docx", {"external_reference", "template_reference"}),
    _case("web picture (odt)", lambda: odt('<text:a xlink:href="http://127.0.0.1/a">x</text:a>'), "disarm", "書類.odt", {"external_reference"}),
    _case("macro (odt)", _odt_with_macro, "disarm", "書類.odt", {"macro"}),
    _case("embedded object (rtf)", lambda: rtf("{\\object\\objemb{\\*\\objdata 0105000002000000}}"), "disarm", "書類.rtf", {"ole"}),
    _case("entities that multiply (XML)", lambda: docx(declaration=_ENTITY), "refuse", "書類.docx", reason="xml_declaration"),
    _case("entity that reads a file (XML)", lambda: odt(declaration=_OUTSIDE), "refuse", "書類.odt", reason="xml_declaration"),
    _case("entity, in UTF-16 (XML)", lambda: docx(extra={"word/x.xml": ('<?xml version="1.0"?>' + _ENTITY + "<x/>").encode("utf-16")}), "refuse", "書類.docx", reason="xml_declaration"),
    _case("30 MB of zeros (flate bomb)", _sheets_of_zeros, "refuse", "書類.docx", reason="archive_bomb"),
    _case("encrypted with a password", lambda: ole("EncryptedPackage", "EncryptionInfo"), "refuse", "書類.docx", reason="locked"),
    _case("a container of no known kind", lambda: ole("Contents"), "refuse", "書類.doc", reason="not_supported"),
    replace(_case("a container that only says Word", lambda: ole("WordDocument", "Macros"), "refuse", "書類.doc", {"macro"}, "broken"), office=True),
    replace(_case("a Word document that costs more than its time", lambda: docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 60_000), "refuse", "書類.docx", reason="too_costly"),
            office=True, limits=replace(RASTER, office_seconds=1)),
    _case("a Word document that lacks its contents", lambda: office_files.packed({"[Content_Types].xml": "<x/>", "word/a.xml": "<x/>"}), "refuse", "書類.docx", reason="broken"),
)  # fmt: skip
OFFICE = (*OFFICE[:-1], replace(OFFICE[-1], office=True))
