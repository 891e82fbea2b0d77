"""Files in PostgreSQL: by content, per municipality, in pieces of at most 1 MiB, kept while somebody holds them.

A file is written once however often it is handed in, and goes when its last holder lets go: the outbox lets
go of a file when the end-to-end receipt has come. All functions work in the caller's transaction, under the municipality;
they open one if there is none.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from yakuba.base.tenancy import joining, under
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.errors import MissingBlob
from yakuba.gateway.rows import binary_rows

CHUNK = 1024 * 1024
# The file, its holder and its first piece (of most files the only one) in one round trip. On a conflict the row is
# locked, so that a removal under way cannot take it from under us.
_KEEP = """
WITH blob AS (
    INSERT INTO gateway_blob (id, municipality, sha256, size, touched_at)
    VALUES (gen_random_uuid(), %s, %s, %s, now())
    ON CONFLICT (municipality, sha256) DO UPDATE SET touched_at = now() RETURNING id, size, (xmax = 0) AS fresh
), held AS (
    INSERT INTO gateway_blob_hold (municipality, sha256, holder) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
), first_piece AS (
    INSERT INTO gateway_blob_chunk (municipality, blob, number, data)
    SELECT %s, id, 0, %s FROM blob WHERE fresh AND size > 0
)
SELECT id, fresh FROM blob
"""


def put(
    municipality: str, data: bytes, *, slot: str, filename: str, media_type: str, holder: str
) -> AttachmentRef:
    """Keep ``data`` and return its reference.

    Args:
        holder: who needs it, e.g. ``draft:<uuid>``; see :func:`release`.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    with joining(municipality):
        keep(municipality, sha256, data, holder)
    return AttachmentRef(slot, filename, media_type, len(data), sha256)


def keep(municipality: str, sha256: str, data: bytes, holder: str) -> None:
    """As :func:`put` for bytes whose digest the caller has just computed, inside ``under(municipality)``."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [municipality, sha256, len(data), municipality, sha256, holder, municipality, data[:CHUNK]],
        )
        blob, fresh = cursor.fetchone()
        if fresh:
            for number, start in enumerate(range(CHUNK, len(data), CHUNK), 1):
                _insert_chunk(cursor, municipality, blob, number, data[start : start + CHUNK])


def hold(municipality: str, sha256s: tuple[str, ...], holder: str) -> None:
    """Say that ``holder`` needs these files until :func:`release`; inside ``under(municipality)``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_blob_hold (municipality, sha256, holder) "
            "SELECT %s, unnest(%s::text[]), %s ON CONFLICT DO NOTHING",
            [municipality, list(sha256s), holder],
        )


def hand_over(municipality: str, holder: str, successor: str, sha256s: Sequence[str]) -> int:
    """From now on ``successor`` needs these of ``holder``'s files, and ``holder`` no longer; inside
    ``under(municipality)``. At no moment does nobody hold them. Returns how many changed hands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateway_blob_hold h SET holder = %s WHERE municipality = %s AND holder = %s AND sha256 = ANY(%s) "
            "AND NOT EXISTS (SELECT FROM gateway_blob_hold s WHERE s.municipality = h.municipality "
            "AND s.sha256 = h.sha256 AND s.holder = %s)",
            [successor, municipality, holder, list(sha256s), successor],
        )
        return int(cursor.rowcount)


def hold_present(municipality: str, sha256: str, holder: str) -> bool:
    """Hold the file if it is kept here; ``False`` if it is not. Inside ``under(municipality)``."""
    if not lock(municipality, sha256):
        return False
    hold(municipality, (sha256,), holder)
    return True


def release(municipality: str, holder: str, sha256s: tuple[str, ...] | None = None) -> None:
    """``holder`` no longer needs its files (or only these of them): those nobody else holds are removed."""
    with joining(municipality), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM gateway_blob_hold WHERE municipality = %s AND holder = %s "
            "AND (%s::text[] IS NULL OR sha256 = ANY(%s::text[])) RETURNING sha256",
            [municipality, holder, *[list(sha256s) if sha256s is not None else None] * 2],
        )
        released = [row[0] for row in cursor.fetchall()]
        if not released:
            return
        # Lock first, look second: the second statement sees holds that were taken while we waited for the lock.
        cursor.execute(
            "SELECT id FROM gateway_blob WHERE municipality = %s AND sha256 = ANY(%s) ORDER BY id FOR UPDATE",
            [municipality, released],
        )
        cursor.execute(
            "WITH gone AS (DELETE FROM gateway_blob b WHERE municipality = %s AND sha256 = ANY(%s) AND NOT EXISTS "
            "(SELECT FROM gateway_blob_hold h WHERE h.municipality = b.municipality AND h.sha256 = b.sha256) "
            "RETURNING municipality, id) DELETE FROM gateway_blob_chunk c USING gone "
            "WHERE c.municipality = gone.municipality AND c.blob = gone.id",
            [municipality, released],
        )


def held(municipality: str, sha256: str, holders: list[str]) -> tuple[uuid.UUID, int]:
    """Number and size of the file, if one of ``holders`` holds it, inside ``under(municipality)``.

    Raises:
        MissingBlob: it is not kept here for any of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, size FROM gateway_blob b WHERE municipality = %s AND sha256 = %s AND EXISTS (SELECT FROM "
            "gateway_blob_hold h WHERE h.municipality = b.municipality AND h.sha256 = b.sha256 AND holder = ANY(%s))",
            [municipality, sha256, holders],
        )
        row = cursor.fetchone()
    if row is None:
        raise MissingBlob(sha256)
    return row[0], int(row[1])


