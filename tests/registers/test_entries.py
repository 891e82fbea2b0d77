"""Business registers: what was decided is written once, with history, and nothing written is ever lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA, event, settle
from yakuba.audit.models import AuditRecord
from yakuba.base.tenancy import under
from yakuba.registers import catalogue, entries
from yakuba.registers.entries import Effect
from yakuba.registers.models import RegisterEntry
from yakuba.registers.people import NoSuchPerson

pytestmark = pytest.mark.django_db
MOTHER = "0000000001"


def allowance(
    amount: int, valid_from: date, until: date | None = None, effect_id: UUID | None = None
) -> Effect:
    items: dict[str, Any] = {
        "claimed_on": "2026-11-20", "start_month": "2026-12", "monthly_amount": amount,
        "category": "jidou_teate", "children": [{"key": "2", "rank": 1, "stage": "under_three", "amount": amount}],
    }  # fmt: skip
    return Effect(effect_id or uuid4(), "jidou_teate", MOTHER, items, valid_from, until)


def test_an_effect_closes_the_row_that_held_and_opens_the_next() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        entries.apply_effect(allowance(15000, date(2026, 1, 1)), event())
        entries.apply_effect(allowance(30000, date(2026, 12, 1)), event())
        newer, older = entries.history("jidou_teate", MOTHER)
        assert (older.valid_from, older.valid_to) == (date(2026, 1, 1), date(2026, 11, 30))
        assert (newer.history_number, newer.valid_from, newer.valid_to) == (2, date(2026, 12, 1), None)
        before = entries.current("jidou_teate", MOTHER, date(2026, 11, 30))
        after = entries.current("jidou_teate", MOTHER, date(2026, 12, 1))
        assert before is not None
        assert after is not None
        assert (before.items["monthly_amount"], after.items["monthly_amount"]) == (15000, 30000)
        assert entries.current("jidou_teate", MOTHER, date(2025, 12, 31)) is None


def naming(child: str, as_of: date) -> list[int]:
    return [entry.history_number for entry in entries.listing("jidou_teate", "children", "key", child, as_of)]


def test_an_entry_is_found_from_the_child_it_names_while_it_holds() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        entries.apply_effect(allowance(15000, date(2026, 1, 1)), event())
        assert naming("2", date(2026, 12, 1)) == [1]
        assert naming("3", date(2026, 12, 1)) == []
        entries.apply_effect(
            allowance(10000, date(2026, 4, 1), until=date(2026, 6, 30)), event()
        )  # reaches back
        assert naming("2", date(2026, 5, 1)) == [2]
        assert naming("2", date(2027, 1, 1)) == []
    with under(NINOMIYA):
        assert naming("2", date(2026, 5, 1)) == []


def test_people_can_only_be_looked_for_where_the_data_item_list_says_they_are_named() -> None:
    with under(HAYAMA), pytest.raises(KeyError):
        entries.listing("jidou_teate", "counted", "key", "2", date(2026, 12, 1))


def test_the_same_effect_delivered_twice_is_written_once() -> None:
    effect = allowance(15000, date(2026, 12, 1))
    with under(HAYAMA):
        settle(MOTHER)
        first = entries.apply_effect(effect, event("once"))
        again = entries.apply_effect(effect, event("twice"))
        assert first.pk == again.pk
        assert RegisterEntry.objects.count() == 1
        assert AuditRecord.objects.filter(action="once").count() == 1
        assert not AuditRecord.objects.filter(action="twice").exists()


def test_an_effect_cannot_borrow_the_id_of_another() -> None:
    effect_id = uuid4()
    with under(HAYAMA):
        settle(MOTHER)
        entries.apply_effect(allowance(15000, date(2026, 12, 1), effect_id=effect_id), event())
        with pytest.raises(entries.SameIdOtherEffect):
            entries.apply_effect(allowance(99999, date(2026, 12, 1), effect_id=effect_id), event())


def test_a_decision_that_reaches_back_replaces_but_does_not_erase() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        entries.apply_effect(allowance(15000, date(2026, 6, 1)), event())
        entries.apply_effect(allowance(30000, date(2026, 4, 1)), event())
        rows = {row.history_number: row for row in entries.history("jidou_teate", MOTHER)}
        assert rows[1].superseded_by == 2
        assert rows[1].items["monthly_amount"] == 15000
        present = entries.current("jidou_teate", MOTHER, date(2026, 7, 1))
        assert present is not None
        assert present.history_number == 2


def test_what_held_after_a_bounded_effect_holds_again_after_it() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        entries.apply_effect(allowance(15000, date(2026, 6, 1)), event())
        entries.apply_effect(allowance(30000, date(2026, 4, 1), until=date(2026, 7, 31)), event())
        later = entries.current("jidou_teate", MOTHER, date(2026, 8, 1))
        assert later is not None
        assert (later.items["monthly_amount"], later.valid_from, later.valid_to) == (
            15000,
            date(2026, 8, 1),
            None,
        )


def test_entries_of_different_disasters_stand_beside_each_other() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        for disaster in ("flood-2026", "quake-2026"):
            effect = Effect(uuid4(), "hisaisha", MOTHER, {"disaster": disaster}, date(2026, 9, 1))
            entries.apply_effect(effect, event())
        assert {row.series for row in entries.all_current(MOTHER, date(2026, 9, 2))} == {
            "flood-2026",
            "quake-2026",
        }
        flood = entries.current("hisaisha", MOTHER, date(2026, 9, 2), series="flood-2026")
        assert flood is not None


def test_items_outside_the_data_item_list_are_refused_without_repeating_them() -> None:
    items = {"claimed_on": "きのう", "secret": "1234"}
    with under(HAYAMA):
        settle(MOTHER)
        with pytest.raises(catalogue.UnfitItems) as refused:
            entries.apply_effect(Effect(uuid4(), "jidou_teate", MOTHER, items, date(2026, 1, 1)), event())
    assert {problem.path for problem in refused.value.problems} >= {"claimed_on", "start_month", "children"}
    assert "きのう" not in str(refused.value)
    assert "1234" not in str(refused.value)


def test_an_effect_on_nobody_is_refused() -> None:
    with under(HAYAMA), pytest.raises(NoSuchPerson):
        entries.apply_effect(allowance(1, date(2026, 1, 1)), event())


def test_an_effect_cannot_end_before_it_begins() -> None:
    with under(HAYAMA):
        settle(MOTHER)
        with pytest.raises(entries.PeriodBackwards):
            entries.apply_effect(allowance(1, date(2026, 2, 1), until=date(2026, 1, 31)), event())


_START = date(2026, 1, 1)
_periods = st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 40)), min_size=1, max_size=6)


class HistoryHolds(TestCase):
    @given(_periods)
    @settings(max_examples=40, deadline=None)
    def test_on_every_day_the_latest_decision_holds_and_no_two_rows(
        self, periods: list[tuple[int, int | None]]
    ) -> None:
        """A plain model, day by day: the newest decision covering a day wins; an open row it interrupts is over."""
        with under(HAYAMA):
            settle(MOTHER)
            written: list[tuple[int, Any]] = []
            for amount, (first, length) in enumerate(periods, start=1):
                begins = _START + timedelta(days=first)
                until = None if length is None else begins + timedelta(days=length)
                entries.apply_effect(allowance(amount, begins, until), event())
                latest = entries.current("jidou_teate", MOTHER, begins)
                assert latest is not None
                assert latest.items["monthly_amount"] == amount
                rows = list(entries.standing("jidou_teate", MOTHER))
                for offset in range(110):
                    day = _START + timedelta(days=offset)
                    holding = [
                        r for r in rows if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to)
                    ]
                    assert len(holding) <= 1
                everything = entries.history("jidou_teate", MOTHER)
                kept = {row.history_number: row.items["monthly_amount"] for row in everything}
                assert all(kept[number] == value for number, value in written)
                written = list(kept.items())


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_write_one_after_the_other() -> None:
    """Each in a session of its own; whoever comes second sees the row of the first and closes it."""
    with under(HAYAMA):
        settle(MOTHER)
    start = Barrier(4)

    def decide(number: int) -> None:
        try:
            start.wait(timeout=30)
            with under(HAYAMA):
                entries.apply_effect(allowance(number, date(2026, number, 1)), event())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(decide, number) for number in (1, 2, 3, 4)]:
            done.result(timeout=60)
    with under(HAYAMA):
        rows = entries.history("jidou_teate", MOTHER)
        assert {row.history_number for row in rows} >= {1, 2, 3, 4}
        assert entries.standing("jidou_teate", MOTHER).filter(valid_to=None).count() == 1
        for month in (1, 2, 3, 4):
            assert RegisterEntry.objects.filter(items__monthly_amount=month).exists(), "no decision is lost"


@pytest.mark.django_db(transaction=True)
def test_the_same_effect_delivered_at_once_is_written_once() -> None:
    with under(HAYAMA):
        settle(MOTHER)
    effect = allowance(15000, date(2026, 12, 1))
    start = Barrier(3)

    def deliver() -> int:
        try:
            start.wait(timeout=30)
            with under(HAYAMA):
                return entries.apply_effect(effect, event()).history_number
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(deliver) for _ in range(3)]
        assert [done.result(timeout=60) for done in waiting] == [1, 1, 1]
    with under(HAYAMA):
        assert RegisterEntry.objects.count() == 1
