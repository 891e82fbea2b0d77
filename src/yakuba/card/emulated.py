"""The emulated My Number card: one file that behaves like the card, for synthetic people.

Two certificates behind two PINs with a card's rules. A try is written off on the disk *before* the PIN is
looked at and given back after it was right, so that pulling the plug never wins a try. Private keys leave
this module neither by its functions nor in the file, where they are sealed (:mod:`yakuba.card.sealing`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from yakuba.base import clock
from yakuba.base.files import locked, write_atomically
from yakuba.card import signing
from yakuba.card.interface import Authentication, CardError, PinLocked, UnreadableCard, WrongPin
from yakuba.card.keyfiles import key_bytes, key_from_bytes
from yakuba.card.outcomes import Kind
from yakuba.card.pins import PIN_RULES, check_pin_form
from yakuba.card.sealing import CannotOpen, new_data_key, new_salt, pin_key, seal, unseal
from yakuba.card.testca import Issued, IssuedPair

SUFFIX: Final = ".card.json"
_FORMAT: Final = "yakuba-emulated-card/1"


class WrongCounterKey(CardError):
    """The unlock key is not of the authority that made this card."""


@dataclass(frozen=True, slots=True)
class EmulatedSession:
    """An open session; see :class:`yakuba.card.interface.Session`."""

    certificate: bytes
    _key: RSAPrivateKey

    def sign_digest(self, digest: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 over a SHA-256 ``digest``."""
        return self._key.sign(digest, PKCS1v15(), Prehashed(SHA256()))

    def __repr__(self) -> str:
        return "EmulatedSession(…)"


