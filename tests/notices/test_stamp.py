"""Notices with a time-stamp (PAdES B-T): good long after the key's end, its rotation and its theft."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django.fixtures import Settings

from tests.notices.cast import HAYAMA, SIGNED_AT
from tests.notices.conftest import KEYS_MADE_AT, Town, rendered
from tests.notices.test_service import asked, stored
from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.card import der
from yakuba.card import derwrite as w
from yakuba.card.notice_messages import NoticeCheckCode
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import NoticeVerdict, verify_notice
from yakuba.card.signing import attribute
from yakuba.card.tsa import KEY_LIFE, TestTsa
from yakuba.casework.notices import making
from yakuba.casework.notices.keys import KEY_LIFE as SIGNING_KEY_LIFE
from yakuba.casework.notices.keys import current_key, make_notice_keys, renew_lists, revoke, rotate
from yakuba.casework.notices.models import State
from yakuba.casework.notices.sign import sign_pdf
from yakuba.gateway import blobs

NOW = SIGNED_AT + timedelta(days=2)
YEAR = timedelta(days=365)
STAMPED_AT = SIGNED_AT + timedelta(seconds=1)


@dataclass(frozen=True)
class StampingTown:
    """A town with its keys and a time-stamping authority."""

    town: Town
    tsa: TestTsa

    def signed(self, at: datetime = SIGNED_AT, stamped_at: datetime = STAMPED_AT) -> bytes:
        return self.signed_with(lambda digest: self.tsa.stamp(digest, at=stamped_at), at)

    def signed_with(self, stamp: Callable[[bytes], bytes], at: datetime = SIGNED_AT) -> bytes:
        return sign_pdf(rendered(), self.town.signers.of(HAYAMA), at, "認定通知書", stamp)

    def judge(self, data: bytes, at: datetime = NOW) -> NoticeVerdict:
        return verify_notice(data, roots=self.town.roots, at=at)


def _with_authority(town: Town, tsa: TestTsa) -> StampingTown:
    (town.folder / "public" / "stamps").symlink_to(tsa.roots_folder)
    return StampingTown(town, tsa)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> TestTsa:
    return TestTsa.create(tmp_path_factory.mktemp("tsa"), now=KEYS_MADE_AT)


@pytest.fixture(scope="module")
def office(town: Town, tsa: TestTsa) -> StampingTown:
    return _with_authority(town, tsa)


@pytest.fixture
def fresh(fresh_town: Town, tsa: TestTsa) -> StampingTown:
    """One whose keys the test may rotate and revoke."""
    return _with_authority(fresh_town, tsa)


@pytest.fixture(scope="module")
def stamped(office: StampingTown) -> bytes:
    return office.signed()


def stamp_check(verdict: NoticeVerdict) -> tuple[Outcome, str | None] | None:
    found = [check for check in verdict.checks if check.code is NoticeCheckCode.STAMP]
    return (found[0].outcome, found[0].reason) if found else None


def faults(verdict: NoticeVerdict) -> dict[NoticeCheckCode, str | None]:
    return {check.code: check.reason for check in verdict.checks if check.outcome is not Outcome.GOOD}


def test_a_stamped_notice_is_good_and_says_when_it_was_stamped(office: StampingTown, stamped: bytes) -> None:
    verdict = office.judge(stamped)
    assert (verdict.outcome, verdict.signed_at, verdict.stamped_at) == (Outcome.GOOD, SIGNED_AT, STAMPED_AT)
    assert stamp_check(verdict) == (Outcome.GOOD, None)


def test_another_library_finds_signature_and_stamp_right(
    office: StampingTown, stamped: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    def context(root: bytes, **more: object) -> ValidationContext:
        anchor = asn1_x509.Certificate.load(root)
        return ValidationContext(trust_roots=[anchor], moment=NOW, allow_fetching=False, **more)  # type: ignore[arg-type]

    public = office.town.folder / "public"
    crl = (public / "crls" / f"{HAYAMA}-1.crl").read_bytes()
    signer = context((public / "roots" / "notice-ca.crt").read_bytes(), crls=[crl], revocation_mode="require")
    stamps = context((public / "stamps" / "tsa.crt").read_bytes())
    caplog.set_level(logging.CRITICAL)
    (signature,) = PdfFileReader(BytesIO(stamped)).embedded_signatures
    status = asyncio.run(async_validate_pdf_signature(signature, signer, ts_validation_context=stamps))
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.trusted, status.timestamp_validity.timestamp) == (True, STAMPED_AT)


def test_a_key_stolen_later_leaves_stamped_notices_good_and_one_withdrawn_before_does_not(
    fresh: StampingTown,
) -> None:
    notice, plain = fresh.signed(), fresh.town.signed(rendered())
    name, stolen = f"{HAYAMA}-1", x509.ReasonFlags.key_compromise
    revoke(fresh.town.folder, name, at=STAMPED_AT + timedelta(days=1), reason=stolen)
    assert [fresh.judge(one).outcome for one in (notice, plain)] == [Outcome.GOOD, Outcome.UNKNOWN]
    revoke(fresh.town.folder, name, at=SIGNED_AT - timedelta(days=1), reason=stolen)
    assert faults(fresh.judge(notice)) == {NoticeCheckCode.REVOCATION: "revoked"}


def test_a_thief_who_dates_back_is_given_away_by_the_stamp(fresh: StampingTown) -> None:
    revoke(fresh.town.folder, f"{HAYAMA}-1", at=SIGNED_AT + timedelta(days=1))
    dated_back = fresh.signed(at=SIGNED_AT, stamped_at=SIGNED_AT + timedelta(days=1, seconds=1))
    assert faults(fresh.judge(dated_back)) == {NoticeCheckCode.REVOCATION: "revoked"}


def test_years_after_the_keys_end_and_rotation_a_stamped_notice_is_good_and_its_time_proven(
    fresh: StampingTown,
) -> None:
    notice = fresh.signed()
    for day in (0, 50, 100):
        renew_lists(fresh.town.folder, at=KEYS_MADE_AT + timedelta(days=day))
    rotate(fresh.town.folder, HAYAMA, at=KEYS_MADE_AT + SIGNING_KEY_LIFE)
    assert current_key(fresh.town.folder / "keys", HAYAMA) == fresh.town.folder / "keys" / f"{HAYAMA}-2.pem"
    verdict = fresh.judge(notice, KEYS_MADE_AT + KEY_LIFE - timedelta(days=1))
    assert (verdict.outcome, verdict.stamped_at) == (Outcome.GOOD, STAMPED_AT)


def test_once_the_stamps_own_certificate_has_ended_it_proves_no_time_and_says_so(fresh: StampingTown) -> None:
    notice, late = fresh.signed(), KEYS_MADE_AT + KEY_LIFE + YEAR
    verdict = fresh.judge(notice, late)
    assert (verdict.outcome, verdict.signed_at, verdict.stamped_at) == (Outcome.GOOD, SIGNED_AT, None)
    assert stamp_check(verdict) == (Outcome.GOOD, "stamp_lapsed")
    words = next(check.words.ja for check in verdict.checks if check.code is NoticeCheckCode.STAMP)
    assert "町の記載によります" in words
    revoke(fresh.town.folder, f"{HAYAMA}-1", at=SIGNED_AT + timedelta(days=1))
    assert fresh.judge(notice, late).outcome is Outcome.UNKNOWN


def test_a_stamp_that_is_not_this_signatures_or_not_of_its_time_is_not_good(office: StampingTown) -> None:
    of_another = office.signed_with(lambda _digest: office.tsa.stamp(bytes(32), at=STAMPED_AT))
    assert faults(office.judge(of_another)) == {NoticeCheckCode.STAMP: "stamp_of_something_else"}
    early = office.signed(stamped_at=SIGNED_AT - timedelta(hours=1))
    assert faults(office.judge(early)) == {NoticeCheckCode.STAMP: "stamped_before_it_was_signed"}
    verdict = office.judge(office.signed(stamped_at=NOW + timedelta(hours=1)))
    assert (verdict.outcome, stamp_check(verdict)) == (
        Outcome.UNKNOWN, (Outcome.UNKNOWN, "stamped_in_the_future"),
    )  # fmt: skip


def test_a_stamp_by_an_authority_nobody_pinned_cannot_be_told(
    office: StampingTown, stamped: bytes, tmp_path: Path
) -> None:
    stranger = TestTsa.create(tmp_path, now=KEYS_MADE_AT)
    notice = office.signed_with(lambda digest: stranger.stamp(digest, at=STAMPED_AT))
    assert faults(office.judge(notice)) == {NoticeCheckCode.STAMP: "stamp_authority_not_trusted"}
    assert office.judge(notice).outcome is Outcome.UNKNOWN
    assert office.judge(stamped).outcome is Outcome.GOOD


def test_no_octet_of_message_and_stamp_can_be_another(office: StampingTown, stamped: bytes) -> None:
    begin, roots = stamped.index(b"/Contents <") + 11, office.town.roots
    end = begin + len(_message(stamped).dump()) * 2
    for place in range(begin, end, 23):
        changed = bytearray(stamped)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        assert verify_notice(bytes(changed), roots=roots, at=NOW).outcome is not Outcome.GOOD, place


def _message(notice: bytes) -> cms.ContentInfo:
    begin = notice.index(b"/Contents <") + 11
    return cms.ContentInfo.load(bytes.fromhex(notice[begin : notice.index(b">", begin)].decode()))


def _with_unsigned(notice: bytes, *attributes: bytes) -> bytes:
    """The notice with these unsigned attributes in its message: the file's signature does not cover them."""
    message, begin = _message(notice), notice.index(b"/Contents <") + 11
    end = notice.index(b">", begin)
    body, fields = message["content"], message["content"]["signer_infos"][0]
    names = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    unsigned = [w.explicit(1, *attributes)] if attributes else []
    signer = w.sequence(*(fields[name].dump() for name in names), *unsigned)
    frame = ("version", "digest_algorithms", "encap_content_info", "certificates")
    changed = w.sequence(*(body[name].dump() for name in frame), w.set_of(signer))
    digits = w.sequence(message["content_type"].dump(), w.explicit(0, changed)).hex().upper().encode()
    return notice[:begin] + digits.ljust(end - begin, b"0") + notice[end:]


