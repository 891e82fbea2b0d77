"""Writing files so that a power cut leaves the old or the new one, never half; private ones for the
owner only.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
PUBLIC: Final = 0o644


def write_atomically(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Put ``data`` in place of ``path`` with ``mode``; on return it is on the disk.

    Raises:
        OSError: the folder cannot be written; the old file is untouched.
    """
    beside = _beside(path, data, mode)
    try:
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, mode: int = PRIVATE) -> bool:
    """Put ``data`` at ``path`` unless there is a file already; it appears whole or not at all, whoever else makes it at
    the same moment. Returns whether this call made it."""
    if path.exists():
        return False
    beside = _beside(path, data, mode)
    try:
        os.link(beside, path)  # fails where the file has come into being meanwhile: the first one stays
    except FileExistsError:
        return False
    finally:
        beside.unlink()
    _sync_folder(path.parent)
    return True


def write_json(path: Path, value: object) -> None:
    """A small JSON file in one step, readable by the owner only."""
    write_atomically(path, json.dumps(value, ensure_ascii=False, indent=2).encode())


def _beside(path: Path, data: bytes, mode: int) -> Path:
    """``data`` on the disk under a name of its own beside ``path``."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(path: Path) -> Path:
    """Make ``path`` a folder only its owner may enter."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other threads and processes that use the same ``path`` here out until the block ends."""
    beside = path.with_name(f".{path.name}.lock")
    handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
