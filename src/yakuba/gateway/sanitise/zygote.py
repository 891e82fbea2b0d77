"""The process all decoders are forked from: it has loaded the libraries once, so a file does not pay for that.

Run as ``python -m yakuba.gateway.sanitise.zygote``; speaks over the socket it is given as standard input. It knows no
Django, no database and no key. One job: a message with the input and output descriptors; one answer: how it ended.
"""

import codecs
import gc
import json
import mmap
import os
import select
import signal
import socket
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from yakuba.gateway.sanitise import confine, disarm, office_parts, read_text, take_apart, unpack
from yakuba.gateway.sanitise.fonts import font_folder, use_fonts
from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.pdf import write_pdf
from yakuba.gateway.sanitise.priority import NICE, lower_group, waited
from yakuba.gateway.sanitise.refused import Refused
from yakuba.gateway.sanitise.wire import refused_record

_LONGEST_JOB = 4096
TASKS = {
    "pixels": take_apart.take_apart,
    "disarm": disarm.disarm,
    "members": unpack.members,
    "office": office_parts.look,
    "text": read_text.text,
}
"""What a cell can be asked to do with its one file."""


def main() -> None:
    """Serve jobs until the relay closes the socket."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    lower_group(os.getpid())
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    fonts = use_fonts(font_folder())
    _warm_up()
    gc.freeze()  # forks then share these pages instead of copying them at the first collection
    processes = os.open(
        "/proc", os.O_PATH | os.O_DIRECTORY
    )  # to see how a decoder fares, from where nothing is seen
    walls = confine.leave_the_world(fonts) + _cell_walls(fonts)
    confine.end_with_parent()
    control.send(json.dumps({"walls": walls}).encode())
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, _LONGEST_JOB, 2)
        if not message:
            return
        control.send(json.dumps(_serve(json.loads(message), descriptors, fonts, processes)).encode())


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


def _serve(job: dict[str, Any], descriptors: list[int], fonts: Path | None, processes: int) -> dict[str, Any]:
    """Fork a decoder for one file and see it to its end, however that comes."""
    limits = Limits(**job["limits"])
    source, sink = descriptors
    child = os.fork()
    if child == 0:
        _decode(source, sink, (job["task"], job["media_type"]), limits, fonts)
    for descriptor in descriptors:
        os.close(descriptor)
    late = not _wait(child, limits.seconds, processes)
    _, status, usage = os.wait4(child, 0)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "late": late,
        "cpu_ms": round((usage.ru_utime + usage.ru_stime) * 1000),
        "memory_kib": usage.ru_maxrss,
    }


def _wait(child: int, seconds: float, processes: int) -> bool:
    """Wait for the decoder; if it takes too long, kill it and return ``False``. Time in line for a core is not its own."""
    handle, began = os.pidfd_open(child), time.monotonic()
    try:
        left = seconds
        while left > 0:
            if select.select([handle], [], [], left)[0]:
                return True
            left = seconds - (time.monotonic() - began) + _in_line(child, processes)
        os.kill(child, signal.SIGKILL)
        return False
    finally:
        os.close(handle)


def _in_line(child: int, processes: int) -> float:
    """Seconds the decoder was ready to run and had no core; 0 where the kernel does not say."""
    try:
        file = os.open(f"{child}/schedstat", os.O_RDONLY, dir_fd=processes)
    except OSError:
        return 0.0
    with open(file) as opened:
        return waited(opened.read())


def _decode(source: int, sink: int, job: tuple[str, str], limits: Limits, fonts: Path | None) -> None:
    """In the fork: close everything but the two descriptors, lock the cell, do the task, and never return."""
    code, (task, media_type) = 1, job
    try:
        source, sink = os.dup2(source, 3), os.dup2(sink, 4)
        os.closerange(5, 1024)
        confine.lock_cell(limits, fonts)
        with mmap.mmap(source, 0, access=mmap.ACCESS_READ) as data:
            TASKS[task](bytes(data), media_type, limits, lambda piece: _write_all(sink, piece))
        code = 0
    except Refused as refused:
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
    _warm_up_others(samples[0][1])
    _load_fonts()


def _warm_up_others(document: bytes) -> None:
    """The other tasks; and the encodings, which are modules that are not there any more when the cell is locked."""
    for name in (*read_text.ENCODINGS, "utf-16", "cp437"):
        codecs.lookup(name)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("あ.xml", "<a/>")
    samples = (
        ("disarm", document, "application/pdf"),
        ("members", packed.getvalue(), ""),
        ("office", packed.getvalue(), ""),
        ("text", "あ\r\n".encode("cp932"), ""),
    )
    for task, data, media_type in samples:
        TASKS[task](data, media_type, Limits(), lambda _piece: None)


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


if __name__ == "__main__":
    main()
