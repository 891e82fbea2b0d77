"""The verdict on a notice: good only as it left the town, whatever was done to it after."""

import random
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from tests.notices.cast import HAYAMA, NINOMIYA, SIGNED_AT
from tests.notices.conftest import KEYS_MADE_AT, Town, rendered
from yakuba.base.canonical import sha256_hex
from yakuba.base.texts import LANGUAGES
from yakuba.card.notice_messages import LAPSED, NoticeCheckCode, clause, words
from yakuba.card.outcomes import Outcome
from yakuba.card.pdf import NoticeRoots, NoticeVerdict, verify_notice
from yakuba.casework.notices.keys import current_key, make_notice_keys, renew_lists, revoke, rotate

NOW = SIGNED_AT + timedelta(days=2)


def judge(data: bytes, town: Town, at: datetime = NOW) -> NoticeVerdict:
    return verify_notice(data, roots=town.roots, at=at)


def check(verdict: NoticeVerdict, code: NoticeCheckCode) -> tuple[Outcome, str | None]:
    found = next(check for check in verdict.checks if check.code is code)
    return found.outcome, found.reason


def test_a_notice_as_the_town_sent_it_is_good_and_says_who_signed_when(signed: bytes, town: Town) -> None:
    verdict = judge(signed, town)
    assert verdict.outcome is Outcome.GOOD
    assert (verdict.signer, verdict.signed_at, verdict.covers_whole_document) == ("葉山町長", SIGNED_AT, True)
    asked = set(NoticeCheckCode) - {NoticeCheckCode.ALL, NoticeCheckCode.STAMP}
    assert {check.code for check in verdict.checks} == asked


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed here")
def test_a_reader_nobody_here_wrote_agrees_that_the_whole_document_is_signed(
    signed: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(signed)
    told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert "Total document signed" in told
    assert "Signature is Valid" in told


def test_no_flipped_bit_anywhere_is_taken_for_good(signed: bytes, town: Town) -> None:
    chance, roots = random.Random(20261123), town.roots
    gap = signed.index(b"/Contents <") + 11
    places = {chance.randrange(len(signed)) for _ in range(400)}
    places |= {gap + chance.randrange(signed.index(b">", gap) - gap) for _ in range(400)}
    places |= set(range(len(signed) - 60, len(signed))) | set(range(12)) | {gap - 1, gap - 2}
    for place in sorted(places):
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        verdict = verify_notice(bytes(changed), roots=roots, at=NOW)
        assert verdict.outcome is not Outcome.GOOD, f"byte {place}"
        assert verdict.signer is None


def test_the_case_of_a_hexadecimal_digit_is_a_change_too(signed: bytes, town: Town) -> None:
    gap = signed.index(b"/Contents <") + 11
    letter = next(place for place in range(gap, gap + 200) if signed[place : place + 1].isalpha())
    changed = signed[:letter] + signed[letter : letter + 1].lower() + signed[letter + 1 :]
    assert judge(changed, town).outcome is Outcome.BAD


@pytest.mark.parametrize("more", [b"\n", b" ", b"%", b"\n%%EOF\n", b"1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_anything_after_the_end_of_the_file_makes_it_bad(signed: bytes, town: Town, more: bytes) -> None:
    verdict = judge(signed + more, town)
    assert verdict.outcome is Outcome.BAD
    assert not verdict.covers_whole_document
    assert check(verdict, NoticeCheckCode.WHOLE)[0] is Outcome.BAD


def test_an_incremental_update_by_another_program_makes_it_bad(signed: bytes, town: Town) -> None:
    writer = PdfWriter(BytesIO(signed), incremental=True)
    writer.add_metadata({"/Title": "全額支給"})
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    assert judge(out.getvalue(), town).outcome is Outcome.BAD


def test_a_cut_off_file_is_bad_or_not_told(signed: bytes, town: Town) -> None:
    for length in (0, 1, 8, 1000, len(signed) // 2, len(signed) - 300, len(signed) - 1):
        assert judge(signed[:length], town).outcome is not Outcome.GOOD


def _at_gap(data: bytes, place: int, digit: bytes) -> bytes:
    """The hexadecimal digit at ``place`` of the message changed; from the end if negative."""
    start = data.index(b"/Contents <") + 11
    where = start + place if place >= 0 else data.index(b">", start) + place
    return data[:where] + digit + data[where + 1 :]


FAULTS: dict[str, tuple[NoticeCheckCode, Callable[[bytes], bytes]]] = {
    "not_a_pdf": (NoticeCheckCode.FILE, lambda data: b"hello" + data[5:]),
    "appended": (NoticeCheckCode.WHOLE, lambda data: data + b"x"),
    "byte_range_not_readable": (
        NoticeCheckCode.WHOLE, lambda data: re.sub(rb"/ByteRange ?\[", b"/ByteRange{ ", data)
    ),
    "not_the_whole_file": (
        NoticeCheckCode.WHOLE, lambda data: re.sub(rb"(/ByteRange ?\[ ?)0", rb"\g<1>1", data)
    ),
    "gap_is_not_the_signature": (
        NoticeCheckCode.WHOLE, lambda data: data.replace(b"/Contents <", b"/Contentz <")
    ),
    "contents_not_hexadecimal": (NoticeCheckCode.FORM, lambda data: _at_gap(data, 5, b"g")),
    "contents_not_a_message": (NoticeCheckCode.FORM, lambda data: _at_gap(data, 3, b"F")),
    "data_after_message": (NoticeCheckCode.FORM, lambda data: _at_gap(data, -1, b"1")),
    "not_a_pades_signature": (
        NoticeCheckCode.FORM, lambda data: data.replace(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.Detached")
    ),
    "no_such_time": (NoticeCheckCode.FORM, lambda data: re.sub(rb"(\\072\d{4})\d\d", rb"\g<1>99", data)),
}  # fmt: skip


@pytest.mark.parametrize("reason", FAULTS)
def test_a_file_wrong_in_one_place_is_refused_for_that(signed: bytes, town: Town, reason: str) -> None:
    code, change = FAULTS[reason]
    changed = change(signed)
    assert sha256_hex(changed) != sha256_hex(signed)
    verdict = judge(changed, town)
    assert verdict.outcome is not Outcome.GOOD
    assert check(verdict, code)[1] == reason


def test_the_signature_of_another_notice_does_not_fit(signed: bytes, town: Town) -> None:
    other = town.signed(rendered("disaster_certificate"))

    def gap(data: bytes) -> slice:
        start = data.index(b"/Contents <") + 11
        return slice(start, data.index(b">", start))

    swapped = signed[: gap(signed).start] + other[gap(other)] + signed[gap(signed).stop :]
    verdict = judge(swapped, town)
    assert verdict.outcome is Outcome.BAD
    assert check(verdict, NoticeCheckCode.CONTENT) == (Outcome.BAD, "content_changed")


def test_a_second_signature_is_one_too_many(signed: bytes, town: Town) -> None:
    assert (
        check(judge(signed[:-6] + b"/ByteRange%%EOF\n", town), NoticeCheckCode.ONE_SIGNATURE)[0]
        is Outcome.BAD
    )


def test_an_unsigned_pdf_is_bad_with_words_about_prints(town: Town) -> None:
    verdict = judge(rendered(), town)
    assert check(verdict, NoticeCheckCode.ONE_SIGNATURE) == (Outcome.BAD, "no_signature")
    assert "印刷" in verdict.checks[-1].words.ja


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n", b"%PDF-2.0\n%%EOF\n", b"PK\x03\x04"])
def test_a_file_that_is_no_notice_is_not_told(data: bytes, town: Town) -> None:
    assert judge(data, town).outcome is Outcome.UNKNOWN


def test_a_file_larger_than_the_cap_is_not_told(town: Town) -> None:
    huge = b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024) + b"%%EOF\n"
    assert check(judge(huge, town), NoticeCheckCode.FILE) == (Outcome.UNKNOWN, "too_large")


def test_another_authority_with_the_same_names_signs_nothing_good(
    signed: bytes, town: Town, fresh_town: Town
) -> None:
    verdict = judge(signed, fresh_town)
    assert verdict.outcome is Outcome.BAD
    assert check(verdict, NoticeCheckCode.ISSUER)[0] is Outcome.BAD
    assert judge(fresh_town.signed(rendered()), town).outcome is Outcome.BAD


def test_each_town_signs_with_its_own_name(town: Town) -> None:
    assert judge(town.signed(rendered(), municipality=NINOMIYA), town).signer == "二宮町長"


def test_after_rotation_old_and_new_notices_are_good(fresh_town: Town) -> None:
    before = fresh_town.signed(rendered())
    first = current_key(fresh_town.folder / "keys", HAYAMA)
    rotated_at = SIGNED_AT + timedelta(days=1)
    second = rotate(fresh_town.folder, HAYAMA, at=rotated_at)
    assert first != second == current_key(fresh_town.folder / "keys", HAYAMA)
    after = fresh_town.signed(rendered(), at=rotated_at + timedelta(hours=1))
    assert [judge(one, fresh_town).outcome for one in (before, after)] == [Outcome.GOOD, Outcome.GOOD]


def test_a_notice_stays_good_long_after_its_key_has_ended(fresh_town: Town) -> None:
    notice = fresh_town.signed(rendered())
    for day in range(0, 12 * 365, 59):  # the authority goes on as it should, for twelve years
        renew_lists(fresh_town.folder, at=KEYS_MADE_AT + timedelta(days=day))
    assert judge(notice, fresh_town, at=NOW + timedelta(days=12 * 365)).outcome is Outcome.GOOD


def test_a_signature_dated_after_the_keys_end_is_bad(fresh_town: Town) -> None:
    late = KEYS_MADE_AT + timedelta(days=3 * 365 + 1)
    verdict = judge(fresh_town.signed(rendered(), at=late), fresh_town, at=late)
    assert check(verdict, NoticeCheckCode.VALIDITY) == (Outcome.BAD, "expired")


def test_a_signature_dated_before_the_keys_begin_is_bad(fresh_town: Town) -> None:
    early = fresh_town.signed(rendered(), at=KEYS_MADE_AT - timedelta(minutes=30))
    assert check(judge(early, fresh_town), NoticeCheckCode.VALIDITY) == (Outcome.BAD, "not_yet_valid")


def test_a_signature_from_the_future_is_not_told(signed: bytes, town: Town) -> None:
    verdict = judge(signed, town, at=SIGNED_AT - timedelta(hours=1))
    assert check(verdict, NoticeCheckCode.VALIDITY) == (Outcome.UNKNOWN, "signed_in_the_future")


def revoked(town: Town, reason: x509.ReasonFlags, at: datetime) -> None:
    key = current_key(town.folder / "keys", HAYAMA)
    assert key is not None
    revoke(town.folder, key.stem, at=at, reason=reason)


def test_a_key_withdrawn_before_signing_signs_nothing_good(fresh_town: Town) -> None:
    revoked(fresh_town, x509.ReasonFlags.superseded, SIGNED_AT - timedelta(days=1))
    verdict = judge(fresh_town.signed(rendered()), fresh_town)
    assert check(verdict, NoticeCheckCode.REVOCATION) == (Outcome.BAD, "revoked")


def test_a_key_withdrawn_later_leaves_earlier_notices_good(fresh_town: Town) -> None:
    notice = fresh_town.signed(rendered())
    revoked(fresh_town, x509.ReasonFlags.cessation_of_operation, SIGNED_AT + timedelta(days=1))
    assert judge(notice, fresh_town).outcome is Outcome.GOOD


def test_a_stolen_key_makes_even_earlier_notices_unsure_for_a_thief_can_date_them_back(
    fresh_town: Town,
) -> None:
    notice = fresh_town.signed(rendered())
    revoked(fresh_town, x509.ReasonFlags.key_compromise, SIGNED_AT + timedelta(days=1))
    verdict = judge(notice, fresh_town)
    assert verdict.outcome is Outcome.UNKNOWN
    assert check(verdict, NoticeCheckCode.REVOCATION) == (Outcome.UNKNOWN, "revoked")


def test_without_a_revocation_list_nothing_is_good(signed: bytes, town: Town, tmp_path: Path) -> None:
    (tmp_path / "roots").symlink_to(town.folder / "public" / "roots")
    verdict = verify_notice(signed, roots=NoticeRoots.from_folder(tmp_path), at=NOW)
    assert verdict.outcome is Outcome.UNKNOWN
    assert check(verdict, NoticeCheckCode.REVOCATION) == (Outcome.UNKNOWN, "revocation_not_checked")


def test_a_list_too_old_for_the_notice_is_not_enough(fresh_town: Town) -> None:
    late = KEYS_MADE_AT + timedelta(days=100)
    verdict = judge(fresh_town.signed(rendered(), at=late), fresh_town, at=late)
    assert check(verdict, NoticeCheckCode.REVOCATION) == (Outcome.UNKNOWN, "revocation_stale")


def test_making_keys_again_changes_nothing_but_old_lists(fresh_town: Town) -> None:
    def files() -> dict[str, bytes]:
        return {
            str(file.relative_to(fresh_town.folder)): file.read_bytes()
            for file in fresh_town.folder.rglob("*")
            if file.is_file()
        }

    before = files()
    make_notice_keys(fresh_town.folder, [HAYAMA], at=KEYS_MADE_AT + timedelta(days=1))
    assert files() == before
    make_notice_keys(fresh_town.folder, [HAYAMA], at=KEYS_MADE_AT + timedelta(days=31))
    changed = {name for name, data in files().items() if before.get(name) != data}
    assert changed == {f"public/crls/{HAYAMA}-1.crl"}


def test_the_public_part_may_lie_where_other_zones_read_it(tmp_path: Path) -> None:
    own, shared = tmp_path / "mynumber", tmp_path / "shared"
    for _ in range(2):
        make_notice_keys(own, [HAYAMA], public=shared, at=KEYS_MADE_AT)
    assert {path.name for path in shared.rglob("*.c*") if path.is_file()} == {
        "notice-ca.crt",
        f"{HAYAMA}-1.crl",
    }
    notice = Town(own).signed(rendered())
    assert verify_notice(notice, roots=NoticeRoots.from_folder(shared), at=NOW).outcome is Outcome.GOOD


def test_private_keys_are_for_their_owner_only(fresh_town: Town) -> None:
    private = [fresh_town.folder / "ca.key", *(fresh_town.folder / "keys").iterdir()]
    assert {file.stat().st_mode & 0o777 for file in private} == {0o600}


@given(st.binary(max_size=400))
def test_no_bytes_in_the_place_of_the_message_raise_or_pass(message: bytes) -> None:
    frame = b"%PDF-1.7\n1 0 obj\n<</Contents <" + message.hex().upper().encode() + b">"
    tail = (
        b"/ByteRange [0 %d %d %d]/SubFilter /ETSI.CAdES.detached/M (D:20261204030000Z)>>\nendobj\n%%%%EOF\n"
    )
    first, second = frame.index(b"<", 20), len(frame)
    first = frame.index(b"/Contents <") + 10
    length = len(tail % (first, second, 100))
    data = frame + tail % (first, second, length)
    no_roots = NoticeRoots.from_folder(Path("/nonexistent"))
    assert (
        verify_notice(data, roots=no_roots, at=datetime(2027, 1, 1, tzinfo=UTC)).outcome is not Outcome.GOOD
    )


@given(st.binary(max_size=2000))
def test_no_file_whatever_raises(data: bytes) -> None:
    no_roots = NoticeRoots.from_folder(Path("/nonexistent"))
    for candidate in (data, b"%PDF-1.7\n" + data + b"/ByteRange [0 1 2 3]%%EOF\n"):
        verdict = verify_notice(candidate, roots=no_roots, at=datetime(2027, 1, 1, tzinfo=UTC))
        assert verdict.outcome is not Outcome.GOOD


def test_every_check_has_words_in_three_languages_and_a_clause() -> None:
    for code in NoticeCheckCode:
        assert clause(code)
        for outcome in Outcome:
            assert all(words(code, outcome).in_language(language) for language in LANGUAGES)
    assert all(words(NoticeCheckCode.STAMP, Outcome.GOOD, LAPSED).in_language(one) for one in LANGUAGES)


def test_the_signed_file_reads_as_one_signature_field_without_encryption(signed: bytes) -> None:
    reader = PdfReader(BytesIO(signed))
    assert not reader.is_encrypted
    fields = reader.trailer["/Root"]["/AcroForm"]["/Fields"]  # type: ignore[index]
    assert [field.get_object()["/FT"] for field in fields] == ["/Sig"]
