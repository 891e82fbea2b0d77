"""突合: every case in exactly one part, and every difference a line."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handover.cast import AT, HAYAMA, NINOMIYA, handed_over, system
from yakuba.base.tenancy import under
from yakuba.casework.handover.inbound import receive
from yakuba.casework.handover.models import Item, State
from yakuba.casework.handover.reconcile import MISSING_AFTER, PARTS, batch_differences, counts
from yakuba.casework.handover.standings import counts_of, differences_with, troubles_of
from yakuba.casework.handover.words import DIFFERENCES
from yakuba.casework.handover.words import PARTS as PART_NAMES

CHILD = "jidou-teate-nintei"


@given(st.dictionaries(st.sampled_from([state.value for state in State]), st.integers(0, 10**6)), st.data())
def test_the_parts_always_add_up_to_the_whole(by_state: dict[str, int], data: Any) -> None:
    missing = data.draw(st.integers(0, by_state.get("sent", 0)))
    counted = counts(by_state, missing, sum(by_state.values()))
    assert counted.adds_up
    assert set(counted.by_part) == set(PARTS)
    assert min(counted.by_part.values()) >= 0


def test_a_case_in_a_state_nobody_knows_shows_as_a_sum_that_does_not_add_up() -> None:
    assert not counts({"sent": 1, "lost": 1}, 0, 2).adds_up


def placed(state: State, late: bool = False, **changes: Any) -> Item:
    """A case in ``state``, since just now or since long ago."""
    item = handed_over(**changes)
    since = AT - MISSING_AFTER - timedelta(seconds=1) if late else AT
    with under(item.municipality):
        Item.objects.filter(pk=item.pk).update(state=state, state_at=since)
    return item


@pytest.mark.django_db
def test_every_case_is_counted_once_and_only_in_its_town_and_procedure() -> None:
    for state in State:
        placed(state)
    placed(State.SENT, late=True)
    placed(State.SENT, municipality=NINOMIYA)
    handed_over("kaigo-nintei")
    with under(HAYAMA):
        counted = counts_of(CHILD, AT)
    assert counted.by_part == dict.fromkeys(PARTS, 1)
    assert (counted.total, counted.adds_up) == (7, True)


@pytest.mark.django_db
def test_a_case_not_acknowledged_for_three_days_is_missing_and_not_a_second_sooner() -> None:
    item = placed(State.SENT)
    with under(HAYAMA):
        assert troubles_of(CHILD, AT + MISSING_AFTER) == ()
        [found] = troubles_of(CHILD, AT + MISSING_AFTER + timedelta(seconds=1))
    assert (found.kind, found.subject) == ("missing", item.receipt_number)


@pytest.mark.django_db
def test_missing_held_and_rejected_cases_are_differences_and_no_others() -> None:
    wanted = {
        ("missing", placed(State.SENT, late=True).receipt_number),
        ("held", placed(State.HELD).receipt_number),
        ("rejected", placed(State.REJECTED).receipt_number),
    }
    for state in (State.READY, State.SENT, State.ACKNOWLEDGED, State.RETURNED):
        placed(state)
    with under(HAYAMA):
        assert {(one.kind, one.subject) for one in troubles_of(CHILD, AT)} == wanted


@pytest.mark.django_db
def test_what_only_one_side_has_is_a_difference() -> None:
    registered, _ = system()
    gone, there, sent, ready = (
        placed(state).receipt_number
        for state in (State.ACKNOWLEDGED, State.RETURNED, State.SENT, State.READY)
    )
    with under(HAYAMA):
        assert differences_with(registered) is None
        body = {"receipt_numbers": [there, sent, ready, "NEVER-SENT"]}
        receive(registered, "statement", "message-1", body, AT)
        found = differences_with(registered)
    assert found is not None
    assert {(one.kind, one.subject) for one in found} == {
        ("unknown_there", gone),
        ("unknown_here", "NEVER-SENT"),
        ("unknown_here", ready),
    }


def test_a_batch_accounts_for_every_case_and_file_it_went_out_with() -> None:
    good = ("claim.csv", "a", "a")
    assert batch_differences("b", 3, 3, [good]) == ()
    count, file = sorted(
        batch_differences("b", 3, 2, [good, ("child.csv", "a", "x")]), key=lambda one: one.kind
    )
    assert (count.kind, count.detail) == ("count_differs", "3 ≠ 2")
    assert (file.kind, file.subject) == ("file_differs", "child.csv")


def test_every_state_is_a_part_and_everything_has_words() -> None:
    assert {state.value for state in State} | {"missing"} == set(PARTS) == set(PART_NAMES)
    assert all(DIFFERENCES.values())
