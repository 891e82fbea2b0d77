"""The process all decoders are forked from: it has loaded the libraries once, so a file does not pay for that.

Run as ``python -m yakuba.gateway.sanitise.zygote``; speaks over the socket it is given as standard input. It knows no
Django, no database and no key. One job: a message with the input and output descriptors; one answer: how it ended.
"""

import gc
import importlib.util
import json
import mmap
import os
import select
import signal
import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from yakuba.gateway.sanitise import confine, take_apart
from yakuba.gateway.sanitise.fonts import use_fonts
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.pdf import write_pdf
from yakuba.gateway.sanitise.wire import refused_record

_NICE = 10  # portal and relay come first; an idle core is used in full
_LONGEST_JOB = 4096


def main() -> None:
    """Serve jobs until the relay closes the socket."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.nice(_NICE)
    fonts = use_fonts(_font_folder())
    _warm_up()
    gc.freeze()  # forks then share these pages instead of copying them at the first collection
    walls = confine.leave_the_world(fonts) + _cell_walls(fonts)
    confine.end_with_parent()
    control.send(json.dumps({"walls": walls}).encode())
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, _LONGEST_JOB, 2)
        if not message:
            return
        control.send(json.dumps(_serve(json.loads(message), descriptors, fonts)).encode())


def _cell_walls(fonts: Path | None) -> list[str]:
    """Which walls a decoder's cell has on this kernel: tried once in a fork that reads no file.

    Raises:
        NotConfined: not even limits and no_new_privs; the sandbox then does not start.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(confine.lock_cell(Limits(), fonts)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    said = os.read(reader, 4096)
    os.close(reader)
    os.waitpid(child, 0)
    if not said:
        raise confine.NotConfined("the decoder's cell cannot be locked on this kernel")
    walls: list[str] = json.loads(said)
    return walls


def _serve(job: dict[str, Any], descriptors: list[int], fonts: Path | None) -> dict[str, Any]:
    """Fork a decoder for one file and see it to its end, however that comes."""
    limits = Limits(**job["limits"])
    source, sink = descriptors
    child = os.fork()
    if child == 0:
        _decode(source, sink, job["media_type"], limits, fonts)
    for descriptor in descriptors:
        os.close(descriptor)
    late = not _wait(child, limits.seconds)
    _, status, usage = os.wait4(child, 0)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "late": late,
        "cpu_ms": round((usage.ru_utime + usage.ru_stime) * 1000),
        "memory_kib": usage.ru_maxrss,
    }


def _wait(child: int, seconds: float) -> bool:
    """Wait for the decoder; if it takes too long, kill it and return ``False``."""
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], seconds)
        if not ended:
            os.kill(child, signal.SIGKILL)
        return bool(ended)
    finally:
        os.close(handle)


def _decode(source: int, sink: int, media_type: str, limits: Limits, fonts: Path | None) -> None:
    """In the fork: close everything but the two descriptors, lock the cell, decode, and never return."""
    code = 1
    try:
        source, sink = os.dup2(source, 3), os.dup2(sink, 4)
        os.closerange(5, 1024)
        confine.lock_cell(limits, fonts)
        with mmap.mmap(source, 0, access=mmap.ACCESS_READ) as data:
            take_apart.take_apart(bytes(data), media_type, limits, lambda piece: _write_all(sink, piece))
        code = 0
    except take_apart.Refused as refused:
        _write_all(sink, refused_record(refused.code))
        code = 0
    except MemoryError:
        _write_all(sink, refused_record("too_costly"))
        code = 0
    except Exception:  # noqa: BLE001 - decoders raise anything at a damaged file
        _write_all(sink, refused_record("broken"))
        code = 0
    finally:
        os._exit(code)


def _write_all(sink: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(sink, left) :]


def _warm_up() -> None:
    """Decode one of each before there is anything to fear, so that every library is loaded and every table built."""
    limits, picture = Limits(dots_per_inch=20), Image.new("RGB", (16, 16), "red")
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG")
    samples = [("application/pdf", write_pdf([((7200, 7200), 16, 16, 3, jpeg.getvalue())]))]
    for name, media_type in (
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("TIFF", "image/tiff"),
        ("HEIF", "image/heic"),
        ("AVIF", "image/avif"),
    ):
        encoded = BytesIO()
        try:
            picture.save(encoded, name)
        except (KeyError, OSError, RuntimeError):
            continue  # this build decodes the kind but cannot write a sample of it
        samples.append((media_type, encoded.getvalue()))
    for media_type, data in samples:
        take_apart.take_apart(data, media_type, limits, lambda _piece: None)
    _load_fonts()


def _load_fonts() -> None:
    """Make the PDF library list the fonts now: it does so when a page first names one it does not carry."""
    text = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
        b"4 0 obj<</Length 38>>stream\nBT /F 9 Tf 5 5 Td <82A082A2> Tj ET    \nendstream endobj "
        b"5 0 obj<</Type/Font/Subtype/Type0/BaseFont/MS-Gothic/Encoding/90ms-RKSJ-H/DescendantFonts[6 0 R]>>endobj "
        b"6 0 obj<</Type/Font/Subtype/CIDFontType2/BaseFont/MS-Gothic/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
        b"/Supplement 2>>>>endobj trailer<</Root 1 0 R>>"
    )
    with pypdfium2.PdfDocument(text) as document:
        document[0].render(scale=1)


def _font_folder() -> Path | None:
    found = importlib.util.find_spec("noto_cjk_sans_jp_regular")
    return Path(found.origin).parent if found and found.origin else None


if __name__ == "__main__":
    main()
