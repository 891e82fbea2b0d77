"""The verdict on a town's notice: a PDF with exactly one signature over all of it.

No PDF reader is used: a reader follows references a stranger wrote. The signature's place is found by a few plain
searches over the bytes, then the strict core (:mod:`yakuba.card.verdict`) judges the message against the pinned
notice roots. That is enough, and safe, because a good signature covers every octet but the hexadecimal digits of
the message itself; whatever a searched-for word may mean to a reader, the town's key has signed it.

Work is linear in the file's size, which is capped.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from yakuba.base.texts import Text
from yakuba.card import der
from yakuba.card.notice_messages import NoticeCheckCode, clause, words
from yakuba.card.outcomes import CheckCode, Outcome, Reason, Verdict
from yakuba.card.pdf_policy import CLOCK_SKEW, MAX_NOTICE_BYTES, NOTICE_POLICY
from yakuba.card.pdf_stamp import judged_stamp
from yakuba.card.revocation import RevocationIndex, RevocationSource
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached

_BYTE_RANGE: Final = re.compile(rb"/ByteRange ?\[ ?(\d{1,9}) (\d{1,9}) (\d{1,9}) (\d{1,9}) ?\]")
# pyHanko writes ":" and other marks in text strings as octal escapes: (D\07220261123182441Z).
_TIME: Final = re.compile(
    rb"/M ?\(D(?::|\\072)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)"
    rb"(?:Z|(\+|\\053|-|\\055)(\d\d)(?:'|\\047)(\d\d)(?:'|\\047)?)\)"
)
_LONGEST_DICTIONARY: Final = 65_536
_UPPER_HEX: Final = re.compile(rb"[0-9A-F]+")
_COMPROMISED: Final = ("keyCompromise", "cACompromise", "aACompromise")
_CMS_GROUPS: Final = {
    NoticeCheckCode.CONTENT: (CheckCode.MESSAGE_DIGEST, CheckCode.SIGNATURE),
    NoticeCheckCode.ISSUER: (
        CheckCode.SIGNER_CERTIFICATE, CheckCode.CERTIFICATE, CheckCode.ISSUER, CheckCode.CERTIFICATE_SIGNATURE,
        CheckCode.SIGNING_CERTIFICATE, CheckCode.CERTIFICATE_POLICY, CheckCode.KEY_USAGE, CheckCode.NOT_A_CA,
        CheckCode.PUBLIC_KEY, CheckCode.CRITICAL_EXTENSIONS,
    ),
    NoticeCheckCode.VALIDITY: (CheckCode.ISSUER_VALIDITY, CheckCode.VALIDITY),
    NoticeCheckCode.REVOCATION: (
        CheckCode.DISTRIBUTION_POINT, CheckCode.REVOCATION_SCOPE, CheckCode.REVOCATION_FRESHNESS,
        CheckCode.REVOCATION,
    ),
}  # fmt: skip


_NO_ROOTS: Final = TrustStore(())


@dataclass(frozen=True, slots=True)
class NoticeRoots:
    """What notices are judged against: the pinned roots of notice authorities and their revocation lists, and the
    pinned roots of time-stamping authorities.
    """

    trust: TrustStore
    revocation: RevocationSource
    stamps: TrustStore = _NO_ROOTS

    @classmethod
    def from_folder(cls, folder: Path) -> "NoticeRoots":
        """The roots (``roots/*.crt``, ``stamps/*.crt``) and lists (``crls/*.crl``) in ``folder``, all DER.

        Raises:
            UnusableRoot: one of the roots is not one.
        """
        trust = TrustStore.from_folder(folder / "roots")
        lists = RevocationIndex.from_folder(folder / "crls", trust)
        return cls(trust, lists, TrustStore.from_folder(folder / "stamps"))


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """One check on a notice: its outcome, what that means in words, the clause, and the core's reason if any."""

    code: NoticeCheckCode
    outcome: Outcome
    reason: str | None

    @property
    def words(self) -> Text:
        """What was found, for people."""
        return words(self.code, self.outcome, self.reason)

    @property
    def clause(self) -> str:
        """The clause of the standard the check comes from."""
        return clause(self.code)


@dataclass(frozen=True, slots=True)
class NoticeVerdict:
    """The outcome and every check behind it. ``signer``, ``signed_at`` and ``stamped_at`` are only told of a GOOD
    notice; ``signed_at`` is the town's own word, ``stamped_at`` a time-stamping authority's, None where there is none
    that counts now.
    """

    outcome: Outcome
    checks: tuple[NoticeCheck, ...]
    signer: str | None
    signed_at: datetime | None
    covers_whole_document: bool
    stamped_at: datetime | None = None

    @property
    def words(self) -> Text:
        """The outcome in one sentence for people."""
        return words(NoticeCheckCode.ALL, self.outcome)


@dataclass(frozen=True, slots=True)
class _Found:
    """The one signature in a file: the octets it speaks for, its message, and when it says it was made."""

    content: bytes
    message: bytes
    signed_at: datetime


class _Fault(Exception):
    """A check on the file itself that is not good."""

    def __init__(self, code: NoticeCheckCode, outcome: Outcome, reason: str) -> None:
        self.code, self.outcome, self.reason = code, outcome, reason
        super().__init__(reason)


def verify_notice(data: bytes, *, roots: NoticeRoots, at: datetime) -> NoticeVerdict:
    """Judge ``data`` at ``at`` (the present moment, with time zone). Never raises, whatever the bytes.

    The certificate is judged at the time of the signature, so that notices stay good after a key's end and after
    rotation: at the time-stamp's where there is one in force, else at the one the signature states (in the signed
    part). That is the town's own word: where the key is listed as compromised it counts for nothing and the outcome
    is UNKNOWN at best, while a notice stamped before stays good.
    """
    done: list[NoticeCheck] = []
    try:
        found = _find_signature(data, done)
        _check_time(found.signed_at, at)
        proven = _proven(found, roots.stamps, at, done)
        verdict = verify_cms_detached(
            found.content,
            found.message,
            at=proven or found.signed_at,
            trust=roots.trust,
            revocation=roots.revocation,
            policy=NOTICE_POLICY,
            in_pdf=True,
        )
    except _Fault as fault:
        done.append(NoticeCheck(fault.code, fault.outcome, fault.reason))
        covered = any(check.code is NoticeCheckCode.WHOLE for check in done[:-1])
        return NoticeVerdict(fault.outcome, tuple(done), None, None, covered)
    return _concluded(done, verdict, found.signed_at, proven)


def _find_signature(data: bytes, done: list[NoticeCheck]) -> _Found:
    if len(data) > MAX_NOTICE_BYTES:
        raise _Fault(NoticeCheckCode.FILE, Outcome.UNKNOWN, "too_large")
    if not data.startswith(b"%PDF-1.") or not data.endswith((b"%%EOF\n", b"%%EOF")):
        # Something after the end of a file that has a signature is a change to it; otherwise it is no PDF of ours.
        signed = data.startswith(b"%PDF-") and b"/ByteRange" in data
        code = NoticeCheckCode.WHOLE if signed else NoticeCheckCode.FILE
        raise _Fault(code, Outcome.BAD if signed else Outcome.UNKNOWN, "appended" if signed else "not_a_pdf")
    _good(done, NoticeCheckCode.FILE)
    match = _the_one_range(data)
    _good(done, NoticeCheckCode.ONE_SIGNATURE)
    gap_start, gap_end = _whole(data, match)
    _good(done, NoticeCheckCode.WHOLE)
    message = _message(data[gap_start + 1 : gap_end - 1])
    signed_at = _stated_time(data, gap_start, gap_end)
    _good(done, NoticeCheckCode.FORM)
    return _Found(data[:gap_start] + data[gap_end:], message, signed_at)


def _good(done: list[NoticeCheck], code: NoticeCheckCode) -> None:
    done.append(NoticeCheck(code, Outcome.GOOD, None))


def _the_one_range(data: bytes) -> "re.Match[bytes]":
    count = data.count(b"/ByteRange")
    if count != 1:
        reason = "more_than_one_signature" if count else "no_signature"
        raise _Fault(NoticeCheckCode.ONE_SIGNATURE, Outcome.BAD, reason)
    match = _BYTE_RANGE.match(data, data.index(b"/ByteRange"))
    if match is None:
        raise _Fault(NoticeCheckCode.WHOLE, Outcome.BAD, "byte_range_not_readable")
    return match


def _whole(data: bytes, match: "re.Match[bytes]") -> tuple[int, int]:
    """Start and end of the message's hexadecimal string, brackets included: all that is not signed."""
    start, first, second, length = (int(number) for number in match.groups())
    covers = start == 0 and first < second and second + length == len(data)
    if not covers:
        raise _Fault(NoticeCheckCode.WHOLE, Outcome.BAD, "not_the_whole_file")
    bracketed = data[first : first + 1] == b"<" and data[second - 1 : second] == b">"
    if not bracketed or not data[:first].endswith((b"/Contents ", b"/Contents")):
        raise _Fault(NoticeCheckCode.WHOLE, Outcome.BAD, "gap_is_not_the_signature")
    return first, second


def _message(digits: bytes) -> bytes:
    """The CMS message in the gap; only zeros may follow it, and no digit may be written in two ways."""
    if len(digits) % 2 or not _UPPER_HEX.fullmatch(digits):
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "contents_not_hexadecimal")
    padded = bytes.fromhex(digits.decode("ascii"))
    try:
        _, _, end = der.header(padded, 0, len(padded))
    except der.NotDer as problem:
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "contents_not_a_message") from problem
    if padded[end:].strip(b"\0"):
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "data_after_message")
    return padded[:end]


def _stated_time(data: bytes, gap_start: int, gap_end: int) -> datetime:
    """The time (/M) in the signature's own dictionary: the object around the gap (ISO 32000-1 table 252)."""
    begin, end = data.rfind(b" obj", 0, gap_start), data.find(b"endobj", gap_end)
    if begin < 0 or end < 0 or (gap_start - begin) + (end - gap_end) > _LONGEST_DICTIONARY:
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "not_a_pades_signature")
    around = data[begin:gap_start] + b" " + data[gap_end:end]
    times = _TIME.findall(around)
    if len(times) != 1 or b"/ETSI.CAdES.detached" not in around:
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "not_a_pades_signature")
    *digits, sign, hours, minutes = times[0]
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        offset = timezone(-away if sign in (b"-", rb"\055") else away)
        return datetime(*(int(part) for part in digits), tzinfo=offset).astimezone(UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError) as problem:
        raise _Fault(NoticeCheckCode.FORM, Outcome.BAD, "no_such_time") from problem


def _check_time(signed_at: datetime, at: datetime) -> None:
    if signed_at > at + CLOCK_SKEW:
        raise _Fault(NoticeCheckCode.VALIDITY, Outcome.UNKNOWN, "signed_in_the_future")


def _proven(found: _Found, authorities: TrustStore, at: datetime, done: list[NoticeCheck]) -> datetime | None:
    """When the signature is proven to have existed; None without a time-stamp, or with one that proves nothing."""
    stamp = judged_stamp(found.message, authorities, found.signed_at, at)
    if stamp is None:
        return None
    done.append(NoticeCheck(NoticeCheckCode.STAMP, stamp.outcome, stamp.reason))
    return stamp.proven


def _concluded(
    done: list[NoticeCheck], verdict: Verdict, signed_at: datetime, proven: datetime | None
) -> NoticeVerdict:
    checks = (*done, *_grouped(verdict, proven is not None))
    outcomes = {check.outcome for check in checks} | {verdict.outcome}
    outcome = Outcome.GOOD
    if Outcome.BAD in outcomes:
        outcome = Outcome.BAD
    elif Outcome.UNKNOWN in outcomes:
        outcome = Outcome.UNKNOWN
    good = outcome is Outcome.GOOD
    signer = verdict.signer.subject_cn if verdict.signer and good else None
    told = (signed_at, True, proven) if good else (None, True, None)
    return NoticeVerdict(outcome, checks, signer, *told)


def _grouped(verdict: Verdict, proven: bool) -> list[NoticeCheck]:
    """The core's checks gathered into the few a reader of a notice asks about; the worst of each counts."""
    grouped = {code for codes in _CMS_GROUPS.values() for code in codes}
    rest = tuple(code for code in CheckCode if code not in grouped)
    return [
        _worst(verdict, code, codes, proven)
        for code, codes in (*_CMS_GROUPS.items(), (NoticeCheckCode.MESSAGE, rest))
    ]


def _worst(
    verdict: Verdict, code: NoticeCheckCode, codes: tuple[CheckCode, ...], proven: bool
) -> NoticeCheck:
    mine = [check for check in verdict.checks if check.code in codes]
    for outcome in (Outcome.BAD, Outcome.UNKNOWN):
        for check in mine:
            if check.outcome is outcome:
                return NoticeCheck(code, outcome, check.reason.value if check.reason else None)
    compromised = any(check.facts.get("crl_reason") in _COMPROMISED for check in mine)
    if code is NoticeCheckCode.REVOCATION and compromised and not proven:
        return NoticeCheck(code, Outcome.UNKNOWN, Reason.REVOKED.value)
    # Where the core stopped early, what it did not look at is not good either.
    return (
        NoticeCheck(code, Outcome.GOOD, None) if mine else NoticeCheck(code, Outcome.UNKNOWN, "not_reached")
    )
