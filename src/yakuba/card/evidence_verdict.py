"""Reading evidence again: is the record whole, who stamped it when, and does the verdict come out the same?"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm

from yakuba.base.canonical import sha256_hex
from yakuba.card.bundle import AnyVerdict, verify_bundled
from yakuba.card.evidence import NoEvidence, read_record, stamped_digest
from yakuba.card.evidence_material import Recorded
from yakuba.card.outcomes import Outcome, Reason
from yakuba.card.policy import AUTH_POLICY, SIGN_POLICY, Policy
from yakuba.card.revocation import Revocations, RevocationSource, verified_crl
from yakuba.card.timestamp import BadStamp, Stamp, verify_stamp
from yakuba.card.trust import TrustStore, read_root
from yakuba.card.verdict import verify_challenge, verify_cms_detached
from yakuba.card.xml import verify_xml

_POLICIES: Final[Mapping[str, Policy]] = {"sign": SIGN_POLICY, "auth": AUTH_POLICY}
# What roots and lists nobody pinned may raise while they are read: the record's own, under a stamp anybody can buy.
_HOSTILE: Final = (ValueError, TypeError, OverflowError, IndexError, KeyError, UnsupportedAlgorithm)
_MOST_ANSWERS: Final = 8  # a verdict asks about one certificate; a record with a heap of answers is not ours
_NOTHING_SPOKE: Final = {Reason.REVOCATION_NOT_CHECKED, Reason.REVOCATION_OUT_OF_SCOPE}
_CLOCK_SKEW: Final = timedelta(minutes=5)
Archive = Callable[[str], bytes | None]
"""Finds a part that is kept outside its record by its SHA-256."""


class EvidenceCheckCode(StrEnum):
    """What is asked of a record, in this order."""

    RECORD = "record"
    PARTS = "parts"
    STAMPS = "stamps"
    STAMPED_IN_TIME = "stamped_in_time"
    ROOTS = "roots"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """One check on the record."""

    code: EvidenceCheckCode
    outcome: Outcome
    reason: str | None


@dataclass(frozen=True, slots=True)
class EvidenceVerdict:
    """``record``: whether the evidence itself holds. ``verdict``: what was decided at ``at``, made again from the
    record; None where it could not be. ``outcome``: the verdict's where the evidence holds, else the evidence's.
    """

    record: Outcome
    checks: tuple[EvidenceCheck, ...]
    verdict: AnyVerdict | None
    at: datetime | None
    stamps: tuple[Stamp, ...]

    @property
    def outcome(self) -> Outcome:
        """The answer as a whole."""
        if self.record is Outcome.GOOD and self.verdict is not None:
            return self.verdict.outcome
        return self.record


class _Fails(Exception):
    def __init__(self, code: EvidenceCheckCode, outcome: Outcome, reason: str) -> None:
        self.check = EvidenceCheck(code, outcome, reason)
        super().__init__(reason)


def verify_evidence(
    record: bytes,
    *,
    at: datetime,
    authorities: TrustStore,
    pinned: TrustStore | None = None,
    archive: Archive = lambda _digest: None,
) -> EvidenceVerdict:
    """Judge ``record`` at ``at`` (now). Never raises on hostile input.

    Args:
        authorities: pinned roots of time-stamping authorities.
        pinned: roots of residents' certificates the reader pins; without them the record's own count as what the
            town relied on then, which is what the stamp proves, and the check ROOTS is not made.
        archive: finds parts kept outside the record.
    """
    done: list[EvidenceCheck] = []
    stamps: tuple[Stamp, ...] = ()
    verdict, moment = None, None
    try:
        found = _record(record)
        _good(done, EvidenceCheckCode.RECORD)
        parts = _parts(found, archive)
        _good(done, EvidenceCheckCode.PARTS)
        stamps = _stamps(found, authorities, at)
        _good(done, EvidenceCheckCode.STAMPS)
        moment = _in_time(found["body"], stamps)
        _good(done, EvidenceCheckCode.STAMPED_IN_TIME)
        if pinned is not None:
            _check_roots(found["body"], pinned)
            _good(done, EvidenceCheckCode.ROOTS)
        verdict = _replayed(found["body"], parts, moment)
        _good(done, EvidenceCheckCode.REPLAY)
    except _Fails as fails:
        return EvidenceVerdict(fails.check.outcome, (*done, fails.check), None, moment, stamps)
    return EvidenceVerdict(Outcome.GOOD, tuple(done), verdict, moment, stamps)


def _good(done: list[EvidenceCheck], code: EvidenceCheckCode) -> None:
    done.append(EvidenceCheck(code, Outcome.GOOD, None))


def _record(record: bytes) -> dict[str, Any]:
    try:
        return read_record(record)
    except NoEvidence as problem:
        raise _Fails(EvidenceCheckCode.RECORD, Outcome.BAD, str(problem)) from problem


def _parts(found: Mapping[str, Any], archive: Archive) -> dict[str, bytes]:
    body, parts = found["body"], dict[str, bytes]()
    # Records made before answers were kept have no "ocsp".
    several = [body.get("roots"), body.get("lists"), body.get("ocsp", [])]
    if not all(isinstance(one, list) for one in several) or len(body.get("ocsp", [])) > _MOST_ANSWERS:
        raise _Fails(EvidenceCheckCode.RECORD, Outcome.BAD, "not_a_record")
    try:
        wanted = [body["content"], body["signature"], body["certificate"], *chain.from_iterable(several)]
    except (KeyError, TypeError) as problem:
        raise _Fails(EvidenceCheckCode.RECORD, Outcome.BAD, "not_a_record") from problem
    for digest in wanted:
        part = _part(found["parts"], digest, archive)
        if part is None:
            raise _Fails(EvidenceCheckCode.PARTS, Outcome.UNKNOWN, "part_not_here")
        if sha256_hex(part) != digest:
            raise _Fails(EvidenceCheckCode.PARTS, Outcome.BAD, "part_changed")
        parts[digest] = part
    if set(found["parts"]) - set(parts):
        raise _Fails(EvidenceCheckCode.PARTS, Outcome.BAD, "part_nobody_named")
    return parts


def _part(inside: Mapping[str, str], digest: object, archive: Archive) -> bytes | None:
    if not isinstance(digest, str):
        return None
    if digest not in inside:
        return archive(digest)
    try:
        return base64.b64decode(inside[digest], validate=True)
    except binascii.Error:
        return b""


def _stamps(found: Mapping[str, Any], authorities: TrustStore, at: datetime) -> tuple[Stamp, ...]:
    """Every stamp over all before it, each made while the one before was still valid; the last valid now."""
    body, texts = found["body"], found["stamps"]
    stamps = [_stamp(body, texts, place, authorities) for place in range(len(texts))]
    if not stamps:
        raise _Fails(EvidenceCheckCode.STAMPS, Outcome.BAD, "no_stamp")
    for earlier, later in pairwise(stamps):
        if not earlier.at <= later.at <= earlier.valid_until:
            raise _Fails(EvidenceCheckCode.STAMPS, Outcome.BAD, "renewed_too_late")
    if stamps[-1].at > at + _CLOCK_SKEW:
        raise _Fails(EvidenceCheckCode.STAMPS, Outcome.UNKNOWN, "stamped_in_the_future")
    if at > stamps[-1].valid_until:
        raise _Fails(EvidenceCheckCode.STAMPS, Outcome.UNKNOWN, "stamp_lapsed")
    return tuple(stamps)


def _stamp(body: Mapping[str, Any], texts: list[str], place: int, authorities: TrustStore) -> Stamp:
    try:
        stamp = verify_stamp(base64.b64decode(texts[place], validate=True), trust=authorities)
    except BadStamp as bad:
        outcome = Outcome.UNKNOWN if bad.reason == "stamp_authority_not_trusted" else Outcome.BAD
        raise _Fails(EvidenceCheckCode.STAMPS, outcome, bad.reason) from bad
    except (binascii.Error, ValueError) as problem:
        raise _Fails(EvidenceCheckCode.STAMPS, Outcome.BAD, "stamp_not_readable") from problem
    if stamp.digest != stamped_digest(body, texts[:place]):
        raise _Fails(EvidenceCheckCode.STAMPS, Outcome.BAD, "stamp_of_something_else")
    return stamp


def _in_time(body: Mapping[str, Any], stamps: tuple[Stamp, ...]) -> datetime:
    """The moment the verdict is for; what was collected cannot have been stamped before it was there."""
    try:
        moment, collected = (datetime.fromisoformat(body[name]) for name in ("at", "collected_at"))
        early = stamps[0].at + _CLOCK_SKEW < max(moment, collected)
    except (KeyError, TypeError, ValueError) as problem:
        raise _Fails(EvidenceCheckCode.RECORD, Outcome.BAD, "not_a_record") from problem
    if early:
        raise _Fails(EvidenceCheckCode.STAMPED_IN_TIME, Outcome.BAD, "stamped_before_it_was_there")
    return moment


def _check_roots(body: Mapping[str, Any], pinned: TrustStore) -> None:
    known = {sha256_hex(root.certificate.raw) for root in pinned.roots}
    if not set(body["roots"]) <= known:
        raise _Fails(EvidenceCheckCode.ROOTS, Outcome.UNKNOWN, "a_root_you_do_not_pin")


def _replayed(body: Mapping[str, Any], parts: Mapping[str, bytes], moment: datetime) -> AnyVerdict:
    try:
        trust = TrustStore(read_root(parts[digest]) for digest in body["roots"])
        lists = Revocations(verified_crl(parts[digest], trust) for digest in body["lists"])
    except _HOSTILE as problem:
        raise _Fails(EvidenceCheckCode.REPLAY, Outcome.BAD, "roots_or_lists_unusable") from problem
    answers = tuple(parts[digest] for digest in body.get("ocsp", []))
    source = Recorded(lists, answers, trust, datetime.fromisoformat(body["collected_at"]))
    verdict = _judged(body, parts, moment, trust, source)
    if verdict is None:
        raise _Fails(EvidenceCheckCode.REPLAY, Outcome.UNKNOWN, "cannot_be_judged_again")
    if not _same(verdict, body.get("verdict")):
        raise _Fails(EvidenceCheckCode.REPLAY, Outcome.BAD, "another_verdict_than_recorded")
    return verdict


def _same(verdict: AnyVerdict, then: object) -> bool:
    """Outcome and reason: a later version may write the same finding down in more checks or other facts. Where no
    list spoke, the record cannot show whether there were none or only others of that issuer.
    """
    if not isinstance(then, Mapping) or then.get("outcome") != verdict.outcome:
        return False
    reason = then.get("reason")
    return reason == verdict.reason or (
        isinstance(reason, str) and {reason, verdict.reason} == _NOTHING_SPOKE
    )


def _judged(
    body: Mapping[str, Any],
    parts: Mapping[str, bytes],
    at: datetime,
    trust: TrustStore,
    source: RevocationSource,
) -> AnyVerdict | None:
    policy, container = _POLICIES.get(str(body.get("policy"))), body.get("container")
    content, signature = parts[body["content"]], parts[body["signature"]]
    if policy is None:
        return None
    if container == "cms":
        return verify_cms_detached(content, signature, at=at, trust=trust, revocation=source, policy=policy)
    if container == "challenge":
        certificate = parts[body["certificate"]]
        return verify_challenge(
            content, signature, certificate, at=at, trust=trust, revocation=source, policy=policy
        )
    if container == "bundle":
        return _bundled(content, signature, at, trust, source, policy)
    if container == "xml":
        found = verify_xml(content, at=at, trust=trust, revocation=source, policy=policy)
        return replace(found.core, outcome=found.outcome) if found.core else None
    return None


def _bundled(
    content: bytes,
    signature: bytes,
    at: datetime,
    trust: TrustStore,
    source: RevocationSource,
    policy: Policy,
) -> AnyVerdict | None:
    """An application and the manifest of its bundle, kept side by side in one content."""
    try:
        found = json.loads(content)
        application, manifest = dict(found["application"]), found["bundle"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return verify_bundled(
        application, manifest, signature, at=at, trust=trust, revocation=source, policy=policy
    )
