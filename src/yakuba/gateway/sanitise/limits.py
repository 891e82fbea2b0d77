"""What a file may cost and contain. Whoever needs more is refused with a message that says what to do."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps for one file.

    Attributes:
        dots_per_inch: resolution pages are rebuilt at; 200 keeps 6-point print and seals readable.
        pages: most pages of a document.
        page_pixels: a page larger than this is rebuilt at a lower resolution (A3 at 200 dots per inch is 7.7 million).
        picture_pixels: a picture that declares more is refused before it is decoded.
        longest_edge: pictures are scaled down to this, in pixels (4,000 by 3,000 is 12 million).
        seconds: wall time without that of standing in line for a core, after which the sandbox is killed.
        cpu_seconds: processor time of the sandbox.
        memory: address space of the sandbox in bytes.
        entries: most entries of an archive, folders among them.
        unpacked: most bytes of an archive's or an office document's contents together.
        ratio: most times the contents may be larger than the archive (deflate reaches 1,032; print about 20).
        text: most bytes of a text or a table; rows and columns are not counted.
        archive_cpu_seconds: processor time for all members of an archive together.
        office_seconds: wall time (as ``seconds``) of the conversion of an office document.
        office_cpu_seconds: its processor time.
        office_memory: its address space in bytes, and an eighth of that for the files it writes.
    """

    dots_per_inch: int = 200
    pages: int = 100
    page_pixels: int = 9_000_000
    picture_pixels: int = 120_000_000
    longest_edge: int = 4_000
    seconds: int = 40
    cpu_seconds: int = 30
    memory: int = 2_000_000_000
    entries: int = 200
    unpacked: int = 200_000_000
    ratio: int = 200
    text: int = 5_000_000
    archive_cpu_seconds: int = 120
    office_seconds: int = 90
    office_cpu_seconds: int = 45
    office_memory: int = 4_000_000_000

    def document(self) -> dict[str, int]:
        """The caps as a JSON object, for the sandbox."""
        return asdict(self)


RASTER = Limits()
