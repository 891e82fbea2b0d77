"""Verifying again, in this zone: the portal's verdict is kept for comparison and never relied on."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.base.canonical import canonical_bytes
from yakuba.card.bundle import AnyVerdict, verify_bundled
from yakuba.card.evidence_material import Proven
from yakuba.card.in_force import in_force
from yakuba.card.revocation import RevocationSource
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_challenge, verify_cms_detached

# The outer zone says when an application was handed in. It is believed for as long as the zones may be apart; an
# older claim could make a certificate valid again that no longer is, so then the time of arrival counts. A claim later
# than the arrival (this zone's clock is behind) is the stricter of the two: what had ended or was revoked by then is not good.
LONGEST_WAY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where roots and revocation lists come from."""

    trust: TrustStore
    revocation: RevocationSource


@cache
def _from_folder(folder: str) -> Sources:
    found = in_force(Path(folder), may_ask=False)  # this zone opens no connection outward
    return Sources(found.trust, found.revocation)


def sources() -> Sources:
    """The zone's own pinned roots and lists (``YAKUBA_TRUST``); lists are re-read when their files change."""
    return _from_folder(str(settings.YAKUBA_TRUST))


@dataclass(frozen=True, slots=True)
class Proof:
    """What came with an application to prove whose it is."""

    mode: str
    application: Mapping[str, Any]
    signature: bytes | None
    login: Mapping[str, Any] | None
    bundle: Mapping[str, Any] | None = None  # the manifest, where one signature covers several applications


def moment_of_receipt(submitted_at: datetime, arrived_at: datetime) -> datetime:
    """The moment the certificate must have been good at."""
    on_the_way = arrived_at - submitted_at
    return submitted_at if on_the_way <= LONGEST_WAY else arrived_at


def proven(proof: Proof, at: datetime) -> Proven:
    """The proof as evidence keeps it: the very octets that are judged."""
    if proof.mode == "login":
        login = proof.login or {}
        octets = [_decoded(login.get(name)) for name in ("challenge", "signature", "certificate")]
        return Proven("challenge", "auth", at, *octets)
    signature = proof.signature or b""
    if proof.bundle is not None:
        both = canonical_bytes({"application": proof.application, "bundle": proof.bundle})
        return Proven("bundle", "sign", at, both, signature)
    return Proven("cms", "sign", at, canonical_bytes(proof.application), signature)


def verify(proof: Proof, at: datetime, using: Sources | None = None) -> AnyVerdict:
    """The verdict of this zone on the application's proof as it stood at ``at``. Hostile input gives a bad verdict,
    never an exception."""
    using, found = using or sources(), proven(proof, at)
    if found.container == "challenge":
        return verify_challenge(
            found.content,
            found.signature,
            found.certificate,
            at=at,
            trust=using.trust,
            revocation=using.revocation,
        )
    if proof.bundle is not None and found.container == "bundle":
        return verify_bundled(
            proof.application,
            proof.bundle,
            found.signature,
            at=at,
            trust=using.trust,
            revocation=using.revocation,
        )
    return verify_cms_detached(
        found.content, found.signature, at=at, trust=using.trust, revocation=using.revocation
    )


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""
