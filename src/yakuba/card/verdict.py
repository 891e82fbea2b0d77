"""The verdict on a resident's signature: strict, one hop, offline, and it never raises whatever comes in.

Three steps: take the bytes apart (:mod:`cms`, :mod:`certificate`), judge the signer's certificate against the
pinned roots and the revocation lists (:mod:`certificate_checks`), judge the signature over the content.
Checks do not stop at the first that fails where they can go on, so that a clerk sees all that is wrong.
GOOD needs every check of the list to have been made and be good: a check that was forgotten is never a
pass.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import (
    Certificate,
    issuer_and_serial,
    parse_certificate,
    subject_key_identifier,
)
from yakuba.card.certificate_checks import Examined, certificate_checks, examine
from yakuba.card.checklist import Checklist
from yakuba.card.cms import Refused, SignedData, SignerInfo, parse_signed_data
from yakuba.card.outcomes import CheckCode, Reason, Verdict
from yakuba.card.policy import AUTH_POLICY, SIGN_POLICY, Policy
from yakuba.card.revocation import RevocationSource
from yakuba.card.trust import TrustStore, signature_is_right

_DATA_OID: Final = w.oid(oids.DATA)
_SHA256_OCTETS: Final = 32
_CMS_ONLY: Final = (
    CheckCode.STRUCTURE, CheckCode.DETACHED, CheckCode.ONE_SIGNER, CheckCode.ALGORITHMS,
    CheckCode.SIGNED_ATTRIBUTES, CheckCode.SIGNER_CERTIFICATE, CheckCode.CONTENT_TYPE,
    CheckCode.MESSAGE_DIGEST, CheckCode.SIGNING_CERTIFICATE,
)  # fmt: skip
# What reading hostile bytes may raise below us: our own NotDer (a ValueError), and what the RSA library
# says of keys.
_HOSTILE: Final = (ValueError, TypeError, OverflowError, IndexError, KeyError, UnsupportedAlgorithm)


def verify_cms_detached(
    content: bytes,
    cms_der: bytes,
    *,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    policy: Policy = SIGN_POLICY,
    in_pdf: bool = False,
) -> Verdict:
    """Judge a detached CMS signature over ``content`` as it stood at ``at`` (time of receipt, with time
    zone).

    ``in_pdf``: the message is a PDF's signature, which carries its time outside (:mod:`yakuba.card.pdf`).
    """
    _check_time(at)
    checks = Checklist(policy, without=(CheckCode.CHALLENGE,))
    with _whatever_comes_in(checks, CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE):
        _judge_cms(checks, content, cms_der, at, trust, revocation, in_pdf)
    return checks.verdict()


def verify_challenge(
    challenge: bytes,
    signature: bytes,
    certificate_der: bytes,
    *,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    policy: Policy = AUTH_POLICY,
) -> Verdict:
    """Judge a log-in: ``signature`` (RSASSA-PKCS1-v1_5, SHA-256) over ``challenge`` by the certificate's
    key.
    """
    _check_time(at)
    checks = Checklist(policy, without=_CMS_ONLY)
    with _whatever_comes_in(checks, CheckCode.CERTIFICATE, Reason.WRONG_CERTIFICATE_FORM):
        right_length = policy.min_challenge <= len(challenge) <= policy.max_challenge
        reason = None if right_length else Reason.CHALLENGE_LENGTH
        checks.add(CheckCode.CHALLENGE, reason, octets=len(challenge))
        if _encoded(checks, certificate_der, policy.max_message):
            signer = _judge_certificate(checks, certificate_der, at, trust, revocation)
            _judge_signature(checks, signer, signature, challenge)
    return checks.verdict()


def verify_signed_bytes(
    signed: bytes,
    signature: bytes,
    certificate_der: bytes,
    *,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    policy: Policy = SIGN_POLICY,
) -> Verdict:
    """Judge the bare ``signature`` (RSASSA-PKCS1-v1_5, SHA-256) another container made over ``signed``.

    For adapters (:mod:`yakuba.card.xml`) that judge their own container's form and bind the content to ``signed``.
    """
    _check_time(at)
    checks = Checklist(policy, without=(*_CMS_ONLY, CheckCode.CHALLENGE))
    with _whatever_comes_in(checks, CheckCode.CERTIFICATE, Reason.WRONG_CERTIFICATE_FORM):
        if _encoded(checks, certificate_der, policy.max_message):
            signer = _judge_certificate(checks, certificate_der, at, trust, revocation)
            _judge_signature(checks, signer, signature, signed)
    return checks.verdict()


def _check_time(at: datetime) -> None:
    """The one thing that raises: a caller's mistake, which must not read as a bad signature."""
    if at.tzinfo is None:
        raise ValueError("`at` needs a time zone, e.g. yakuba.base.clock.now()")


@contextmanager
def _whatever_comes_in(checks: Checklist, code: CheckCode, reason: Reason) -> Iterator[None]:
    """Turn what hostile bytes make the block raise into a check that is bad: ``code`` where none is named."""
    try:
        yield
    except Refused as refused:
        checks.bad(refused.code, refused.reason, **refused.facts)
    except _HOSTILE:
        checks.bad(code, reason)


