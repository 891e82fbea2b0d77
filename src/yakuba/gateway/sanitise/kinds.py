"""What a file is, told by its first bytes (never by its name): the kinds that can be rebuilt."""

ACCEPTED = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/heic",
    "image/avif",
    "image/webp",
    "image/tiff",
)

_PREFIXES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


def sniff(data: bytes) -> str | None:
    """The media type of a file that begins with ``data`` (64 bytes are enough), or ``None`` if it is none of
    :data:`ACCEPTED`.

    A PDF must begin at the first byte: readers tolerate other bytes before it, which is how one file
    passes for two kinds.
    """
    for prefix, media_type in _PREFIXES:
        if data.startswith(prefix):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return _iso_media(data) if data[4:8] == b"ftyp" else None


def _iso_media(data: bytes) -> str | None:
    """HEIF and AVIF share the ISO base media form; the brands (ISO/IEC 14496-12 section 4.3) tell them apart."""
    length = int.from_bytes(data[:4], "big")
    box = data[: min(length, 64)]
    brands = {box[8:12], *(box[start : start + 4] for start in range(16, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if brands & _HEIF_BRANDS else None
