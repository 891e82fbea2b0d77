"""Files made for tests: harmless ones that must come through readable, and hostile ones that must not."""

import zlib
from io import BytesIO

import pillow_heif
from PIL import Image, ImageDraw
from pypdf import PdfWriter

pillow_heif.register_heif_opener()


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects (the first one is the catalogue), without the table: every reader repairs that."""
    body = b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, content) for number, content in enumerate(objects, 1)
    )
    return (
        b"%PDF-1.7\n" + body + b"trailer\n<</Size %d/Root 1 0 R%b>>\n%%%%EOF\n" % (len(objects) + 1, trailer)
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def one_page_pdf(
    text: bytes = b"(Hayama town hall) Tj",
    catalogue: bytes = b"",
    page: bytes = b"",
    extra: tuple[bytes, ...] = (),
) -> bytes:
    """A page of A4 with a line of text and a box; ``catalogue`` and ``page`` add entries, ``extra`` objects from 6 on."""
    drawing = b"BT /F 24 Tf 72 700 Td %b ET 2 w 72 400 200 150 re S 1 0 0 rg 300 420 80 80 re f" % text
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%b>>"
        % page,
        stream(drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *extra,
    )


def photograph(form: str, **options: object) -> bytes:
    """A picture with detail: 640 × 480, colours and lines."""
    picture = Image.effect_noise((640, 480), 40).convert("RGB")
    drawing = ImageDraw.Draw(picture)
    for step in range(0, 640, 40):
        drawing.line((step, 0, 640 - step, 480), fill=(step % 256, 80, 200), width=4)
    out = BytesIO()
    picture.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def placed_photograph() -> bytes:
    """With the place where it was taken and the telephone that took it."""
    exif = Image.Exif()
    exif[0x0110] = "PhoneModel"
    exif.get_ifd(0x8825)[2] = (35.0, 16.0, 21.0)
    return photograph("JPEG", exif=exif)


def page_bomb(pages: int) -> bytes:
    """One page object named many times over."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"3 0 R " * pages, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def pixel_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that declares more than a thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((width // 8 + 1) * 1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def locked_pdf() -> bytes:
    """Encrypted with a password nobody is told."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def costly_pdf() -> bytes:
    """A small document whose page draws the same thing thousands of millions of times, by forms that call forms."""
    levels = 12
    forms = [
        stream(
            b"/F Do " * 20,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (7 + level),
        )
        for level in range(levels)
    ]
    last = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page_pdf(b"() Tj ET /F Do BT", extra=(*forms, last)).replace(
        b"/Resources<</Font<</F 5 0 R>>>>", b"/Resources<</Font<</F 5 0 R>>/XObject<</F 6 0 R>>>>"
    )


def flate_bomb_pdf() -> bytes:
    """An image stream of a few megabytes of zeros packed twice, for a page of a few kilobytes."""
    pixels = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    image = stream(
        pixels,
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter[/FlateDecode/FlateDecode]",
    )
    return one_page_pdf(b"() Tj ET 500 0 0 500 0 0 cm /I Do BT", extra=(image,)).replace(
        b"/Resources<</Font<</F 5 0 R>>>>", b"/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>"
    )
