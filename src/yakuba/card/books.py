"""The test authority's books: which serial went to which municipality, what is revoked, the next list's
number.

One JSON file, replaced as a whole under a lock; a few thousand rows at most, for it is a test authority.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from yakuba.base.files import locked, write_atomically
from yakuba.base.municipality import municipality_code
from yakuba.card.outcomes import Kind

_FIRST_SERIAL: Final = 0x0100_0001
HOLD: Final = "certificateHold"


class AlreadyIssued(ValueError):
    """This root has issued a certificate with that serial before."""


class NotIssued(LookupError):
    """No such certificate stands in the books, or it is not in the state asked for."""


@dataclass(frozen=True, slots=True)
class RevokedRow:
    """One revocation; ``serial`` in hexadecimal."""

    kind: Kind
    issuer_key_id: str
    serial: str
    at: datetime
    reason: str


class Books:
    """The books over their file. ``issued`` maps "issuer key id/serial" to the municipality."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def create(cls, path: Path, municipalities: Sequence[str]) -> None:
        """Open new books for ``municipalities``."""
        codes = sorted({municipality_code(code) for code in municipalities})
        _write(path, {"municipalities": codes, "next": {}, "crl_number": 0, "issued": {}, "revoked": {}})

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._path.read_bytes())
        return found

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        with locked(self._path):
            rows = self._read()
            yield rows
            _write(self._path, rows)

    def enter(self, kind: Kind, issuer_key_id: str, municipality: str, serial: int | None) -> int:
        """Enter a certificate and return its serial: ``serial``, or the root's next.

        Each root counts from the same start, as real ones may: a serial alone names nobody.

        Raises:
            AlreadyIssued, InvalidMunicipalityCode.
        """
        with self._changed() as rows:
            following = rows["next"].get(issuer_key_id, _FIRST_SERIAL)
            number = following if serial is None else serial
            name = f"{issuer_key_id}/{number:x}"
            if name in rows["issued"]:
                raise AlreadyIssued(f"{kind} {name}")
            rows["issued"][name] = municipality_code(municipality)
            rows["next"][issuer_key_id] = max(following, number + 1)
            rows["municipalities"] = sorted({*rows["municipalities"], municipality})
            return number

    def revoke(self, row: RevokedRow) -> None:
        """Enter a revocation; a hold may turn into another reason, no other reason changes.

        Raises:
            NotIssued: no such certificate.
        """
        with self._changed() as rows:
            name = f"{row.issuer_key_id}/{row.serial}"
            if name not in rows["issued"]:
                raise NotIssued(f"{row.kind} {name}")
            if rows["revoked"].get(name, {"reason": HOLD})["reason"] == HOLD:
                rows["revoked"][name] = {"kind": row.kind, "at": row.at.isoformat(), "reason": row.reason}

    def release(self, kind: Kind, issuer_key_id: str, serial: str) -> None:
        """End a hold.

        Raises:
            NotIssued: that certificate is not on hold.
        """
        with self._changed() as rows:
            name = f"{issuer_key_id}/{serial}"
            if rows["revoked"].get(name, {}).get("reason") != HOLD:
                raise NotIssued(f"{kind} {name}")
            del rows["revoked"][name]

    def standing(self, issuer_key_id: str, serial: str) -> RevokedRow | None:
        """How one certificate stands: its revocation, or None if it is in force.

        Raises:
            NotIssued: no such certificate.
        """
        rows, name = self._read(), f"{issuer_key_id}/{serial}"
        if name not in rows["issued"]:
            raise NotIssued(name)
        row = rows["revoked"].get(name)
        at = datetime.fromisoformat(row["at"]) if row else None
        return RevokedRow(row["kind"], issuer_key_id, serial, at, row["reason"]) if row and at else None

    def revoked(self, kind: Kind, issuer_key_id: str, municipality: str) -> list[RevokedRow]:
        """The rows of one list."""
        rows, found = self._read(), []
        for name, row in rows["revoked"].items():
            issuer, serial = name.split("/")
            if issuer == issuer_key_id and rows["issued"][name] == municipality:
                at = datetime.fromisoformat(row["at"])
                found.append(RevokedRow(kind, issuer, serial, at, row["reason"]))
        return found

    def municipalities(self) -> list[str]:
        """All that have a list."""
        return list(self._read()["municipalities"])

    def next_crl_number(self) -> int:
        """The number of the next publication (RFC 5280 section 5.2.3: it only grows)."""
        with self._changed() as rows:
            rows["crl_number"] += 1
            return int(rows["crl_number"])


def _write(path: Path, rows: dict[str, Any]) -> None:
    write_atomically(path, json.dumps(rows, ensure_ascii=False).encode())
