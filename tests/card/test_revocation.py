"""Revocation: only a fresh list of the right issuer and scope says that a card is in force."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.card.cast import CHALLENGE, HAYAMA, NINOMIYA, NOW, Pki, not_good, session, signed
from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.certificate import Extension
from yakuba.card.crl import REASONS, RevokedTable, UnusableCrl, read_head
from yakuba.card.crlwrite import ListFrame, Revoked, list_extensions, write_crl
from yakuba.card.der import NotDer
from yakuba.card.outcomes import Outcome, Reason
from yakuba.card.pki_profile import authority_name, distribution_point_name, point, write_extensions
from yakuba.card.pki_profile import signed as framed
from yakuba.card.revocation import Answer, NoAnswer, RevocationIndex, Revocations, verified_crl
from yakuba.card.testca import Issued

DAY = timedelta(days=1)


def _frame(pki: Pki, **changes: object) -> ListFrame:
    frame = ListFrame(
        authority_name("sign"), pki.authority.authority("sign"), distribution_point_name("sign", HAYAMA), 1_000,
        NOW - DAY, NOW + DAY,
    )  # fmt: skip
    return replace(frame, **changes)  # type: ignore[arg-type]


def _list(pki: Pki, *entries: Revoked, **changes: object) -> bytes:
    return write_crl(_frame(pki, **changes), entries, pki.authority.root_key("sign"))


def _verdict(pki: Pki, issued: Issued, *lists: bytes, at: datetime = NOW):  # type: ignore[no-untyped-def]
    source = Revocations(verified_crl(raw, pki.trust) for raw in lists)
    return pki.judge(signed(issued), at=at, revocation=source)


def _serial(issued: Issued) -> int:
    return int(issued.serial, 16)


@pytest.mark.parametrize("reason", [name for name in REASONS.values() if name != "certificateHold"])
def test_a_revoked_card_is_refused_with_the_reason_in_the_list(pki: Pki, reason: str) -> None:
    issued = pki.hanako()
    verdict = _verdict(pki, issued, _list(pki, Revoked(_serial(issued), NOW - DAY, reason)))
    assert not_good(verdict) == {"revocation": "revoked"}
    assert verdict.failed is not None
    assert verdict.failed.facts["crl_reason"] == reason


def test_a_card_on_hold_is_refused_with_its_own_reason(pki: Pki) -> None:
    issued = pki.hanako()
    verdict = _verdict(pki, issued, _list(pki, Revoked(_serial(issued), NOW - DAY, "certificateHold")))
    assert not_good(verdict) == {"revocation": "on_hold"}


def test_a_card_revoked_after_receipt_was_good_at_receipt(pki: Pki) -> None:
    issued = pki.hanako()
    listed = _list(pki, Revoked(_serial(issued), NOW), this_update=NOW)
    assert _verdict(pki, issued, listed, at=NOW - DAY).outcome is Outcome.GOOD
    assert _verdict(pki, issued, listed, at=NOW).outcome is Outcome.BAD


def test_a_list_past_its_next_update_could_not_tell(pki: Pki) -> None:
    verdict = _verdict(pki, pki.hanako(), _list(pki, next_update=NOW - timedelta(seconds=1)))
    assert verdict.outcome is Outcome.UNKNOWN
    assert not_good(verdict) == {"revocation_freshness": "revocation_stale"}


def test_a_stale_list_still_says_who_was_revoked(pki: Pki) -> None:
    issued = pki.hanako()
    listed = _list(pki, Revoked(_serial(issued), NOW - DAY), next_update=NOW - timedelta(seconds=1))
    assert _verdict(pki, issued, listed).outcome is Outcome.BAD


def test_a_list_made_after_the_card_expired_says_nothing_of_it(pki: Pki) -> None:
    issued = pki.issued("sign", replace(pki.request(), not_after=NOW + DAY))
    later = _list(pki, this_update=NOW + 2 * DAY, next_update=NOW + 9 * DAY)
    assert not_good(_verdict(pki, issued, later)) == {"revocation_freshness": "revocation_stale"}
    soon = _list(pki, this_update=NOW + DAY, next_update=NOW + 9 * DAY)
    assert _verdict(pki, issued, soon).outcome is Outcome.GOOD


@pytest.mark.parametrize("scope", [NINOMIYA, "131016"])
def test_the_list_of_another_town_says_nothing(pki: Pki, scope: str) -> None:
    listed = _list(pki, scope=distribution_point_name("sign", scope))
    verdict = _verdict(pki, pki.hanako(), listed)
    assert verdict.outcome is Outcome.UNKNOWN
    assert not_good(verdict) == {"revocation_scope": "revocation_out_of_scope"}


def test_without_any_list_of_the_issuer_nothing_was_checked(pki: Pki) -> None:
    older = write_crl(
        _frame(pki, authority=pki.authority.authority("sign", "g2")), (), pki.authority.root_key("sign", "g2")
    )
    verdict = _verdict(pki, pki.hanako(), older)
    assert not_good(verdict) == {"revocation_scope": "revocation_not_checked"}


def test_the_same_serial_of_another_root_is_another_certificate(pki: Pki) -> None:
    issued = pki.hanako(generation="g3")
    theirs = write_crl(
        _frame(pki, authority=pki.authority.authority("sign", "g2")), [Revoked(_serial(issued), NOW - DAY)],
        pki.authority.root_key("sign", "g2"),
    )  # fmt: skip
    assert _verdict(pki, issued, theirs, _list(pki)).outcome is Outcome.GOOD


def test_an_invalidity_date_before_the_revocation_counts(pki: Pki) -> None:
    issued = pki.hanako()
    extensions = write_extensions({oids.INVALIDITY_DATE: Extension(False, w.value(0x18, b"20261001000000Z"))})
    entry = w.sequence(w.integer(_serial(issued)), w.time(NOW + timedelta(hours=1)), extensions)
    verdict = _verdict(pki, issued, _list_of(pki, entry))
    assert verdict.reason is Reason.REVOKED


def _list_of(
    pki: Pki, *entries: bytes, extensions: dict[str, Extension] | None = None, version: int = 1
) -> bytes:
    frame = _frame(pki)
    parts = [
        w.integer(version),
        oids.SHA256_WITH_RSA,
        frame.issuer,
        w.time(frame.this_update),
        w.time(frame.next_update),
    ]
    parts += [w.sequence(*entries)] if entries else []
    parts.append(w.explicit(0, write_extensions(extensions or list_extensions(frame))))
    return framed(w.sequence(*parts), pki.authority.root_key("sign"))


def _scope(pki: Pki, *more: bytes, critical: bool = True) -> dict[str, Extension]:
    value = w.sequence(point(distribution_point_name("sign", HAYAMA)), *more)
    return list_extensions(_frame(pki)) | {oids.ISSUING_DISTRIBUTION_POINT: Extension(critical, value)}


_BAD_ENTRY = write_extensions({oids.REASON_CODE: Extension(False, w.enumerated(8))})
_CRITICAL_ENTRY = write_extensions({"2.5.29.29": Extension(True, w.sequence())})
UNUSABLE: dict[str, Callable[[Pki], bytes]] = {
    "of a root we do not pin": lambda pki: write_crl(_frame(pki), (), pki.keys[1]),
    "signed by another root of the same name": lambda pki: write_crl(
        _frame(pki), (), pki.authority.root_key("sign", "g2")
    ),
    "signed by the log-in root": lambda pki: write_crl(_frame(pki), (), pki.authority.root_key("auth")),
    "with one bit changed": lambda pki: _list(pki)[:-1] + bytes((_list(pki)[-1] ^ 1,)),
    "cut off": lambda pki: _list(pki)[:-1],
    "with a byte more": lambda pki: _list(pki) + b"\x00",
    "of version 1": lambda pki: _list_of(pki, version=0),
    "of another issuer's name": lambda pki: _list(pki, issuer=authority_name("auth")),
    "for authorities only": lambda pki: _list_of(pki, extensions=_scope(pki, w.implicit(2, b"\xff"))),
    "for some reasons only": lambda pki: _list_of(pki, extensions=_scope(pki, w.implicit(3, b"\x01\x40"))),
    "indirect": lambda pki: _list_of(pki, extensions=_scope(pki, w.implicit(4, b"\xff"))),
    "with a scope not critical": lambda pki: _list_of(pki, extensions=_scope(pki, critical=False)),
    "without a scope": lambda pki: _list_of(
        pki, extensions={oids.CRL_NUMBER: list_extensions(_frame(pki))[oids.CRL_NUMBER]}
    ),
    "of changes only (delta)": lambda pki: _list_of(
        pki, extensions=_scope(pki) | {"2.5.29.27": Extension(True, w.integer(1))}
    ),
    "with an entry taken back": lambda pki: _list_of(pki, w.sequence(w.integer(5), w.time(NOW), _BAD_ENTRY)),
    "with an entry of another issuer": lambda pki: _list_of(
        pki, w.sequence(w.integer(5), w.time(NOW), _CRITICAL_ENTRY)
    ),
    "with an entry that is none": lambda pki: _list_of(pki, w.sequence(w.utf8("5"), w.time(NOW))),
    "that is no list": lambda pki: w.sequence(w.integer(1)),
    "that is empty": lambda pki: b"",
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_list_that_must_not_be_used_is_not(pki: Pki, case: str) -> None:
    with pytest.raises((UnusableCrl, NotDer)):
        verified_crl(UNUSABLE[case](pki), pki.trust)


@pytest.mark.parametrize("case", UNUSABLE)
def test_beside_an_unusable_list_nothing_passes_and_the_file_is_named(
    pki: Pki, case: str, tmp_path: Path
) -> None:
    (tmp_path / "sign.crl").write_bytes(UNUSABLE[case](pki))
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert list(index.problems) == ["sign.crl"]
    assert pki.judge(signed(pki.hanako()), revocation=index).outcome is Outcome.UNKNOWN


def test_for_users_only_is_the_same_as_for_all_of_them(pki: Pki) -> None:
    listed = _list_of(pki, extensions=_scope(pki, w.implicit(1, b"\xff")))
    assert _verdict(pki, pki.hanako(), listed).outcome is Outcome.GOOD


def test_the_newest_list_by_number_is_the_one_asked(pki: Pki) -> None:
    issued = pki.hanako()
    revoking, older = _list(pki, Revoked(_serial(issued), NOW - DAY), number=8), _list(pki, number=7)
    for lists in ((revoking, older), (older, revoking)):
        assert _verdict(pki, issued, *lists).outcome is Outcome.BAD


def test_a_folder_is_read_again_when_a_list_changes(pki: Pki, tmp_path: Path) -> None:
    issued, file = pki.hanako(), tmp_path / "sign.crl"
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    message = signed(issued)
    assert pki.judge(message, revocation=index).outcome is Outcome.UNKNOWN
    file.write_bytes(_list(pki))
    index.refresh()
    assert pki.judge(message, revocation=index).outcome is Outcome.GOOD
    file.write_bytes(_list(pki, Revoked(_serial(issued), NOW - DAY), number=1_001))
    index.refresh()
    assert pki.judge(message, revocation=index).outcome is Outcome.BAD
    file.unlink()
    index.refresh()
    assert pki.judge(message, revocation=index).outcome is Outcome.UNKNOWN


def test_a_list_changes_under_a_running_service_without_being_told(
    pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yakuba.card.revocation.LOOK_AGAIN_AFTER_SECONDS", -1.0)
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    (tmp_path / "sign.crl").write_bytes(_list(pki))
    assert pki.judge(signed(pki.hanako()), revocation=index).outcome is Outcome.GOOD


def test_a_list_replaced_by_rubbish_stays_in_force_until_its_time_is_over(pki: Pki, tmp_path: Path) -> None:
    file, message = tmp_path / "sign.crl", signed(pki.hanako())
    file.write_bytes(_list(pki))
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    file.write_bytes(b"rubbish")
    index.refresh()
    assert "sign.crl" in index.problems
    assert pki.judge(message, revocation=index).outcome is Outcome.GOOD
    assert pki.judge(message, revocation=index, at=NOW + 2 * DAY).outcome is Outcome.UNKNOWN


def test_an_older_list_put_in_place_of_a_newer_one_is_not_taken(pki: Pki, tmp_path: Path) -> None:
    issued, file = pki.hanako(), tmp_path / "sign.crl"
    file.write_bytes(_list(pki, Revoked(_serial(issued), NOW - DAY), number=8))
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    file.write_bytes(_list(pki, number=7))
    index.refresh()
    assert "older" in index.problems["sign.crl"]
    assert pki.judge(signed(issued), revocation=index).outcome is Outcome.BAD


def test_a_rubbish_file_is_read_once_and_not_at_every_look(pki: Pki, tmp_path: Path) -> None:
    file = tmp_path / "sign.crl"
    file.write_bytes(b"rubbish")
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    before = dict(index.problems)
    stamp = file.stat()
    file.write_bytes(b"RUBBISH")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    index.refresh()
    assert index.problems == before


_SERIALS = st.integers(1, 2**159 - 1)


@given(
    st.dictionaries(_SERIALS, st.sampled_from(list(REASONS.values())), max_size=60),
    st.lists(_SERIALS, max_size=20),
)
def test_the_table_finds_what_is_listed_and_nothing_else(
    pki: Pki, listed: dict[int, str], others: list[int]
) -> None:
    entries = [Revoked(serial, NOW - DAY, reason) for serial, reason in listed.items()]
    table = RevokedTable.read(read_head(_list(pki, *entries)))
    assert len(table) == len(listed)
    for serial, reason in listed.items():
        found = table.find(serial)
        assert found is not None
        assert (found.reason, found.since) == (reason, NOW - DAY)
    for serial in set(others) - listed.keys():
        assert table.find(serial) is None


def test_a_list_of_twenty_thousand_is_read_alike_by_another_library(pki: Pki) -> None:
    entries = [Revoked(7 + 13 * each, NOW - DAY, "keyCompromise") for each in range(20_000)]
    raw = _list(pki, *entries)
    table, theirs = RevokedTable.read(read_head(raw)), x509.load_der_x509_crl(raw)
    assert len(table) == len(theirs) == 20_000
    for serial in (1, 7, 8, 20, 21, 259_987, 259_994, 259_995, 260_007, 2**64):
        ours = table.find(serial)
        other = theirs.get_revoked_certificate_by_serial_number(serial)
        assert (ours is None) == (other is None)


def test_release_from_hold_and_revocation_are_in_force_once_published(pki: Pki) -> None:
    issued = pki.hanako("auth")
    signature = session(issued).sign_digest(hashlib.sha256(CHALLENGE).digest())

    def reason() -> Reason | None:
        pki.authority.publish_crls(now=NOW)
        return pki.judge_login(signature, issued.certificate, revocation=pki.revocations()).reason

    about = ("auth", issued.issuer_key_id, issued.serial)
    assert reason() is None
    pki.authority.revoke(*about, at=NOW - DAY, reason="certificateHold")
    assert reason() is Reason.ON_HOLD
    pki.authority.release(*about)
    assert reason() is None
    pki.authority.revoke(*about, at=NOW - DAY, reason="superseded")
    assert reason() is Reason.REVOKED


def test_a_source_answers_or_says_that_it_cannot(pki: Pki) -> None:
    source = Revocations([verified_crl(_list(pki), pki.trust)])
    root = pki.authority.root("sign")
    found = source.look_up(root.key_id, distribution_point_name("sign", HAYAMA), 1)
    assert isinstance(found, Answer)
    assert found.entry is None
    assert source.look_up(b"", b"", 1) == NoAnswer(Reason.REVOCATION_NOT_CHECKED)