def _encoded(checks: Checklist, data: bytes, largest: int) -> bool:
    if len(data) > largest:
        checks.bad(CheckCode.ENCODING, Reason.TOO_LARGE, octets=len(data), allowed=largest)
        return False
    try:
        der.check(data)
    except der.NotDer as problem:
        checks.bad(CheckCode.ENCODING, Reason.NOT_DER, position=problem.position)
        return False
    checks.good(CheckCode.ENCODING, octets=len(data))
    return True


def _judge_cms(
    checks: Checklist,
    content: bytes,
    message: bytes,
    at: datetime,
    trust: TrustStore,
    revocation: RevocationSource,
    in_pdf: bool,
) -> None:
    policy = checks.policy
    if len(content) > policy.max_content:
        checks.bad(CheckCode.ENCODING, Reason.TOO_LARGE, octets=len(content), allowed=policy.max_content)
        return
    if not _encoded(checks, message, policy.max_message):
        return
    signed = parse_signed_data(message, in_pdf=in_pdf)
    for code in _CMS_ONLY[:4]:
        checks.good(code)
    stated = signed.signer.signing_time
    checks.good(CheckCode.SIGNED_ATTRIBUTES, **({"signing_time": stated.isoformat()} if stated else {}))
    _judge_message(checks, signed.signer, content)
    raw = _signer_certificate(signed)
    if raw is None:
        checks.bad(CheckCode.SIGNER_CERTIFICATE, Reason.SIGNER_CERTIFICATE_MISSING)
        return
    checks.good(CheckCode.SIGNER_CERTIFICATE, embedded=len(signed.certificates))
    signer = _judge_certificate(checks, raw, at, trust, revocation)
    _judge_signing_certificate(checks, signed.signer, signer.certificate)
    _judge_signature(checks, signer, signed.signer.signature, signed.signer.signed_bytes)


def _judge_message(checks: Checklist, signer: SignerInfo, content: bytes) -> None:
    right_type = signer.attributes[oids.CONTENT_TYPE] == _DATA_OID
    checks.add(CheckCode.CONTENT_TYPE, None if right_type else Reason.WRONG_CONTENT_TYPE)
    digest = der.Reader(signer.attributes[oids.MESSAGE_DIGEST]).content(der.OCTET_STRING)
    unchanged = digest == hashlib.sha256(content).digest()
    checks.add(CheckCode.MESSAGE_DIGEST, None if unchanged else Reason.CONTENT_CHANGED)


def _signer_certificate(signed: SignedData) -> bytes | None:
    """The one embedded certificate the signer names; the others are not read beyond their names."""
    found = [raw for raw in signed.certificates if _is_named_by(signed.signer, raw)]
    return found[0] if len(found) == 1 else None


def _is_named_by(signer: SignerInfo, raw: bytes) -> bool:
    try:
        if signer.key_id is not None:
            return subject_key_identifier(parse_certificate(raw)) == signer.key_id
        return issuer_and_serial(raw) == (signer.issuer, signer.serial)
    except ValueError:
        return False


def _judge_certificate(
    checks: Checklist, raw: bytes, at: datetime, trust: TrustStore, revocation: RevocationSource
) -> Examined:
    try:
        certificate = parse_certificate(raw)
    except ValueError as problem:
        raise Refused(CheckCode.CERTIFICATE, Reason.WRONG_CERTIFICATE_FORM) from problem
    checks.good(CheckCode.CERTIFICATE)
    examined = examine(certificate, trust, checks.policy, at)
    checks.signer = examined.signer
    certificate_checks(checks, examined, at, revocation)
    return examined


def _judge_signing_certificate(checks: Checklist, signer: SignerInfo, certificate: Certificate) -> None:
    """RFC 5035 section 3: the signature itself says which certificate it was made with."""
    attribute = der.Reader(signer.attributes[oids.SIGNING_CERTIFICATE_V2]).enter(der.SEQUENCE)
    first = attribute.enter(der.SEQUENCE).enter(der.SEQUENCE)
    if first.next_is(der.SEQUENCE):  # hashAlgorithm; left out when it is SHA-256, the DEFAULT
        raise Refused(CheckCode.SIGNING_CERTIFICATE, Reason.SIGNING_CERTIFICATE_DIFFERS)
    same = first.content(der.OCTET_STRING) == hashlib.sha256(certificate.raw).digest()
    if first.more():
        named = w.sequence(w.sequence(w.explicit(4, certificate.issuer)), w.integer(certificate.serial))
        same = same and first.raw() == named
    checks.add(CheckCode.SIGNING_CERTIFICATE, None if same else Reason.SIGNING_CERTIFICATE_DIFFERS)


def _judge_signature(checks: Checklist, signer: Examined, signature: bytes, signed: bytes) -> None:
    if signer.key is None:  # a key we refuse is never used; the PUBLIC_KEY check has said so
        return
    right = signature_is_right(signer.key, signature, signed)
    checks.add(CheckCode.SIGNATURE, None if right else Reason.SIGNATURE_WRONG)
