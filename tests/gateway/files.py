"""Files made for tests: harmless ones that must come through readable, and hostile ones that must not."""


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
