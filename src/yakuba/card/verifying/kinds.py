"""Which kind a file is, by its first bytes, and the adapter that judges it."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from yakuba.card.evidence import MAX_RECORD_BYTES
from yakuba.card.evidence_verdict import verify_evidence
from yakuba.card.outcomes import Reason
from yakuba.card.paths import Authorities, PathJudge, verify_cms
from yakuba.card.pdf import NoticeRoots, verify_notice
from yakuba.card.revocation import RevocationIndex
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached
from yakuba.card.verifying.reports import (
    Report,
    cannot_tell,
    evidence_report,
    notice_report,
    other_signature_report,
    signature_report,
    xml_report,
)
from yakuba.card.xml import verify_xml

MAX_FILE_BYTES: Final = MAX_RECORD_BYTES
_PEM: Final = re.compile(rb"\s*-----BEGIN ([A-Z0-9 ]{1,24})-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----\s*")
_NOBODY: Final = Authorities(())


@dataclass(frozen=True, slots=True)
class Pins:
    """Where the pinned roots are: ``notices`` and ``trust`` with ``roots/*.crt`` and ``crls/*.crl``, and in ``trust``
    also ``stamps/*.crt``, roots of time-stamping authorities. ``others``: what is pinned and known of other PKIs.
    ``asked_for_others``: that it is one of their signatures has been said.
    """

    notices: Path
    trust: Path
    others: Authorities = _NOBODY
    asked_for_others: bool = False


def judged(data: bytes, *, content: bytes | None, pins: Pins, at: datetime) -> Report:
    """The report on ``data`` at ``at``; ``content`` is what a detached signature is over.

    Raises:
        UnusableRoot: a pinned root is not one.
    """
    begin = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(b"%PDF"):
        return notice_report(verify_notice(data, roots=NoticeRoots.from_folder(pins.notices), at=at))
    if begin.startswith(b"{"):
        authorities = TrustStore.from_folder(pins.trust / "stamps")
        return evidence_report(verify_evidence(data, at=at, authorities=authorities, pinned=_pinned(pins)))
    if begin.startswith(b"<"):
        trust = TrustStore.from_folder(pins.trust / "roots")
        return xml_report(verify_xml(data, at=at, trust=trust, revocation=_lists(pins, trust)))
    message = _message(data)
    if message is None:
        return cannot_tell("unrecognised", "unrecognised")
    if content is None:
        return cannot_tell("signature", "content_wanted")
    return _signature(content, message, pins, at)


def _signature(content: bytes, message: bytes, pins: Pins, at: datetime) -> Report:
    """A resident's, or if none of the residents' authorities issued the certificate, somebody's of another PKI."""
    if not pins.asked_for_others:
        trust = TrustStore.from_folder(pins.trust / "roots")
        verdict = verify_cms_detached(content, message, at=at, trust=trust, revocation=_lists(pins, trust))
        stranger = any(check.reason is Reason.ISSUER_NOT_TRUSTED for check in verdict.checks)
        if not (stranger and pins.others.anchors):
            return signature_report(verdict)
    with PathJudge() as judge:
        return other_signature_report(
            verify_cms(content, message, at=at, authorities=pins.others, judge=judge)
        )


def _pinned(pins: Pins) -> TrustStore | None:
    """The reader's own roots, if there are any to compare a record's with."""
    found = TrustStore.from_folder(pins.trust / "roots")
    return found if found.roots else None


def _lists(pins: Pins, trust: TrustStore) -> RevocationIndex:
    return RevocationIndex.from_folder(pins.trust / "crls", trust)


def _message(data: bytes) -> bytes | None:
    """The CMS message in ``data``."""
    return der_in(data, "CMS", "PKCS7")


def der_in(data: bytes, *labels: str) -> bytes | None:
    """The DER in ``data``, straight or as PEM under one of ``labels`` (RFC 7468); None if it is neither."""
    if data[:1] == b"\x30":
        return data
    pem = _PEM.fullmatch(data)
    if pem is None or pem[1].decode() not in labels:
        return None
    try:
        return base64.b64decode(b"".join(pem[2].split()), validate=True)
    except binascii.Error:
        return None
