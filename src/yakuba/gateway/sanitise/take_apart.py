"""Inside the sandbox: a document or picture is decoded to bare pixels. Everything here may be attacked by its input."""

from collections.abc import Iterator
from io import BytesIO
from math import sqrt

import pillow_heif
import pypdfium2
from PIL import AvifImagePlugin, Image, ImageChops, ImageCms, ImageOps

from yakuba.gateway.sanitise import findings
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.wire import Pixels, Write, end_record, page_record

_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/tiff": ("TIFF",),
    "image/heic": ("HEIF",),
    "image/avif": ("AVIF",),
}
_GREY_ENOUGH = 12  # largest difference of red, green and blue that still counts as grey (scanners' noise)
_SRGB = ImageCms.createProfile("sRGB")

pillow_heif.options.DECODE_THREADS = 1  # the pool has one decoder per core already
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pillow_heif.register_heif_opener()
Image.init()
Image.MAX_IMAGE_PIXELS = None  # our own cap comes first, with a message of its own


def take_apart(data: bytes, media_type: str, limits: Limits, write: Write) -> None:
    """Write every page of ``data`` as pixels, then the closing statement.

    Raises:
        Refused: with the reason.
        Exception: whatever the libraries raise at a file they cannot read; that too is a refusal.
    """
    count = 0
    pages, removed = (_document if media_type == "application/pdf" else _picture)(data, media_type, limits)
    for page in pages:
        write(page_record(page))
        write(page.data)
        count += 1
    write(end_record({"pages": count, "removed": sorted(removed)}))


def _document(data: bytes, _media_type: str, limits: Limits) -> tuple[Iterator[Pixels], set[str]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if error.err_code == _PASSWORD_NEEDED else "broken") from error
    if len(document) == 0:
        raise Refused("broken")
    if len(document) > limits.pages:
        raise Refused("too_many_pages")
    document.init_forms()
    return _pages(document, limits), findings.in_pdf(data)


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[Pixels]:
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        scale = _scale(width, height, limits)
        bitmap = page.render(scale=scale, rev_byteorder=True, limit_image_cache=True)
        picture = _grey_if_grey(bitmap.to_pil().convert("RGB"))
        page.close()
        yield _pixels(picture, (round(width * 100), round(height * 100)))


def _scale(width: float, height: float, limits: Limits) -> float:
    """Pixels per point: the wanted resolution, or less for a page that is very large."""
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise Refused("broken")
    return min(limits.dots_per_inch / 72, sqrt(limits.page_pixels / (width * height)) * 0.999)


def _picture(data: bytes, media_type: str, limits: Limits) -> tuple[Iterator[Pixels], set[str]]:
    picture = Image.open(BytesIO(data), formats=_FORMATS[media_type])
    _check_size(picture, limits)
    frames = getattr(picture, "n_frames", 1) if media_type == "image/tiff" else 1
    if frames > limits.pages:
        raise Refused("too_many_pages")
    removed = findings.in_picture(picture, data)
    return _frames(picture, frames, limits), removed - ({"further_frames"} if frames > 1 else set())


def _frames(picture: Image.Image, frames: int, limits: Limits) -> Iterator[Pixels]:
    for number in range(frames):
        if frames > 1:
            picture.seek(number)
            _check_size(picture, limits)
        elif picture.format in ("JPEG", "MPO"):
            # decodes at half, quarter … size where that is enough: a 100-megapixel photograph fits into memory
            picture.draft("RGB", (limits.longest_edge, limits.longest_edge))
        picture.load()
        upright = ImageOps.exif_transpose(_plain_colours(picture))
        upright.thumbnail((limits.longest_edge, limits.longest_edge), Image.Resampling.LANCZOS)
        yield _pixels(_grey_if_grey(upright), _paper(upright))


def _check_size(picture: Image.Image, limits: Limits) -> None:
    width, height = picture.size
    if not 0 < width * height <= limits.picture_pixels:
        raise Refused("too_large_picture")


def _plain_colours(picture: Image.Image) -> Image.Image:
    """8-bit sRGB or grey on white, whatever it was: CMYK, palette, 16 bits, transparency, a phone's wide colours."""
    exif = picture.getexif()
    if picture.mode.startswith("I;16"):
        plain = picture.point(lambda value: value / 256).convert("L")
    elif picture.has_transparency_data:
        layered = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, "white")
        plain.paste(layered, mask=layered.getchannel("A"))
    elif picture.info.get("icc_profile") and picture.mode in ("RGB", "CMYK"):
        plain = _to_srgb(picture)
    else:
        plain = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    plain.info.clear()
    plain.getexif()[0x0112] = exif.get(
        0x0112, 1
    )  # the orientation is applied next and then dropped with the rest
    return plain


def _to_srgb(picture: Image.Image) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
        converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        converted = None  # a broken profile: the colours are a little off, the content is all there
    return converted or picture.convert("RGB")


def _grey_if_grey(picture: Image.Image) -> Image.Image:
    """Grey pages cost a third. Looked at in miniature: a red seal still shows there."""
    if picture.mode == "L":
        return picture
    red, green, blue = picture.reduce(min(8, *picture.size)).split()
    if max(_difference(red, green), _difference(green, blue), _difference(red, blue)) > _GREY_ENOUGH:
        return picture
    return picture.convert("L")


def _difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of two channels at any point."""
    histogram = ImageChops.difference(one, other).histogram()
    return max(value for value, count in enumerate(histogram) if count)


def _paper(picture: Image.Image) -> tuple[int, int]:
    """A picture's size on paper at 150 dots per inch, in hundredths of a point."""
    return (picture.width * 48, picture.height * 48)


def _pixels(picture: Image.Image, points: tuple[int, int]) -> Pixels:
    return Pixels(picture.width, picture.height, len(picture.getbands()), points, picture.tobytes())