def exists(municipality: str, sha256: str) -> bool:
    """Whether the file is kept here."""
    with under(municipality):
        return _find(municipality, sha256) is not None


def read(municipality: str, sha256: str) -> bytes:
    """The whole file.

    Raises:
        MissingBlob: it is not kept here.
    """
    with under(municipality):
        found = list(pieces(municipality, *_require(municipality, sha256)))
    return found[0] if len(found) == 1 else b"".join(found)


def stream(municipality: str, sha256: str) -> Iterator[bytes]:
    """The file in pieces, each read in a short transaction of its own: for answers to slow connections.

    Raises:
        MissingBlob: it is not kept here (or was removed half-way).
    """
    with under(municipality):
        blob, total = _require(municipality, sha256)
    for number in range((total + CHUNK - 1) // CHUNK):
        with under(municipality):
            rows = _chunk(municipality, blob, number)
        if not rows:
            raise MissingBlob(sha256)
        yield bytes(rows[0][0])


def pieces(municipality: str, blob: uuid.UUID, size: int) -> Iterator[bytes]:
    """The pieces of a file of ``size`` bytes in order, inside ``under(municipality)``."""
    for number in range((size + CHUNK - 1) // CHUNK):
        yield bytes(_chunk(municipality, blob, number)[0][0])


def lock(municipality: str, sha256: str) -> bool:
    """Lock the file against removal until the transaction ends; ``False`` if it is not kept here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM gateway_blob WHERE municipality = %s AND sha256 = %s FOR UPDATE",
            [municipality, sha256],
        )
        return cursor.fetchone() is not None


def _find(municipality: str, sha256: str) -> tuple[uuid.UUID, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, size FROM gateway_blob WHERE municipality = %s AND sha256 = %s",
            [municipality, sha256],
        )
        row = cursor.fetchone()
    return (row[0], int(row[1])) if row else None


def _require(municipality: str, sha256: str) -> tuple[uuid.UUID, int]:
    found = _find(municipality, sha256)
    if found is None:
        raise MissingBlob(sha256)
    return found


def _insert_chunk(cursor: Any, municipality: str, blob: uuid.UUID, number: int, data: bytes) -> None:
    cursor.execute(
        "INSERT INTO gateway_blob_chunk (municipality, blob, number, data) VALUES (%s, %s, %s, %s)",
        [municipality, blob, number, data],
    )


def _chunk(municipality: str, blob: uuid.UUID, number: int) -> list[tuple[Any, ...]]:
    return binary_rows(
        "SELECT data FROM gateway_blob_chunk WHERE municipality = %s AND blob = %s AND number = %s",
        [municipality, blob, number],
    )
