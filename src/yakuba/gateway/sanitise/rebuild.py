"""From bare pixels to a new file, and proof by opening it again that it is one."""

import threading
from io import BytesIO

import pypdfium2
from PIL import Image

from yakuba.gateway.sanitise.pdf import Page, write_pdf
from yakuba.gateway.sanitise.wire import Pixels

_DOCUMENT_QUALITY = 85  # print stays crisp at 200 dots per inch
_PICTURE_QUALITY = 90
_pdfium = threading.Lock()  # the library is not made for threads


class NotReadable(Exception):
    """What was built does not open again as what it should be."""


class Rebuilder:
    """Collects pages as they come out of the sandbox and writes the new file.

    Args:
        picture: the source is a single picture: the result is a JPEG, otherwise a PDF.
    """

    def __init__(self, *, picture: bool) -> None:
        self._picture = picture
        self.pages: list[Page] = []

    def add(self, pixels: Pixels) -> None:
        """Encode one page."""
        quality = _PICTURE_QUALITY if self._picture else _DOCUMENT_QUALITY
        jpeg = _jpeg(pixels, quality)
        self.pages.append((pixels.points, pixels.width, pixels.height, pixels.channels, jpeg))

    def finish(self) -> tuple[bytes, str]:
        """The new file and its media type, opened again and found right.

        Raises:
            NotReadable: it does not open, or has another number of pages.
        """
        if self._picture and len(self.pages) == 1:
            return self.pages[0][4], "image/jpeg"
        data = write_pdf(self.pages)
        with _pdfium:
            _check_document(data, len(self.pages))
        return data, "application/pdf"


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    mode = "L" if pixels.channels == 1 else "RGB"
    out = BytesIO()
    Image.frombuffer(mode, (pixels.width, pixels.height), pixels.data, "raw", mode, 0, 1).save(
        out, "JPEG", quality=quality
    )
    data = out.getvalue()
    _check_picture(data, pixels)
    return data


def _check_picture(data: bytes, pixels: Pixels) -> None:
    """Decode it again, in small: that reads every byte of it."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
            size = picture.size
            picture.draft(picture.mode, (max(1, size[0] // 8), max(1, size[1] // 8)))
            picture.load()
    except OSError as error:
        raise NotReadable(str(error)) from error
    if size != (pixels.width, pixels.height):
        raise NotReadable(f"{size} instead of {(pixels.width, pixels.height)}")


def _check_document(data: bytes, pages: int) -> None:
    try:
        with pypdfium2.PdfDocument(data) as document:
            found = len(document)
            for number in range(found):
                document[number].close()
    except pypdfium2.PdfiumError as error:
        raise NotReadable(str(error)) from error
    if found != pages:
        raise NotReadable(f"{found} pages instead of {pages}")
