"""The one place where the portal asks about a card: which roots and revocation lists are in force here."""

import base64
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from yakuba.card.in_force import InForce, in_force
from yakuba.card.outcomes import Verdict
from yakuba.card.revocation import RevocationSource
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_challenge, verify_cms_detached
from yakuba.portal.models import SignIn


@cache
def _trust(folder: Path) -> InForce:
    return in_force(folder, may_ask=True)


def in_force_here() -> tuple[TrustStore, RevocationSource]:
    """The roots and lists of this zone's trust folder, read once; lists anew when their files change."""
    found = _trust(Path(settings.YAKUBA_TRUST))
    return found.trust, found.revocation


def on_challenge(challenge: bytes, signature: bytes, certificate: bytes, at: datetime) -> Verdict:
    """The verdict on a sign-in (利用者証明用電子証明書)."""
    trust, revocation = in_force_here()
    return verify_challenge(challenge, signature, certificate, at=at, trust=trust, revocation=revocation)


def on_signature(content: bytes, cms: bytes, at: datetime) -> Verdict:
    """The verdict on the signature over an application (署名用電子証明書)."""
    trust, revocation = in_force_here()
    return verify_cms_detached(content, cms, at=at, trust=trust, revocation=revocation)


def on_sign_in(record: SignIn) -> Verdict:
    """The verdict on a recorded sign-in as it stood when it was made: the proof of a login-only application."""
    challenge, signature, certificate = (
        base64.b64decode(text) for text in (record.challenge, record.signature, record.certificate)
    )
    return on_challenge(challenge, signature, certificate, record.at)
