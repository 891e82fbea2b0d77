"""What comes through can be read: pages compared with what another reader (poppler) draws of the original."""

import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst
from PIL import Image, ImageDraw, ImageFilter

from tests.gateway.corpus import office_files
from tests.gateway.corpus.specimen import DISARM, EVERYTHING
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise import office_cell
from yakuba.gateway.sanitise.clean import Cleaned, clean
from yakuba.gateway.sanitise.fonts import font_folder
from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.policy import Policy
from yakuba.gateway.sanitise.sandbox import Sandbox

pytestmark = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is missing")
_SMALL = (210, 297)  # 25 dots per inch: lines of print are told apart, edges of letters do not count
_SAME = (
    0.97  # two readers draw the same page 0.976 to 0.99 alike; another form of the same kind stays below 0.9
)
_FORM = """
#set page(paper: "a4", margin: 2cm)
#set text(font: "Noto Sans CJK JP", size: 10.5pt)
#align(center, text(16pt)[就労証明書])
#table(columns: (4cm, 1fr), [氏名], [葉山　太郎（はやま　たろう）], [生年月日], [平成3年4月1日], [勤務先],
  [株式会社見本　神奈川県三浦郡葉山町堀内2135番地], [就労時間], [月曜から金曜　午前8時30分から午後5時15分（休憩60分）])
#lorem(60)

#text(6pt)[※ 6ポイントの注意書き：記入の内容について勤務先に確認することがあります。]
"""
_OTHER = (
    _FORM.replace("就労証明書", "罹災証明書")
    .replace("lorem(60)", "lorem(10)")
    .replace("columns: (4cm, 1fr)", "columns: 2")
)
_VERTICAL = (
    "<w:p><w:r><w:t>縦書きの申立書です。右から左へ読みます。「、」や「ー」の向きも変わります。</w:t></w:r></w:p>"
    * 6
    + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:textDirection w:val="tbRl"/></w:sectPr>'
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def cleaned(
    data: bytes, sandbox: Sandbox, policy: Policy = EVERYTHING, limits: Limits = RASTER, name: str = "a.pdf"
) -> Cleaned:
    after = clean(AttachmentRef("s", name, "", len(data), ""), data, sandbox, limits, policy)
    assert after.ref.refused is None, after.ref
    return after


def printed(data: bytes) -> Image.Image:
    """The first page as poppler draws it."""
    command = ["pdftoppm", "-r", "200", "-gray", "-f", "1", "-l", "1", "-singlefile", "-"]
    drawn = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return Image.open(BytesIO(drawn)).convert("L")


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How far ink stands where ink stood: 1 the same page, 0 nothing in common (Pearson's correlation)."""
    pair = [list(page.resize(_SMALL, Image.Resampling.BOX).tobytes()) for page in (one, other)]
    return statistics.correlation(*pair)


@pytest.fixture(scope="module")
def form() -> bytes:
    fonts = [str(font_folder())]
    return typst.compile(_FORM.encode(), font_paths=fonts)


def test_the_measure_tells_another_page_from_the_same(form: bytes) -> None:
    other = typst.compile(_OTHER.encode(), font_paths=[str(font_folder())])
    assert likeness(printed(form), printed(form)) == pytest.approx(1)
    assert likeness(printed(form), printed(other)) < 0.9


@pytest.mark.parametrize(("policy", "method"), [(EVERYTHING, "raster"), (DISARM, "disarm")])
def test_a_form_in_japanese_prints_as_before(
    form: bytes, policy: Policy, method: str, sandbox: Sandbox
) -> None:
    after = cleaned(form, sandbox, policy)
    assert (after.ref.evidence or {})["method"] == method
    assert likeness(printed(form), printed(after.data)) > _SAME


def test_kept_as_text_it_can_still_be_searched(form: bytes, sandbox: Sandbox) -> None:
    texts = []
    for policy in (DISARM, EVERYTHING):
        with pypdfium2.PdfDocument(cleaned(form, sandbox, policy).data) as document:
            texts.append(document[0].get_textpage().get_text_range())
    assert "就労証明書" in texts[0]
    assert texts[1] == ""


def test_vertical_text_prints_as_before_and_an_office_document_prints_as_its_program_says(
    sandbox: Sandbox,
) -> None:
    at = office_cell.installation()
    if at.missing:
        pytest.skip(f"not installed: {at.missing}")
    document = office_files.docx(_VERTICAL, words="申立書")
    converted = office_cell.convert(document, ("MS Word 2007 XML", "writer_pdf_Export"), ".docx", RASTER, at)
    original = printed(converted.data)
    ink = original.point(lambda value: 255 - value).getbbox()
    assert ink is not None
    assert ink[3] - ink[1] > ink[2] - ink[0]  # it really stands upright
    for policy in (EVERYTHING, DISARM):
        assert likeness(original, printed(cleaned(converted.data, sandbox, policy).data)) > _SAME


def test_a_scan_prints_as_before(sandbox: Sandbox) -> None:
    page = Image.effect_noise((1654, 2339), 14).point(lambda value: min(255, value + 115))
    drawing = ImageDraw.Draw(page)
    for row in range(100, 2200, 60):
        drawing.text(
            (150, row),
            f"line {row} of a form that somebody scanned at the office " * 2,
            fill=20,
            font_size=26,
        )
    out = BytesIO()
    page.rotate(0.7, fillcolor=235).save(out, "PDF", resolution=200, quality=60)
    assert likeness(printed(out.getvalue()), printed(cleaned(out.getvalue(), sandbox).data)) > _SAME


@pytest.mark.parametrize("form_of", ["JPEG", "HEIF"])
def test_a_telephones_photograph_stands_upright_and_names_no_place(form_of: str, sandbox: Sandbox) -> None:
    upright = (
        Image.radial_gradient("L").resize((1200, 1600)).convert("RGB").filter(ImageFilter.GaussianBlur(2))
    )
    ImageDraw.Draw(upright).rectangle((100, 100, 700, 300), fill="white")
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "PhoneModel"
    exif.get_ifd(0x8825)[2] = (35.0, 16.0, 21.0)
    out = BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, form_of, quality=85, exif=exif.tobytes())
    after = cleaned(out.getvalue(), sandbox, name="IMG_0001.jpg")
    shown = Image.open(BytesIO(after.data))
    assert shown.size == (1200, 1600)
    assert likeness(upright.convert("L"), shown.convert("L")) > _SAME
    assert not shown.getexif()
    assert b"PhoneModel" not in after.data
    assert "location" in (after.ref.evidence or {})["removed"]


# -- time ---------------------------------------------------------------------------------------------------------------


def test_a_decoder_that_hangs_is_a_refusal_and_the_next_file_is_served(form: bytes, sandbox: Sandbox) -> None:
    """It is stopped from outside, which for the clock is the same as waiting for something that never comes."""
    cleaned(form, sandbox)
    assert sandbox._process is not None
    stopper = threading.Thread(target=_stop_the_next_child, args=(sandbox._process.pid,))
    stopper.start()
    after = clean(AttachmentRef("s", "a.pdf", "", 1, ""), form, sandbox, Limits(seconds=1))
    stopper.join()
    assert after.ref.refused == "too_costly"
    cleaned(form, sandbox)


def _stop_the_next_child(zygote: int) -> None:
    children, until = Path(f"/proc/{zygote}/task/{zygote}/children"), time.monotonic() + 20
    while time.monotonic() < until:
        for child in children.read_text().split():
            subprocess.run(["kill", "-STOP", child], check=False, capture_output=True)
            return
