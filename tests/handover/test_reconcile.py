"""突合: every case in exactly one part, and every difference a line."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handover.cast import AT
from yakuba.casework.handover.models import State
from yakuba.casework.handover.reconcile import (
    MISSING_AFTER,
    PARTS,
    Standing,
    batch_difference,
    counts,
    differences,
    part_of,
)
from yakuba.casework.handover.words import DIFFERENCES
from yakuba.casework.handover.words import PARTS as PART_NAMES


def standing(number: str, state: str, days: int = 0) -> Standing:
    return Standing(number, state, AT - timedelta(days=days))


STANDINGS = st.lists(
    st.builds(
        standing, st.uuids().map(str), st.sampled_from([state.value for state in State]), st.integers(0, 9)
    )
)


@given(STANDINGS)
def test_the_parts_always_add_up_to_the_whole(standings: list[Standing]) -> None:
    counted = counts(standings, AT)
    assert counted.adds_up
    assert counted.total == len(standings)


@given(STANDINGS, st.lists(st.uuids().map(str)))
def test_every_missing_held_and_rejected_case_is_a_difference_and_no_case_twice_for_one_thing(
    standings: list[Standing], stated: list[str]
) -> None:
    found = differences(standings, AT, stated)
    assert len({(one.kind, one.subject) for one in found}) == len(found)
    wanted = {one.receipt_number for one in standings if part_of(one, AT) in ("missing", "held", "rejected")}
    assert wanted <= {one.subject for one in found}


def test_a_case_not_acknowledged_for_three_days_is_missing() -> None:
    just = Standing("a", "sent", AT - MISSING_AFTER)
    late = Standing("a", "sent", AT - MISSING_AFTER - timedelta(seconds=1))
    assert (part_of(just, AT), part_of(late, AT)) == ("sent", "missing")


def test_what_only_one_side_has_is_a_difference() -> None:
    ours = [
        standing("acknowledged", "acknowledged"),
        standing("returned", "returned"),
        standing("sent", "sent"),
    ]
    found = differences(ours, AT, ["returned", "sent", "never sent"])
    assert [(one.kind, one.subject) for one in found] == [
        ("unknown_there", "acknowledged"),
        ("unknown_here", "never sent"),
    ]
    assert differences(ours, AT, None) == ()


def test_a_state_nobody_knows_is_an_error_and_not_left_out() -> None:
    with pytest.raises(ValueError, match="no such state"):
        counts([standing("a", "lost")], AT)


def test_a_batch_accounts_for_every_case_it_went_out_with() -> None:
    assert batch_difference("b", 3, 3) is None
    lost = batch_difference("b", 3, 2)
    assert lost is not None
    assert lost.detail == "3 ≠ 2"


def test_every_state_is_a_part_and_everything_has_words() -> None:
    assert {state.value for state in State} | {"missing"} == set(PARTS) == set(PART_NAMES)
    assert all(DIFFERENCES.values())
