"""A detached CMS signature by somebody of another PKI: the same strict message, then the whole path.

The message's form is the one of :mod:`yakuba.card.cms`. Certificates the sender embedded may stand between the
signer and a pinned anchor, up to the cap of :class:`PathLimits`; they are believed in nothing.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm

from yakuba.card import der, oids
from yakuba.card import derwrite as w
from yakuba.card.certificate import (
    Certificate,
    issuer_and_serial,
    parse_certificate,
    rsa_public_key,
    subject_key_identifier,
)
from yakuba.card.cms import Refused, SignedData, parse_signed_data
from yakuba.card.extension_values import key_usage
from yakuba.card.outcomes import CLAUSES, CheckCode, Outcome, Reason
from yakuba.card.paths.judge import PathJudge
from yakuba.card.paths.outcomes import PathVerdict
from yakuba.card.paths.question import PathLimits, PathQuestion, PathSettings
from yakuba.card.policy import DIGITAL_SIGNATURE, NON_REPUDIATION
from yakuba.card.trust import signature_is_right

MAX_MESSAGE: Final = 262_144
MESSAGE_FORM: Final = (
    CheckCode.STRUCTURE, CheckCode.DETACHED, CheckCode.ONE_SIGNER, CheckCode.ALGORITHMS,
    CheckCode.SIGNED_ATTRIBUTES,
)  # fmt: skip
_DATA: Final = w.oid(oids.DATA)
_HOSTILE: Final = (ValueError, TypeError, OverflowError, IndexError, KeyError, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True)
class Authorities:
    """What is pinned and known of another PKI: anchors, lists and OCSP answers (DER), and what to ask of a path."""

    anchors: tuple[bytes, ...]
    lists: tuple[bytes, ...] = ()
    ocsp: tuple[bytes, ...] = ()
    settings: PathSettings = field(default_factory=PathSettings)
    limits: PathLimits = field(default_factory=PathLimits)


@dataclass(frozen=True, slots=True)
class SignedVerdict:
    """The outcome: ``code`` and ``fault`` if the message itself is not right, else what the path says.

    ``made``: the checks on the message that were good, in the order they were made.
    """

    code: CheckCode | None
    fault: Reason | None
    path: PathVerdict | None
    made: tuple[CheckCode, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """GOOD only with a right message and a good path."""
        return self.path.outcome if self.path and self.fault is None else Outcome.BAD

    @property
    def reason(self) -> str | None:
        """Why it is not good."""
        if self.fault is not None:
            return self.fault.value
        return self.path.reason.value if self.path and self.path.reason else None

    @property
    def clause(self) -> str:
        """The clause the reason comes from."""
        if self.code is not None:
            return CLAUSES[self.code]
        return self.path.clause if self.path else ""


def verify_cms(
    content: bytes, message: bytes, *, at: datetime, authorities: Authorities, judge: PathJudge
) -> SignedVerdict:
    """Judge ``message`` over ``content`` as it stood at ``at``; never raises on hostile input."""
    made: list[CheckCode] = []
    try:
        leaf, others = _message_is_right(content, message, made)
    except Refused as refused:
        return SignedVerdict(refused.code, refused.reason, None, tuple(made))
    except _HOSTILE:
        code, reason = _unread(made)
        return SignedVerdict(code, reason, None, tuple(made))
    question = PathQuestion(
        leaf, at, authorities.anchors, others, authorities.lists, authorities.ocsp, authorities.settings,
        authorities.limits,
    )  # fmt: skip
    return SignedVerdict(None, None, judge.verdict(question), tuple(made))


def _unread(made: list[CheckCode]) -> tuple[CheckCode, Reason]:
    """What could not be read: the message, or once that was found right in form, the signer's certificate."""
    if CheckCode.SIGNING_CERTIFICATE in made:
        return CheckCode.CERTIFICATE, Reason.WRONG_CERTIFICATE_FORM
    return CheckCode.STRUCTURE, Reason.WRONG_STRUCTURE


def _message_is_right(
    content: bytes, message: bytes, made: list[CheckCode]
) -> tuple[bytes, tuple[bytes, ...]]:
    """The signer's certificate and the others, once everything but the path has been seen to."""
    if len(message) > MAX_MESSAGE:
        raise Refused(CheckCode.ENCODING, Reason.TOO_LARGE, octets=len(message))
    try:
        der.check(message)
    except der.NotDer as problem:
        raise Refused(CheckCode.ENCODING, Reason.NOT_DER) from problem
    made.append(CheckCode.ENCODING)
    signed = parse_signed_data(message)
    made += MESSAGE_FORM
    named = [raw for raw in signed.certificates if _is_signers(signed, raw)]
    if len(named) != 1:
        raise Refused(CheckCode.SIGNER_CERTIFICATE, Reason.SIGNER_CERTIFICATE_MISSING)
    made.append(CheckCode.SIGNER_CERTIFICATE)
    _check_attributes(signed, content, named[0])
    made += (CheckCode.CONTENT_TYPE, CheckCode.MESSAGE_DIGEST, CheckCode.SIGNING_CERTIFICATE)
    _check_signature(signed, parse_certificate(named[0]))
    made += (CheckCode.CERTIFICATE, CheckCode.KEY_USAGE, CheckCode.PUBLIC_KEY, CheckCode.SIGNATURE)
    return named[0], tuple(raw for raw in signed.certificates if raw != named[0])


def _is_signers(signed: SignedData, raw: bytes) -> bool:
    try:
        if signed.signer.key_id is not None:
            return subject_key_identifier(parse_certificate(raw)) == signed.signer.key_id
        return issuer_and_serial(raw) == (signed.signer.issuer, signed.signer.serial)
    except ValueError:
        return False


def _check_attributes(signed: SignedData, content: bytes, leaf: bytes) -> None:
    attributes = signed.signer.attributes
    if attributes[oids.CONTENT_TYPE] != _DATA:
        raise Refused(CheckCode.CONTENT_TYPE, Reason.WRONG_CONTENT_TYPE)
    digest = der.Reader(attributes[oids.MESSAGE_DIGEST]).content(der.OCTET_STRING)
    if digest != hashlib.sha256(content).digest():
        raise Refused(CheckCode.MESSAGE_DIGEST, Reason.CONTENT_CHANGED)
    named = der.Reader(attributes[oids.SIGNING_CERTIFICATE_V2]).enter(der.SEQUENCE)
    first = named.enter(der.SEQUENCE).enter(der.SEQUENCE)
    if first.next_is(der.SEQUENCE) or first.content(der.OCTET_STRING) != hashlib.sha256(leaf).digest():
        raise Refused(CheckCode.SIGNING_CERTIFICATE, Reason.SIGNING_CERTIFICATE_DIFFERS)


def _check_signature(signed: SignedData, leaf: Certificate) -> None:
    usage = leaf.extension(oids.KEY_USAGE)
    if usage is not None and not key_usage(usage.value) & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        raise Refused(CheckCode.KEY_USAGE, Reason.WRONG_KEY_USAGE)
    try:
        key = rsa_public_key(leaf.public_key_info, smallest=2048, largest=8192)
    except ValueError as problem:
        raise Refused(CheckCode.PUBLIC_KEY, Reason.WEAK_KEY) from problem
    if not signature_is_right(key, signed.signer.signature, signed.signer.signed_bytes):
        raise Refused(CheckCode.SIGNATURE, Reason.SIGNATURE_WRONG)
