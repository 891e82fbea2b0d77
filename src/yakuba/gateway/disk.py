"""Whether the disk holds what will come: outbox and files of a day in which nothing can be passed on, and a word before it is full."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

GIB: Final = 2**30
MIB: Final = 2**20
FILE_OVERHEAD: Final = (
    1.1  # of a photo's bytes in PostgreSQL: its pieces' rows, their index, pages not quite full
)
APPLICATION_BYTES: Final = (
    64 * 1024
)  # one without its files: draft, outbox, history, audit, sessions, indexes
RESERVE: Final = 8 * GIB  # write-ahead log, temporary files, the system's own
LOW: Final = 0.3  # of the disk free: a word to the operators
ALARM: Final = 0.1


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk a zone's database lies on, in bytes. ``database``: what the database itself takes of it."""

    total: int
    free: int
    database: int

    @property
    def state(self) -> str:
        """``enough``, ``low`` (under 30% free) or ``alarm`` (under 10%)."""
        share = self.free / self.total
        return "alarm" if share < ALARM else "low" if share < LOW else "enough"


def needed(households: int, files: int, file_bytes: int) -> int:
    """Bytes that ``households`` applications take while nothing is passed on, each with ``files`` of ``file_bytes``."""
    return int(households * (files * file_bytes * FILE_OVERHEAD + APPLICATION_BYTES)) + RESERVE


def fit(free: int, files: int, file_bytes: int) -> int:
    """How many more applications of that size ``free`` bytes hold."""
    return max(0, free - RESERVE) // needed_for_one(files, file_bytes)


def needed_for_one(files: int, file_bytes: int) -> int:
    """Bytes of one application."""
    return needed(1, files, file_bytes) - RESERVE


def look() -> Disk | None:
    """The disk as it is now; ``None`` where the database lies on another machine and nobody has said where to look
    (``YAKUBA_DATABASE_DISK``)."""
    folder = Path(settings.DATABASE_DISK)
    if not settings.DATABASE_DISK or not folder.is_dir():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free, size)


def has_room() -> bool:
    """Whether new drafts and files may come: what is free beyond ``DISK_KEPT_FREE`` (MiB) is theirs, the rest is for what was
    begun and for receipts. Where nobody can look at the disk (:func:`look`), nothing is refused."""
    folder = Path(settings.DATABASE_DISK)
    if not settings.DATABASE_DISK or not folder.is_dir():
        return True
    return shutil.disk_usage(folder).free >= settings.DISK_KEPT_FREE * MIB


def in_words(disk: Disk | None) -> str:
    """One line for operators."""
    if disk is None:
        return "ディスクの空きは分かりません(データベースが別の機械にあるときは YAKUBA_DATABASE_DISK を設定してください)。"
    said = f"空き {disk.free / GIB:.1f} GiB / 全体 {disk.total / GIB:.1f} GiB(データベース {disk.database / GIB:.1f} GiB)"
    words = {"enough": "", "low": " 注意: 空きが30%を切りました。", "alarm": " 警告: 空きが10%を切りました。"}
    return said + words[disk.state]
