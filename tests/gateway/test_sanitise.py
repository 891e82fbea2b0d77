"""What residents really send comes through readable; what attacks comes through as pixels or not at all."""

import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pillow_heif
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from tests.gateway import files
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise import clean as cleaning
from yakuba.gateway.sanitise.clean import Cleaned, clean
from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.priority import NICE
from yakuba.gateway.sanitise.sandbox import Sandbox

pillow_heif.register_heif_opener()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def cleaned(data: bytes, sandbox: Sandbox, limits: Limits = RASTER, name: str = "書類.pdf") -> Cleaned:
    ref = AttachmentRef("slot", name, "application/octet-stream", len(data), hashlib.sha256(data).hexdigest())
    return clean(ref, data, sandbox, limits)


def rendered(data: bytes, page: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(data) as document:
        return document[page].render(scale=1).to_pil().convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference per channel, 0 to 255, after bringing both to one size."""
    size = (min(one.width, other.width), min(one.height, other.height))
    return sum(ImageStat.Stat(ImageChops.difference(one.resize(size), other.resize(size))).mean) / 3


# -- ordinary files come through --------------------------------------------------------------------------------------


def test_a_document_looks_the_same_afterwards(sandbox: Sandbox) -> None:
    before = files.one_page_pdf()
    after = cleaned(before, sandbox)
    assert after.ref.refused is None
    assert difference(rendered(before), rendered(after.data)) < 1
    blank = Image.new("RGB", (595, 842), "white")
    assert difference(rendered(before), blank) > 3  # the page is not so empty that anything would pass for it


def test_small_print_stays_legible(sandbox: Sandbox) -> None:
    before = files.one_page_pdf(b"0.3 0 0 0.3 0 0 Tm (7 point print of the town) Tj")
    after = rendered(cleaned(before, sandbox).data)
    assert difference(rendered(before), after) < 1.0


def test_japanese_text_shows_even_where_the_document_carries_no_font(sandbox: Sandbox) -> None:
    def page(codes: bytes, encoding: bytes = b"90ms-RKSJ-H") -> bytes:
        return files.one_page_pdf(b"<%b> Tj" % codes).replace(
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Type/Font/Subtype/Type0/BaseFont/MS-Mincho/Encoding/"
            + encoding
            + b"/DescendantFonts[<</Type/Font"
            b"/Subtype/CIDFontType2/BaseFont/MS-Mincho/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
            b"/FontDescriptor<</Type/FontDescriptor/FontName/MS-Mincho/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
            b"/Ascent 800/Descent -200/CapHeight 700/StemV 80>>>>]>>",
        )

    words = "葉山町長".encode("cp932").hex().encode()
    nothing, horizontal, vertical = (
        rendered(cleaned(data, sandbox).data).convert("L")
        for data in (page(b""), page(words), page(words, b"90ms-RKSJ-V"))
    )
    for shown in (horizontal, vertical):
        inked = ImageChops.difference(nothing, shown).point(lambda value: 255 if value > 90 else 0)
        assert inked.getbbox() is not None
        assert inked.histogram()[255] > 300
    across, down = (ImageChops.difference(nothing, shown).getbbox() for shown in (horizontal, vertical))
    assert across is not None
    assert down is not None
    assert across[2] - across[0] > across[3] - across[1]
    assert down[3] - down[1] > down[2] - down[0]


def test_every_page_comes_through_in_its_size(sandbox: Sandbox) -> None:
    images = [Image.new("RGB", (900 + 100 * n, 600), (20 * n, 100, 100)) for n in range(7)]
    out = BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=100)
    after = cleaned(out.getvalue(), sandbox)
    with pypdfium2.PdfDocument(out.getvalue()) as before, pypdfium2.PdfDocument(after.data) as rebuilt:
        assert len(before) == len(rebuilt) == 7
        for number in range(7):
            assert rebuilt[number].get_size() == pytest.approx(before[number].get_size(), abs=0.02)
            assert difference(rendered(out.getvalue(), number), rendered(after.data, number)) < 3


def test_what_was_typed_into_a_form_is_on_the_page(sandbox: Sandbox) -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(HAYAMA TARO)/Rect[100 500 500 540]/DA(/Helv 24 Tf 0 g)/F 4>>"
    filled = files.one_page_pdf(
        catalogue=b"/AcroForm<</Fields[6 0 R]/DA(/Helv 24 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>",
        page=b"/Annots[6 0 R]",
        extra=(field,),
    )
    empty = filled.replace(b"(HAYAMA TARO)", b"()           ")
    pair = [rendered(cleaned(data, sandbox).data).crop((100, 302, 500, 342)) for data in (filled, empty)]
    assert difference(*pair) > 3


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_any_phones_photograph_comes_through(form: str, sandbox: Sandbox) -> None:
    before = files.photograph(form)
    after = cleaned(before, sandbox, name="写真.heic")
    assert (after.ref.refused, after.ref.media_type, after.ref.filename) == (None, "image/jpeg", "写真.jpg")
    assert (
        difference(Image.open(BytesIO(before)).convert("RGB"), Image.open(BytesIO(after.data)).convert("RGB"))
        < 8
    )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright_and_says_nothing_of_the_place(
    orientation: int, sandbox: Sandbox
) -> None:
    upright = Image.new("RGB", (60, 40), "blue")
    ImageDraw.Draw(upright).rectangle((0, 0, 20, 12), fill="red")
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "PhoneModel"
    exif.get_ifd(0x8825)[2] = (35.0, 16.0, 21.0)
    out = BytesIO()
    stored.save(out, "JPEG", quality=95, exif=exif)
    after = cleaned(out.getvalue(), sandbox)
    shown = Image.open(BytesIO(after.data))
    assert shown.size == (60, 40)
    assert not shown.getexif()
    assert b"PhoneModel" not in after.data
    assert difference(shown.convert("RGB"), upright) < 4
    assert {"exif", "location"} <= set((after.ref.evidence or {})["removed"])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_writing_colours_is_understood(mode: str, sandbox: Sandbox) -> None:
    grey = Image.linear_gradient("L").resize((200, 100))
    if mode == "I;16":
        source = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        source = (grey.convert("RGB") if mode in ("RGBA", "CMYK", "P") else grey).convert(mode)
    out = BytesIO()
    source.save(out, "JPEG" if mode == "CMYK" else "PNG")
    shown = Image.open(BytesIO(cleaned(out.getvalue(), sandbox).data)).convert("RGB")
    expected = source.convert("RGB") if mode in ("1", "P") else grey.convert("RGB")  # dots stay dots
    assert difference(shown, expected) < 5


def test_what_is_transparent_is_white_not_black(sandbox: Sandbox) -> None:
    out = BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(BytesIO(cleaned(out.getvalue(), sandbox).data)).getpixel((15, 15)) in (
        255,
        (255, 255, 255),
    )


def test_wide_colours_are_brought_to_the_common_ones(sandbox: Sandbox) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    out = BytesIO()
    Image.new("RGB", (30, 30), (200, 30, 30)).save(out, "JPEG", icc_profile=profile)
    after = cleaned(out.getvalue(), sandbox)  # a profile that does not fit must not cost the picture
    assert after.ref.refused is None
    assert "colour_profile" in (after.ref.evidence or {})["removed"]
    assert "icc_profile" not in Image.open(BytesIO(after.data)).info


def test_a_red_seal_stays_red_and_a_grey_scan_becomes_grey(sandbox: Sandbox) -> None:
    scan = Image.effect_noise((800, 1000), 20).convert("RGB")
    sealed = scan.copy()
    ImageDraw.Draw(sealed).ellipse((600, 800, 680, 880), outline=(220, 20, 20), width=5)
    modes = []
    for picture in (scan, sealed):
        out = BytesIO()
        picture.save(out, "PNG")
        modes.append(Image.open(BytesIO(cleaned(out.getvalue(), sandbox).data)).mode)
    assert modes == ["L", "RGB"]


def test_a_scan_of_several_pictures_becomes_a_document(sandbox: Sandbox) -> None:
    pages = [Image.new("L", (300, 400), 60 * n) for n in range(4)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    after = cleaned(out.getvalue(), sandbox, name="スキャン.tif")
    assert (after.ref.media_type, after.ref.filename) == ("application/pdf", "スキャン.pdf")
    with pypdfium2.PdfDocument(after.data) as document:
        assert len(document) == 4


def test_a_very_large_photograph_is_made_smaller_not_refused(sandbox: Sandbox) -> None:
    out = BytesIO()
    Image.new("RGB", (9000, 7000), (90, 120, 60)).save(out, "JPEG")
    shown = Image.open(BytesIO(cleaned(out.getvalue(), sandbox).data))
    assert max(shown.size) == Limits().longest_edge


def test_a_file_that_becomes_too_large_is_refused_before_it_is_sent_on(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "LARGEST_FILE", 5_000)
    assert cleaned(files.one_page_pdf(), sandbox).ref.refused == "too_large_file"


# -- hostile files (all of them: test_corpus) ------------------------------------------------------------


def test_the_costly_document_really_is_stopped_by_the_clock(sandbox: Sandbox) -> None:
    after = cleaned(files.costly_pdf(), sandbox, Limits(seconds=2, cpu_seconds=30))
    assert after.ref.refused == "too_costly"


# -- the cell ----------------------------------------------------------------------------------------------------------


def test_a_decoder_that_dies_is_a_refusal_and_is_replaced(sandbox: Sandbox) -> None:
    assert sandbox._process is not None
    sandbox._process.kill()
    sandbox._process.wait()
    assert cleaned(files.one_page_pdf(), sandbox).ref.refused is None


def test_the_walls_of_the_cell_stand(sandbox: Sandbox) -> None:
    cleaned(files.one_page_pdf(), sandbox)
    assert {"no_new_privs", "limits"} <= set(sandbox.walls)
    if os.geteuid() == 0:
        assert {"network namespace", "unprivileged user", "seccomp"} <= set(sandbox.walls)


def test_the_cells_come_after_everybody_else(sandbox: Sandbox) -> None:
    cleaned(files.one_page_pdf(), sandbox)
    assert sandbox._process is not None
    pid = sandbox._process.pid
    assert os.getpriority(os.PRIO_PROCESS, pid) >= NICE
    group = Path(f"/proc/{pid}/autogroup")
    if group.exists():  # a nice value alone says nothing between sessions
        assert group.read_text().split()[-1] == str(NICE)
