"""Files put with a draft: whole (an ordinary form) or in pieces (resumable), refused at once if they are of no kind that
their place takes, whatever their name says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yakuba.base.texts import Text
from yakuba.gateway import blobs, disk, uploads
from yakuba.gateway.errors import MissingBlob
from yakuba.gateway.sanitise.kinds import ARCHIVE, LOCKED_OFFICE, OFFICE, OLE, told
from yakuba.portal.models import Draft, Upload
from yakuba.portal.texts import say
from yakuba.procedures.file_kinds import in_words
from yakuba.procedures.slots import Slot

LARGEST = 20 * 1024 * 1024
LARGEST_TOGETHER = 200 * 1024 * 1024
HEAD = 4096  # bytes that tell what a file is


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A file that cannot be taken; ``message`` says why and what would be right."""

    message: Text


def check(slot: Slot, filename: str, size: int, already: int) -> None:
    """What can be said before a byte has arrived.

    Raises:
        Refused: too large, empty, the slot is full, or the town's disk nearly is.
    """
    if size <= 0:
        raise Refused(say("upload.empty", name=filename))
    if size > LARGEST:
        raise Refused(say("upload.too_large", name=filename, most=LARGEST // (1024 * 1024)))
    if already >= slot.max_files:
        raise Refused(say("upload.too_many", most=slot.max_files))
    if not disk.has_room():
        raise Refused(say("upload.no_room", name=filename))


def kind_of(slot: Slot, filename: str, data: bytes, *, whole: bool) -> str:
    """The media type the bytes show. Of a container (ZIP, or that of old office documents) only all of it shows which
    kind of document it is: its first bytes may pass where any such kind may.

    Raises:
        Refused: a kind the town cannot take, or not here.
    """
    media_type = told(data, filename)
    if media_type in slot.accepts:
        return str(media_type)
    if media_type == LOCKED_OFFICE and OFFICE.intersection(slot.accepts):
        raise Refused(say("upload.locked", name=filename))
    if not whole and media_type in (ARCHIVE, OLE) and OFFICE.intersection(slot.accepts):
        return str(media_type)
    key = "upload.office_not_here" if media_type in OFFICE else "upload.wrong_kind"
    raise Refused(say(key, name=filename, kinds=in_words(slot.accepts)))


def keep_whole(draft: Draft, slot: Slot, filename: str, data: bytes, at: datetime) -> Upload:
    """Keep a file that came in one piece.

    Raises:
        Refused: see :func:`check` and :func:`kind_of`.
    """
    name = plain_name(filename)
    check(slot, name, len(data), _count(draft, slot))
    _check_whole(draft, len(data))
    media_type = kind_of(slot, name, data, whole=True)
    make_room(draft, slot)
    ref = blobs.put(draft.municipality, data, slot=slot.key, filename=name, media_type=media_type,
                    holder=f"draft:{draft.id}")  # fmt: skip
    return Upload.objects.create(
        municipality=draft.municipality, draft=draft, slot=slot.key, filename=name, media_type=media_type,
        size=ref.size, sha256=ref.sha256, state="kept", created_at=at,
    )  # fmt: skip


def begin(draft: Draft, slot: Slot, filename: str, size: int, at: datetime) -> Upload:
    """Open an upload in pieces, or find the one that was broken off (same slot, name and size).

    Raises:
        Refused: see :func:`check`.
    """
    name = plain_name(filename)
    broken_off = draft.uploads.filter(state="arriving", slot=slot.key, filename=name, size=size).first()
    if broken_off and _is_open(broken_off):
        return broken_off
    check(slot, name, size, _count(draft, slot))
    _check_whole(draft, size)
    for old in draft.uploads.filter(state="arriving", slot=slot.key) if slot.max_files == 1 else ():
        remove(old)
    return Upload.objects.create(
        municipality=draft.municipality, draft=draft, slot=slot.key, filename=name, size=size,
        arriving=uploads.begin(draft.municipality), created_at=at,
    )  # fmt: skip


def _check_whole(draft: Draft, size: int) -> None:
    """All files of one draft together are bounded too, so that nobody fills the town's disk with one form."""
    check_together(sum(draft.uploads.values_list("size", flat=True)) + size)


def check_together(size: int) -> None:
    """Whether files of ``size`` bytes altogether can come with one application.

    Raises:
        Refused: they cannot.
    """
    if size > LARGEST_TOGETHER:
        raise Refused(say("upload.too_much", most=LARGEST_TOGETHER // (1024 * 1024)))


def _is_open(upload: Upload) -> bool:
    """Whether an upload broken off can go on; one that waited too long is cleared away by the gateway."""
    try:
        received(upload)
    except MissingBlob:
        upload.delete()
        return False
    return True


def received(upload: Upload) -> int:
    """Bytes that have arrived: where to go on.

    Raises:
        MissingBlob: it waited too long and was cleared away.
    """
    if upload.state == "kept" or upload.arriving is None:
        return int(upload.size)
    return uploads.received(upload.municipality, upload.arriving)


def take_piece(upload: Upload, slot: Slot, offset: int, data: bytes) -> int:
    """Add one piece; the last one makes the file kept. Returns the bytes received.

    Raises:
        Refused: the first bytes show a kind that cannot be taken, or there is more than was announced.
        OutOfStep: the piece does not begin where the file so far ends.
    """
    arriving: UUID = upload.arriving or UUID(int=0)
    if offset + len(data) > upload.size:
        raise Refused(say("upload.changed", name=upload.filename))
    if offset == 0:
        upload.media_type = kind_of(slot, upload.filename, data[:HEAD], whole=False)
        upload.save(update_fields=["media_type"])
    so_far = uploads.append(upload.municipality, arriving, offset, data)
    if so_far == upload.size:
        ref = uploads.finish(upload.municipality, arriving, slot=upload.slot, filename=upload.filename,
                             media_type=upload.media_type, holder=f"draft:{upload.draft_id}")  # fmt: skip
        if upload.media_type in (ARCHIVE, OLE):
            upload.media_type = _whole_kind(upload, slot, ref.sha256)
        make_room(upload.draft, slot, keep=upload)
        upload.sha256, upload.state, upload.arriving = ref.sha256, "kept", None
        upload.save(update_fields=["sha256", "state", "arriving", "media_type"])
    return so_far


def _whole_kind(upload: Upload, slot: Slot, sha256: str) -> str:
    """What a container that has arrived whole really is.

    Raises:
        Refused: nothing for this place; the caller takes it away.
    """
    try:
        return kind_of(slot, upload.filename, blobs.read(upload.municipality, sha256), whole=True)
    except Refused:
        upload.sha256, upload.arriving = sha256, None  # what :func:`remove` lets go of
        raise


def remove(upload: Upload) -> None:
    """Take a file away from its draft; the bytes go unless another place of the draft holds the same file."""
    draft, sha256 = upload.draft, upload.sha256
    if upload.arriving:
        uploads.abandon(upload.municipality, upload.arriving)
    upload.delete()
    if sha256 and not draft.uploads.filter(sha256=sha256).exists():
        blobs.release(draft.municipality, f"draft:{draft.id}", (sha256,))


def make_room(draft: Draft, slot: Slot, keep: Upload | None = None) -> None:
    """In a place for one file a new one that has arrived whole replaces the old one, as people expect of a form."""
    if slot.max_files == 1:
        for old in draft.uploads.filter(slot=slot.key).exclude(id__in=[keep.id] if keep else []):
            remove(old)


def _count(draft: Draft, slot: Slot) -> int:
    """How many files stand in the way of another one (in a place for one file: none, it is replaced)."""
    return 0 if slot.max_files == 1 else draft.uploads.filter(slot=slot.key).count()


def plain_name(filename: str) -> str:
    """The file's own name, without folders or control characters, at most 120 characters with its ending."""
    bare = filename.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in bare if char.isprintable()).strip() or "file"
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= 120 else f"{(stem or clean)[:100]}{dot}{ending[:15]}"
