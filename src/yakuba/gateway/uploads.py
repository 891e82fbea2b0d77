"""Files that arrive piece by piece and can be resumed; when the last piece is there they become ordinary blobs."""

import hashlib
import uuid

from django.db import IntegrityError, connection, transaction

from yakuba.base.tenancy import under
from yakuba.gateway import blobs
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.errors import GatewayError, MissingBlob


class OutOfStep(GatewayError):
    """The piece does not begin where the file so far ends; ``expected`` is the offset in bytes to resume from."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        super().__init__(f"{expected} bytes are here already; send on from there")


def begin(municipality: str) -> uuid.UUID:
    """Open an upload and return its number."""
    with under(municipality), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_blob (id, municipality, size, touched_at) VALUES (gen_random_uuid(), %s, 0, now()) "
            "RETURNING id",
            [municipality],
        )
        return uuid.UUID(str(cursor.fetchone()[0]))


def received(municipality: str, upload: uuid.UUID) -> int:
    """How many bytes have arrived: where to resume.

    Raises:
        MissingBlob: no such upload is open.
    """
    with under(municipality):
        return _open(municipality, upload)


def append(municipality: str, upload: uuid.UUID, offset: int, data: bytes) -> int:
    """Add a piece that begins at ``offset``; returns the bytes received so far.

    Pieces are whole multiples of 1 MiB except the last one.

    Raises:
        OutOfStep: it does not continue where the file so far ends.
        MissingBlob: no such upload is open.
    """
    with under(municipality), connection.cursor() as cursor:
        so_far = _open(municipality, upload)
        if so_far != offset or so_far % blobs.CHUNK:
            raise OutOfStep(so_far)
        for start in range(0, len(data), blobs.CHUNK):
            cursor.execute(
                "INSERT INTO gateway_blob_chunk (municipality, blob, number, data) VALUES (%s, %s, %s, %s)",
                [municipality, upload, (offset + start) // blobs.CHUNK, data[start : start + blobs.CHUNK]],
            )
        cursor.execute(
            "UPDATE gateway_blob SET size = size + %s, touched_at = now() WHERE municipality = %s AND id = %s",
            [len(data), municipality, upload],
        )
    return offset + len(data)


def finish(
    municipality: str, upload: uuid.UUID, *, slot: str, filename: str, media_type: str, holder: str
) -> AttachmentRef:
    """Close the upload: the file is now kept under its digest, held by ``holder``.

    Raises:
        MissingBlob: no such upload is open.
    """
    with under(municipality):
        size = _open(municipality, upload)
        sha256 = _digest(municipality, upload, size)
        if not _adopt(municipality, upload, sha256):
            abandon(municipality, upload)
        blobs.hold(municipality, (sha256,), holder)
    return AttachmentRef(slot, filename, media_type, size, sha256)


def abandon(municipality: str, upload: uuid.UUID) -> None:
    """Remove an upload that is not wanted any more (or whose content is kept already)."""
    with under(municipality), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM gateway_blob WHERE municipality = %s AND id = %s AND sha256 IS NULL RETURNING id) "
            "DELETE FROM gateway_blob_chunk c USING gone WHERE c.municipality = %s AND c.blob = gone.id",
            [municipality, upload, municipality],
        )


def _open(municipality: str, upload: uuid.UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size FROM gateway_blob WHERE municipality = %s AND id = %s AND sha256 IS NULL FOR UPDATE",
            [municipality, upload],
        )
        row = cursor.fetchone()
    if row is None:
        raise MissingBlob(str(upload))
    return int(row[0])


def _digest(municipality: str, upload: uuid.UUID, size: int) -> str:
    digest = hashlib.sha256()
    for data in blobs.pieces(municipality, upload, size):
        digest.update(data)
    return digest.hexdigest()


def _adopt(municipality: str, upload: uuid.UUID, sha256: str) -> bool:
    """Give the upload its digest; ``False`` where the same content is kept already (which is then locked for our hold)."""
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE gateway_blob SET sha256 = %s, touched_at = now() WHERE municipality = %s AND id = %s",
                    [sha256, municipality, upload],
                )
            return True
        except IntegrityError:
            if blobs.lock(municipality, sha256):
                return False
