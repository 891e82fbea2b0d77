"""The revocation feed: what is let in, what changed, how long it holds, and what waits when nobody can tell."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.card.cast import HAYAMA, NINOMIYA, NOW, Pki, signed
from yakuba.base import clock
from yakuba.card import feed as feeds
from yakuba.card.commands import card
from yakuba.card.crl import REASONS, RevokedTable, read_head
from yakuba.card.crl_table import prepared_table, table_path
from yakuba.card.crlwrite import ListFrame, Revoked, write_crl
from yakuba.card.feed import Change, Feed, Freshness, ListRefused, Move
from yakuba.card.handling import NAMES, Handling, handling
from yakuba.card.outcomes import Outcome
from yakuba.card.pki_profile import authority_name, distribution_point_name
from yakuba.card.revocation import NotChecked, RevocationIndex
from yakuba.card.testca import Issued

DAY = timedelta(days=1)


@pytest.fixture
def feed(pki: Pki, tmp_path: Path) -> Feed:
    return Feed(tmp_path, pki.trust)


def _list(pki: Pki, number: int, *entries: Revoked, town: str = HAYAMA, **changes: datetime) -> bytes:
    frame = ListFrame(
        authority_name("sign"), pki.authority.authority("sign"), distribution_point_name("sign", town), number,
        NOW - DAY, NOW + 7 * DAY,
    )  # fmt: skip
    return write_crl(replace(frame, **changes), entries, pki.authority.root_key("sign"))


def _revoked(issued: Issued, reason: str = "superseded") -> Revoked:
    return Revoked(int(issued.serial, 16), NOW - DAY, reason)


def test_a_list_taken_in_is_what_verdicts_ask(pki: Pki, feed: Feed, tmp_path: Path) -> None:
    hanako, taro = pki.hanako(), pki.hanako()
    taken = feed.take(_list(pki, 1, _revoked(hanako)), at=NOW)
    assert (taken.number, taken.entries, taken.changes) == (1, 1, ())
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert pki.judge(signed(hanako), revocation=index).reason == "revoked"
    assert pki.judge(signed(taro), revocation=index).outcome is Outcome.GOOD


def test_the_next_list_says_who_was_revoked_held_and_released(pki: Pki, feed: Feed) -> None:
    held, released, revoked, expired, same = (pki.hanako() for _ in range(5))
    hold = "certificateHold"
    feed.take(_list(pki, 1, _revoked(released, hold), _revoked(expired), _revoked(same)), at=NOW)
    taken = feed.take(_list(pki, 2, _revoked(held, hold), _revoked(revoked), _revoked(same)), at=NOW)
    assert set(taken.changes) == {
        Change(held.serial, Move.HELD), Change(released.serial, Move.RELEASED),
        Change(revoked.serial, Move.REVOKED), Change(expired.serial, Move.DROPPED),
    }  # fmt: skip


def test_a_hold_may_become_a_revocation(pki: Pki, feed: Feed) -> None:
    hanako = pki.hanako()
    feed.take(_list(pki, 1, _revoked(hanako, "certificateHold")), at=NOW)
    taken = feed.take(_list(pki, 2, _revoked(hanako, "keyCompromise")), at=NOW)
    assert taken.changes == (Change(hanako.serial, Move.REVOKED),)
    again = feed.take(_list(pki, 3, _revoked(hanako, "superseded")), at=NOW)
    assert again.changes == (Change(hanako.serial, Move.CHANGED),)


def test_a_card_released_from_hold_signs_again_under_the_next_list(
    pki: Pki, feed: Feed, tmp_path: Path
) -> None:
    hanako = pki.hanako()
    feed.take(_list(pki, 1, _revoked(hanako, "certificateHold")), at=NOW)
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert pki.judge(signed(hanako), revocation=index).reason == "on_hold"
    feed.take(_list(pki, 2), at=NOW)
    index.refresh()
    assert pki.judge(signed(hanako), revocation=index).outcome is Outcome.GOOD


@pytest.mark.parametrize(
    ("number", "changes", "words"),
    [
        (5, {}, "not newer"),
        (4, {}, "not newer"),
        (6, {"next_update": NOW - timedelta(seconds=1)}, "ended"),
        (6, {"this_update": NOW + timedelta(hours=1)}, "begins"),
    ],
)
def test_an_old_list_and_one_of_another_time_are_not_let_in(
    pki: Pki, feed: Feed, tmp_path: Path, number: int, changes: dict[str, datetime], words: str
) -> None:
    hanako = pki.hanako()
    feed.take(_list(pki, 5, _revoked(hanako)), at=NOW)
    with pytest.raises(ListRefused, match=words):
        feed.take(_list(pki, number, **changes), at=NOW)
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert pki.judge(signed(hanako), revocation=index).outcome is Outcome.BAD


def test_a_list_nobody_pinned_signed_or_that_was_changed_is_not_let_in(pki: Pki, feed: Feed) -> None:
    good = _list(pki, 1, _revoked(pki.hanako()))
    for raw in (b"", b"rubbish", good[:-1], good[:-1] + bytes([good[-1] ^ 1]), good + b"\0"):
        with pytest.raises(ListRefused):
            feed.take(raw, at=NOW)
    with pytest.raises(ListRefused, match="larger"):
        feed.take(bytes(feeds.MAX_CRL_BYTES + 1), at=NOW)


def test_lists_of_two_towns_lie_side_by_side(pki: Pki, feed: Feed) -> None:
    feed.take(_list(pki, 9), at=NOW)
    feed.take(_list(pki, 1, town=NINOMIYA), at=NOW)
    assert len(feed.states(NOW)) == 2


@pytest.mark.parametrize(
    ("days", "freshness"), [(0, Freshness.FRESH), (6, Freshness.DUE), (8, Freshness.STALE)]
)
def test_the_operator_sees_a_list_come_due_before_it_is_stale(
    pki: Pki, feed: Feed, days: int, freshness: Freshness
) -> None:
    feed.take(_list(pki, 1), at=NOW)
    assert [state.freshness for state in feed.states(NOW + days * DAY)] == [freshness]


def test_a_prepared_table_is_used_only_with_its_own_list(pki: Pki, feed: Feed) -> None:
    raw = _list(pki, 1, _revoked(pki.hanako()))
    file = feed.take(raw, at=NOW).file
    assert prepared_table(file, raw) is not None
    assert prepared_table(file, raw + b"\0") is None
    kept = table_path(file).read_bytes()
    for wrong in (b"", b"{}\n", kept[:-1], kept[:-1] + b"\xff", b"[]\n" + kept):
        table_path(file).write_bytes(wrong)
        assert prepared_table(file, raw) is None


def test_without_its_table_a_list_is_read_all_the_same(pki: Pki, feed: Feed, tmp_path: Path) -> None:
    hanako = pki.hanako()
    table_path(feed.take(_list(pki, 1, _revoked(hanako)), at=NOW).file).unlink()
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert pki.judge(signed(hanako), revocation=index).outcome is Outcome.BAD


_ENTRIES = st.dictionaries(st.integers(1, 2**100), st.sampled_from(list(REASONS.values())), max_size=20)


@settings(max_examples=60)
@given(before=_ENTRIES, after=_ENTRIES)
def test_the_changes_are_what_tells_two_lists_apart(
    pki: Pki, before: dict[int, str], after: dict[int, str]
) -> None:
    tables = [
        RevokedTable.read(read_head(_list(pki, 1, *(Revoked(s, NOW - DAY, r) for s, r in entries.items()))))
        for entries in (before, after)
    ]
    changed = {int(change.serial, 16) for change in feeds._changes(*tables)}
    assert changed == {s for s in before | after if before.get(s) != after.get(s)}


def test_what_could_not_be_checked_waits_in_a_queue_of_its_own(pki: Pki) -> None:
    message = signed(pki.hanako())
    assert handling(pki.judge(message, revocation=NotChecked())) is Handling.WAIT_FOR_REVOCATION
    assert handling(pki.judge(message)) is Handling.GO_ON
    assert handling(pki.judge(message, content=b"other")) is Handling.REFUSE
    assert set(NAMES) == set(Handling)


def test_what_waits_goes_on_once_the_list_is_there(pki: Pki, feed: Feed, tmp_path: Path) -> None:
    message = signed(pki.hanako())
    index = RevocationIndex.from_folder(tmp_path, pki.trust)
    assert handling(pki.judge(message, revocation=index)) is Handling.WAIT_FOR_REVOCATION
    feed.take(_list(pki, 1), at=NOW)
    index.refresh()
    assert handling(pki.judge(message, revocation=index)) is Handling.GO_ON


def test_the_operator_takes_a_list_in_and_sees_it(
    pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (tmp_path / "roots").symlink_to(pki.authority.roots_folder)
    (tmp_path / "crls").mkdir()
    (tmp_path / "new.crl").write_bytes(_list(pki, 3, _revoked(pki.hanako())))
    run = CliRunner().invoke
    assert run(card, ["lists", "--trust", str(tmp_path)]).exit_code == 2
    taken = run(card, ["take-list", "--trust", str(tmp_path), str(tmp_path / "new.crl")])
    assert taken.exit_code == 0, taken.output
    assert "第3号 1件" in taken.output
    shown = run(card, ["lists", "--trust", str(tmp_path), "--json"])
    assert json.loads(shown.output)["freshness"] == "fresh"
    assert shown.exit_code == 0
    again = run(card, ["take-list", "--trust", str(tmp_path), str(tmp_path / "new.crl")])
    assert again.exit_code == 1
    assert "not newer" in again.output
