"""The operators of the office: a file of password hashes and one-time-code secrets, made at set-up.

There is no page to make an operator and none to change a password: whoever can write this file administers the zone
(``yakuba office …`` writes it).
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from yakuba.base.files import write_json
from yakuba.base.municipality import municipality_code

_hasher = PBKDF2PasswordHasher()


@dataclass(frozen=True, slots=True)
class Operator:
    """One who may look at the office's pages, and write the own procedures of ``towns`` (municipality codes)."""

    name: str
    password: str
    totp: str
    towns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What to tell a new operator, once: it is not kept anywhere in this form."""

    name: str
    password: str
    totp: str
    uri: str


def make_operator(file: Path, name: str, towns: Sequence[str] = ()) -> Made | None:
    """Add ``name`` to ``file`` with a random password and one-time-code secret; ``None`` if it is there already.

    ``towns``: the municipalities whose own procedures this operator may write and publish.
    """
    present = _read(file)
    if name in present:
        return None
    password, totp = secrets.token_urlsafe(12), pyotp.random_base32()
    present[name] = {
        "password": _hasher.encode(password, _hasher.salt()),
        "totp": totp,
        "towns": [municipality_code(town) for town in towns],
    }
    _write(file, present)
    return Made(
        name, password, totp, pyotp.TOTP(totp).provisioning_uri(name=name, issuer_name="役場 組織のページ")
    )


def give_towns(file: Path, name: str, towns: Sequence[str]) -> bool:
    """Let an operator write and publish the own procedures of ``towns``, and of no others; ``False`` if there is none.

    Raises:
        InvalidMunicipalityCode: one of them is no municipality.
    """
    present = _read(file)
    if name not in present:
        return False
    wanted = [municipality_code(town) for town in towns]
    if present[name].get("towns") != wanted:
        present[name]["towns"] = wanted
        _write(file, present)
    return True


def operator(name: str) -> Operator | None:
    """The operator of this name."""
    entry = _read(Path(settings.OFFICE_OPERATORS)).get(name)
    return Operator(name, entry["password"], entry["totp"], tuple(entry.get("towns", ()))) if entry else None


def password_holds(known: Operator | None, password: str) -> bool:
    """Whether the password is right; as slow for a name nobody has, so that names cannot be tried out."""
    if known is None:
        _hasher.encode(password, "nobody")
        return False
    return _hasher.verify(password, known.password)


def step_of(known: Operator, code: str, at: float) -> int | None:
    """The time step (RFC 6238, 30 seconds) a one-time code belongs to, one step of clock difference allowed."""
    totp = pyotp.TOTP(known.totp)
    step = int(at) // totp.interval
    for candidate in (step, step - 1, step + 1):
        if secrets.compare_digest(totp.at(candidate * totp.interval).encode(), code.encode()):
            return candidate
    return None


def _read(file: Path) -> dict[str, dict[str, Any]]:
    return dict(json.loads(file.read_text())) if file.is_file() else {}


def _write(file: Path, present: dict[str, dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, present)