class EmulatedCard:
    """A card over its file; every call reads the file anew, for another process may hold the card too."""

    def __init__(self, path: Path, label: str) -> None:
        self.path, self.label = path, label

    @classmethod
    def make(
        cls, path: Path, pair: IssuedPair, *, label: str, sign_pin: str, auth_pin: str, unlock_key: bytes
    ) -> "EmulatedCard":
        """Write a new card to ``path`` (mode 0600).

        Raises:
            PinForm: a PIN is not of its form.
            FileExistsError: there is a card already.
        """
        check_pin_form("sign", sign_pin)
        check_pin_form("auth", auth_pin)
        if path.exists():
            raise FileExistsError(f"{path} にはすでにカードがあります。別のファイル名を指定してください。")
        sections = {
            "sign": _new_section(pair.sign, sign_pin, unlock_key),
            "auth": _new_section(pair.auth, auth_pin, unlock_key),
        }
        _write(path, {"format": _FORMAT, "label": label, "sections": sections})
        return cls(path, label)

    @classmethod
    def load(cls, path: Path) -> "EmulatedCard":
        """The card in ``path``.

        Raises:
            UnreadableCard: no emulated card is there.
        """
        return cls(path, str(_read(path)["label"]))

    @property
    def name(self) -> str:
        """The file's name without its ending: what the card is chosen by."""
        return self.path.name.removesuffix(SUFFIX)

    def tries_left(self, kind: Kind) -> int:
        """How many tries the PIN has left."""
        return int(_read(self.path)["sections"][kind]["tries_left"])

    def auth_certificate(self) -> bytes:
        """The authentication certificate, DER: readable without PIN, for it names nobody."""
        return bytes.fromhex(_read(self.path)["sections"]["auth"]["certificate"])

    @contextmanager
    def unlocked(self, kind: Kind, pin: str) -> Iterator[EmulatedSession]:
        """Verify ``pin`` and hold a session open; see :class:`yakuba.card.interface.Card`."""
        data_key = self._verify(kind, pin)
        sealed = _read(self.path)["sections"][kind]["sealed"]
        content = json.loads(unseal(data_key, sealed, f"{kind} content"))
        yield EmulatedSession(
            bytes.fromhex(content["certificate"]), key_from_bytes(bytes.fromhex(content["key"]))
        )

    def sign_cms(self, content: bytes, pin: str, *, at: datetime | None = None) -> bytes:
        """As :func:`yakuba.card.signing.sign_cms`; signed now if no time is given."""
        return signing.sign_cms(self, content, pin, at=at or clock.now())

    def authenticate(self, challenge: bytes, pin: str) -> Authentication:
        """As :func:`yakuba.card.signing.authenticate`."""
        return signing.authenticate(self, challenge, pin)

    def change_pin(self, kind: Kind, old: str, new: str) -> None:
        """Set a new PIN.

        Raises:
            PinForm, WrongPin, PinLocked.
        """
        check_pin_form(kind, new)
        self._set_pin(kind, new, self._verify(kind, old))

    def unlock(self, kind: Kind, unlock_key: bytes, new_pin: str) -> None:
        """Unlock at the counter (窓口での初期化): all tries back, with a PIN newly chosen by the holder.

        Raises:
            PinForm: ``new_pin`` is not of its form.
            WrongCounterKey: ``unlock_key`` does not open this card.
        """
        check_pin_form(kind, new_pin)
        wrapped = _read(self.path)["sections"][kind]["counter_wrapped"]
        try:
            data_key = unseal(unlock_key, wrapped, f"{kind} counter")
        except CannotOpen as problem:
            raise WrongCounterKey from problem
        self._set_pin(kind, new_pin, data_key)

    def _verify(self, kind: Kind, pin: str) -> bytes:
        """Verify ``pin`` as a card does, and return the data key it opens."""
        check_pin_form(kind, pin)
        with locked(self.path):
            card = _read(self.path)
            section = card["sections"][kind]
            if section["tries_left"] <= 0:
                raise PinLocked
            section["tries_left"] -= 1
            _write(self.path, card)  # on the disk before the PIN is looked at
            try:
                data_key = unseal(
                    pin_key(pin, bytes.fromhex(section["salt"])), section["pin_wrapped"], f"{kind} PIN"
                )
            except CannotOpen:
                if section["tries_left"] == 0:
                    raise PinLocked from None
                raise WrongPin(section["tries_left"]) from None
            section["tries_left"] = PIN_RULES[kind].tries
            _write(self.path, card)
        return data_key

    def _set_pin(self, kind: Kind, pin: str, data_key: bytes) -> None:
        with locked(self.path):
            card = _read(self.path)
            card["sections"][kind] |= _pin_part(kind, pin, data_key)
            _write(self.path, card)


def cards_in(folder: Path) -> list[EmulatedCard]:
    """The readable cards of a folder, by label."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            found.append(EmulatedCard.load(path))
        except UnreadableCard:
            continue
    return sorted(found, key=lambda card: (card.label, card.name))


def _new_section(issued: Issued, pin: str, unlock_key: bytes) -> dict[str, Any]:
    data_key, kind = new_data_key(), issued.kind
    content = {"certificate": issued.certificate.hex(), "key": key_bytes(issued.key).hex()}
    section = {
        "counter_wrapped": seal(unlock_key, data_key, f"{kind} counter"),
        "sealed": seal(data_key, json.dumps(content).encode(), f"{kind} content"),
        **_pin_part(kind, pin, data_key),
    }
    if kind == "auth":
        section["certificate"] = issued.certificate.hex()
    return section


def _pin_part(kind: Kind, pin: str, data_key: bytes) -> dict[str, Any]:
    salt = new_salt()
    return {
        "tries_left": PIN_RULES[kind].tries,
        "salt": salt.hex(),
        "pin_wrapped": seal(pin_key(pin, salt), data_key, f"{kind} PIN"),
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise UnreadableCard(f"{path.name} を読めません。") from problem
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise UnreadableCard(f"{path.name} はやくばの模擬カードではありません。")
    return found


def _write(path: Path, card: Mapping[str, Any]) -> None:
    write_atomically(path, json.dumps(card, ensure_ascii=False, indent=1).encode())
