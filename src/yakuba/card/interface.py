"""What a card can do, whichever it is: the emulated one here, a real one over PC/SC later.

A card never hands out a private key. It opens a session for a PIN; within it the certificate can be read (the
signing certificate only there: the holder's name is in it) and digests can be signed.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from yakuba.card.outcomes import Kind


class CardError(Exception):
    """A card did not do what was asked; the subclasses say why."""


class WrongPin(CardError):
    """The PIN is not right; ``tries_left`` tries remain before it locks."""

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(f"wrong PIN, {tries_left} tries left")


class PinLocked(CardError):
    """No try is left: only the municipality's counter can unlock it."""


class PinForm(CardError):
    """What was given cannot be this PIN (length or characters); the card was not asked and no try is lost."""


class UnreadableCard(CardError):
    """Not a card, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """A signed challenge: the certificate, and RSASSA-PKCS1-v1_5 with SHA-256 over the challenge."""

    certificate: bytes
    signature: bytes


class Session(Protocol):
    """A card after its PIN was right."""

    @property
    def certificate(self) -> bytes:
        """The certificate of the session's kind, DER."""
        ...

    def sign_digest(self, digest: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 over a SHA-256 ``digest``."""
        ...


class Card(Protocol):
    """A card on the reader."""

    @property
    def label(self) -> str:
        """What to call it on the screen."""
        ...

    def tries_left(self, kind: Kind) -> int:
        """How many tries the PIN of ``kind`` has left; asking costs none."""
        ...

    def unlocked(self, kind: Kind, pin: str) -> AbstractContextManager[Session]:
        """Verify ``pin`` and hold the card's session open.

        Raises:
            PinForm, WrongPin, PinLocked, UnreadableCard.
        """
        ...


class NamedCard(Card, Protocol):
    """A card the agent offers: found again by its name, and asked for its end before a try is spent."""

    @property
    def name(self) -> str:
        """What it is chosen by; no two cards at hand share one."""
        ...

    def auth_certificate(self) -> bytes:
        """The authentication certificate, DER: readable without PIN, for it names nobody."""
        ...