def _stamp_in(notice: bytes) -> bytes:
    """The one unsigned attribute."""
    return bytes(_message(notice)["content"]["signer_infos"][0]["unsigned_attrs"][0].dump())


def test_whoever_takes_the_stamp_away_has_a_notice_without_one(office: StampingTown, stamped: bytes) -> None:
    assert sha256_hex(_with_unsigned(stamped, _stamp_in(stamped))) == sha256_hex(stamped)
    verdict = office.judge(_with_unsigned(stamped))
    assert (verdict.outcome, verdict.stamped_at, stamp_check(verdict)) == (Outcome.GOOD, None, None)


def _two_values(attribute: bytes) -> bytes:
    parts = der.Reader(attribute).enter(der.SEQUENCE)
    name, token = parts.raw(der.OID), parts.enter(der.SET).raw()
    return w.sequence(name, w.value(der.SET, token + token))


@pytest.mark.parametrize(
    "beside",
    [
        lambda stamp: (stamp, stamp),
        lambda stamp: (_two_values(stamp),),
        lambda _stamp: (attribute("2.999.1", w.null()),),
        lambda stamp: (stamp, attribute("2.999.1", w.null())),
        lambda _stamp: (w.null(),),
    ],
    ids=["two stamps", "two values", "another attribute", "another attribute beside it", "no attribute"],
)
def test_nothing_else_may_stand_beside_what_is_signed(
    office: StampingTown, stamped: bytes, beside: Callable[[bytes], tuple[bytes, ...]]
) -> None:
    verdict = office.judge(_with_unsigned(stamped, *beside(_stamp_in(stamped))))
    assert verdict.outcome is Outcome.BAD
    assert NoticeCheckCode.MESSAGE in faults(verdict)


@pytest.mark.django_db
def test_the_worker_stamps_each_notice_where_the_zone_has_an_authority(
    tmp_path: Path, settings: Settings
) -> None:
    for name in ("keys", "tsa"):
        (tmp_path / name).mkdir()
    begin = now().replace(microsecond=0) - timedelta(minutes=1)
    make_notice_keys(tmp_path / "keys", [HAYAMA], at=begin)
    office = _with_authority(Town(tmp_path / "keys"), TestTsa.create(tmp_path / "tsa", now=begin))
    settings.NOTICE_KEY, settings.TSA = str(tmp_path / "keys" / "keys"), str(tmp_path / "tsa")
    notice = asked()
    assert making.make(HAYAMA, notice.id) is State.ISSUED
    verdict = office.judge(blobs.read(HAYAMA, stored(notice).sha256), now())
    assert verdict.outcome is Outcome.GOOD
    assert verdict.stamped_at is not None
    assert begin < verdict.stamped_at <= now()
