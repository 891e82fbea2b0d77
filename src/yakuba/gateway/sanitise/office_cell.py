"""LibreOffice in a cell of bubblewrap: one process per document, judged by what it wrote."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yakuba.gateway.sanitise import office_settings
from yakuba.gateway.sanitise.bubblewrap import OWN, Walls, cell
from yakuba.gateway.sanitise.fonts import font_folder
from yakuba.gateway.sanitise.limits import Limits

_PROGRAMS = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice/program")
# /etc/libreoffice is the package's own data, to which it links; nothing else of /etc is there.
_READABLE = ("/usr/lib", "/usr/lib64", "/usr/share/libreoffice", "/usr/share/fonts", "/etc/libreoffice")
_PACKAGES = ("libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui")
_RESULT = "document.pdf"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the programs are. ``missing`` names what an operator must install (Debian's packages); then nothing is
    converted."""

    bubblewrap: str
    prlimit: str
    program: Path
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Converted:
    """What came out: a PDF that is as little trusted as the document was, or ``refused``, a code."""

    data: bytes
    refused: str | None
    cpu_ms: int


@cache
def installation() -> Installation:
    """The programs on this machine, looked for once."""
    bubblewrap, prlimit = shutil.which("bwrap") or "", shutil.which("prlimit") or ""
    program = next((Path(one) for one in _PROGRAMS if Path(one, "soffice.bin").is_file()), None)
    missing = [
        *(() if bubblewrap else ("bubblewrap",)),
        *(() if prlimit else ("util-linux",)),
        *(() if program else _PACKAGES),
    ]
    return Installation(bubblewrap, prlimit, program or Path(), tuple(missing))


def convert(
    data: bytes, filters: tuple[str, str], suffix: str, limits: Limits, at: Installation
) -> Converted:
    """The document ``data`` as a PDF. ``filters``: LibreOffice's names for reading and writing; nothing is guessed.

    Raises:
        SandboxBroken: the cell cannot be made on this machine.
    """
    source = f"/in/document{suffix}"
    command = [
        str(at.program / "soffice.bin"), "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        f"-env:UserInstallation=file://{OWN}/profile", f"--infilter={filters[0]}",
        "--convert-to", f"pdf:{filters[1]}", "--outdir", OWN, source,
    ]  # fmt: skip
    with cell(command, _walls({source: data}, limits, at)) as running:
        late = not running.wait(limits.office_seconds)
        written = running.read(_RESULT)
    if late or running.cpu_ms >= limits.office_cpu_seconds * 1000:
        return Converted(b"", "too_costly", running.cpu_ms)
    if not written.startswith(b"%PDF-"):
        return Converted(b"", "broken", running.cpu_ms)
    return Converted(written, None, running.cpu_ms)


def run(command: Sequence[str], limits: Limits, at: Installation, readable: Sequence[str] = ()) -> str:
    """What ``command`` writes to ``said`` in the own folder of such a cell: for tests that look at the walls from
    inside. ``readable``: folders the command itself needs."""
    walls = _walls({"/in/document": b"the one file"}, limits, at, readable)
    with cell(command, walls) as running:
        running.wait(limits.office_seconds)
        return running.read("said").decode(errors="replace")


def _walls(files: dict[str, bytes], limits: Limits, at: Installation, readable: Sequence[str] = ()) -> Walls:
    fonts = font_folder()
    seen = {
        path: path for path in (*_READABLE, *readable) if Path(path).is_dir() and not Path(path).is_symlink()
    }
    return Walls(
        at.bubblewrap,
        at.prlimit,
        {**seen, **({str(fonts): "/fonts"} if fonts else {})},
        {"/fonts.conf": office_settings.fontconfig(("/usr/share/fonts", "/fonts")), **files},
        {
            "profile/user/extensions/buildid": office_settings.build_mark(at.program),
            "profile/user/registrymodifications.xcu": office_settings.registry(),
        },
        {
            "HOME": OWN,
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
            "FONTCONFIG_FILE": "/fonts.conf",
            "LD_LIBRARY_PATH": str(at.program),
        },
        limits.office_cpu_seconds,
        limits.office_memory,
    )
