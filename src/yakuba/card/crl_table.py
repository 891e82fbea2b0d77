"""The table of a revocation list made once and kept beside it, so that a service takes a million entries in at once.

``<list>.crl.table`` is one line of JSON (digests, width), then the records. It is only used with the very list
it was made from, and that list's signature is checked each time it is read; who can write here could write the
pinned roots beside it too.
"""

import hashlib
import json
from pathlib import Path
from typing import Final

from yakuba.base.files import PUBLIC, write_atomically
from yakuba.card.crl import RevokedTable

SUFFIX: Final = ".table"
_LONGEST_HEAD: Final = 512


def table_path(list_path: Path) -> Path:
    """Where the table of the list at ``list_path`` lies."""
    return list_path.with_name(list_path.name + SUFFIX)


def prepare_table(list_path: Path, raw: bytes, table: RevokedTable) -> None:
    """Write ``table``, made from the list ``raw``, beside ``list_path``."""
    packed = table.packed
    head = {
        "list": hashlib.sha256(raw).hexdigest(),
        "records": hashlib.sha256(packed).hexdigest(),
        "width": table.width,
    }
    write_atomically(table_path(list_path), json.dumps(head).encode() + b"\n" + packed, mode=PUBLIC)


def prepared_table(list_path: Path, raw: bytes) -> RevokedTable | None:
    """The table kept for exactly the list ``raw``; None if there is none, or anything about it is not right."""
    try:
        return _read(table_path(list_path), hashlib.sha256(raw).hexdigest())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(path: Path, list_digest: str) -> RevokedTable | None:
    with path.open("rb") as file:
        first = file.readline(_LONGEST_HEAD)
        head = json.loads(first)
        if head["list"] != list_digest:
            return None
        packed = file.read()
    if hashlib.sha256(packed).hexdigest() != head["records"]:
        return None
    return RevokedTable(packed, int(head["width"]))
