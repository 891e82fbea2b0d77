"""Writing a PDF that holds one JPEG per page and nothing else (ISO 32000-1, 7.5 and 8.9). Small enough to check by eye."""

from collections.abc import Sequence

Page = tuple[tuple[int, int], int, int, int, bytes]
"""Size on paper in hundredths of a point, width and height in pixels, channels, the JPEG."""


def write_pdf(pages: Sequence[Page]) -> bytes:
    """The document. No scripts, no forms, no attachments, no metadata: there is no place for them here."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pages)))
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    for number, page in enumerate(pages):
        objects += _page_objects(3 + 3 * number, *page)
    return _assemble(objects)


def _page_objects(
    first: int, points: tuple[int, int], width: int, height: int, channels: int, jpeg: bytes
) -> list[bytes]:
    across, up = (f"{size // 100}.{size % 100:02}" for size in points)
    drawing = f"{across} 0 0 {up} 0 0 cm /P Do".encode()
    colours = "/DeviceGray" if channels == 1 else "/DeviceRGB"
    return [
        (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {up}]/Contents {first + 1} 0 R"
            f"/Resources<</XObject<</P {first + 2} 0 R>>>>>>"
        ).encode(),
        _stream("", drawing),
        _stream(
            f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{colours}/BitsPerComponent 8/Filter/DCTDecode",
            jpeg,
        ),
    ]


def _stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _assemble(objects: list[bytes]) -> bytes:
    out = [b"%PDF-1.7\n%\xe5\xbd\xb9\xe5\xa0\xb4\n"]
    at, offsets = len(out[0]), []
    for number, content in enumerate(objects, start=1):
        offsets.append(at)
        out.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        at += len(out[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    out.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table))
    out.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, at))
    return b"".join(out)
