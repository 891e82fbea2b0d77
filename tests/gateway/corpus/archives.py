"""Archives that deceive or explode."""

import stat
import struct
import zipfile
import zlib
from io import BytesIO

from tests.gateway import files
from tests.gateway.corpus.office_files import packed
from tests.gateway.corpus.specimen import Specimen
from yakuba.gateway.sanitise.policy import USUAL


def _one(name: str, data: bytes = b"x", *, mode: int = 0) -> bytes:
    out = BytesIO()
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, data)
    return out.getvalue()


def _many(count: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


def _hundred_thousand() -> bytes:
    """100,000 entries that all name the first member, made without a library (it would take a second)."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listed = central * 100_000
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(listed), len(local), 0)
    return local + listed + end


def _overlapping() -> bytes:
    """Many names for the same packed bytes (Fifield 2019)."""
    data = bytes(8_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = packer.compress(data) + packer.flush()
    crc = zlib.crc32(data)
    local = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(deflated), len(data), 1, 0)
        + b"a"
        + deflated
    )
    central = (
        struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(deflated), len(data), 1, 0, 0, 0, 0, 0, 0
        )
        + b"a"
    )
    listed = central * 20
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20, 20, len(listed), len(local), 0)
    return local + listed + end


def _lying_size() -> bytes:
    """The directory says one byte, the stream gives a million."""
    data = _packed_zeros()
    at = data.rfind(b"PK\1\2")
    return data[: at + 24] + struct.pack("<I", 1) + data[at + 28 :]


def _packed_zeros() -> bytes:
    return packed({"a.txt": b"0" * 1_000_000})


def _refused(name: str, make: object, reason: str) -> Specimen:
    return Specimen("ZIP", name, make, "refuse", "まとめ.zip", reason=reason)  # type: ignore[arg-type]


ARCHIVES: tuple[Specimen, ...] = (
    _refused("member that climbs out of its folder (zip slip)", lambda: _one("../../etc/cron.d/x"), "archive_unsafe"),
    _refused("member with an absolute name", lambda: _one("/etc/cron.d/x"), "archive_unsafe"),
    _refused("member with a drive letter", lambda: _one("C:\\Windows\\x"), "archive_unsafe"),
    _refused("symbolic link", lambda: _one("a.txt", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "archive_unsafe"),
    _refused("201 members", lambda: _many(201), "archive_too_many"),
    _refused("100,000 members", _hundred_thousand, "archive_too_many"),
    _refused("ZIP in a ZIP", lambda: packed({"a.zip": packed({"a.txt": "x"})}), "archive_nested"),
    _refused("30 MB of zeros in 30 KB (flate bomb)", lambda: packed({"a.txt": bytes(30_000_000)}), "archive_bomb"),
    _refused("members that share their bytes", _overlapping, "archive_bomb"),
    _refused("member longer than it says", _lying_size, "broken"),
    _refused("nothing in it", lambda: packed({}), "not_supported"),
    _refused("folders only", lambda: packed({"a/": b""}), "empty"),
    _refused("programs only", lambda: packed({"a.exe": b"MZ\x90\0", "b.js": b"<script>"}), "archive_nothing"),
    _refused("half of one", lambda: packed({"a.txt": "x" * 5000})[:90], "broken"),
    Specimen("ZIP", "program beside a document", lambda: packed({"見積書.pdf": files.one_page_pdf(), "a.exe": b"MZ\x90\0program"}), "disarm", "まとめ.zip",
             gone=(b"MZ\x90", b"a.exe"), method="archive"),
    Specimen("ZIP", "photograph with a place in it", lambda: packed({"写真.jpg": files.placed_photograph()}), "disarm", "まとめ.zip",
             frozenset({"exif", "location"}), (b"PhoneModel",), method="archive"),
    Specimen("ZIP", "where no ZIP is asked for", lambda: packed({"a.pdf": files.one_page_pdf()}), "refuse", "まとめ.zip", reason="not_supported", policy=USUAL),
)  # fmt: skip
