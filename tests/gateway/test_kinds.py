"""A file is what its bytes say, whatever its name says."""

import pytest

from yakuba.gateway.sanitise import ACCEPTED, sniff


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "image/avif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
    ],
)
def test_accepted_kinds_are_told_by_their_first_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type
    assert media_type in ACCEPTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PD",
        b"hello %PDF-1.7",
        b"GIF89a",
        b"BM6\0",
        b"<svg xmlns",
        b"MZ\x90\0",
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        b"RIFF\x10\0\0\0WAVE",
    ],
)
def test_everything_else_is_not_accepted(data: bytes) -> None:
    assert sniff(data) is None
