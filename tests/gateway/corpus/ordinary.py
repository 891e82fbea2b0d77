"""What residents really send: it must come through readable. A sanitiser that refuses everything is a failure too."""

from functools import partial

from tests.gateway import files
from tests.gateway.corpus import office_files
from tests.gateway.corpus.documents import filled_form
from tests.gateway.corpus.specimen import DISARM, Specimen

_ROSTER = "氏名,生年月日,電話\n葉山太郎,平成30年4月1日,+81-46-876-1111\n葉山花子,令和2年5月6日,-\n"


def _picture(form: str, ending: str) -> Specimen:
    return Specimen(
        "Ordinary",
        f"photograph, {form}",
        partial(files.photograph, form),
        "pass",
        f"写真.{ending}",
        method="raster",
    )


ORDINARY: tuple[Specimen, ...] = (
    *(_picture(*one) for one in (("JPEG", "jpg"), ("PNG", "png"), ("HEIF", "heic"), ("AVIF", "avif"), ("WEBP", "webp"), ("TIFF", "tif"))),
    Specimen("Ordinary", "document of one page", files.one_page_pdf, "pass", "書類.pdf", method="raster"),
    Specimen("Ordinary", "document of one page, kept as text", files.one_page_pdf, "pass", "書類.pdf", method="disarm", policy=DISARM),
    Specimen("Ordinary", "form filled in on the screen", filled_form, "pass", "申請書.pdf", frozenset({"form"}), method="raster"),
    Specimen("Ordinary", "form filled in, kept as text", filled_form, "pass", "申請書.pdf", frozenset({"form"}), method="disarm", policy=DISARM),
    Specimen("Ordinary", "Word document (docx)", office_files.docx, "pass", "就労証明書.docx", method="office", office=True),
    Specimen("Ordinary", "Excel sheet (xlsx)", office_files.xlsx, "pass", "就労証明書.xlsx", method="office", office=True),
    Specimen("Ordinary", "PowerPoint slides (pptx)", office_files.pptx, "pass", "説明.pptx", method="office", office=True),
    Specimen("Ordinary", "OpenDocument text (odt)", office_files.odt, "pass", "書類.odt", method="office", office=True),
    Specimen("Ordinary", "rich text (rtf)", office_files.rtf, "pass", "書類.rtf", method="office", office=True),
    Specimen("Ordinary", "table (CSV, Shift_JIS)", lambda: _ROSTER.encode("cp932"), "pass", "名簿.csv", frozenset({"formula"}), method="csv", text=('"葉山太郎"', '"\'+81-46-876-1111"', '"-"')),
    Specimen("Ordinary", "text (UTF-8)", lambda: "葉山町長 様\nお願いします。\n".encode(), "pass", "手紙.txt", method="text", text=("葉山町長 様",)),
    Specimen("Ordinary", "text (JIS)", lambda: "葉山町長 様\n".encode("iso2022_jp"), "pass", "手紙.txt", method="text", text=("葉山町長 様",)),
    Specimen("Ordinary", "text (UTF-16)", lambda: "葉山町長 様\n".encode("utf-16"), "pass", "手紙.txt", method="text", text=("葉山町長 様",)),
    Specimen("Ordinary", "ZIP of a document, a photograph and a table", office_files.mixed_zip, "pass", "まとめ.zip", method="archive"),
)  # fmt: skip
