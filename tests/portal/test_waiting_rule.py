"""By-laws of the waiting room, as values: first come first served, nobody passed over, nobody sent back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yakuba.portal.waiting import rule
from yakuba.portal.waiting.rule import Room

_NOON = datetime(2026, 11, 27, 3, tzinfo=UTC)
_loads = st.lists(st.floats(0, 20), min_size=1, max_size=60)
_lines = st.lists(st.integers(1, 10_000), unique=True, max_size=400)


@given(_lines, st.floats(0, 100))
def test_whoever_came_first_goes_in_first(line: list[int], credit: float) -> None:
    chosen, after = rule.let_in(line, Room(_NOON, credit=credit))
    left = set(line) - set(chosen)
    assert not chosen or not left or max(chosen) < min(left)
    assert len(chosen) <= credit
    assert after.credit >= 0


@given(_lines, _loads)
def test_everybody_gets_in_whatever_the_load(line: list[int], loads: list[float]) -> None:
    room, left, minutes = Room(_NOON), sorted(line), 0
    while left:
        minutes += 1
        for half in range(12):
            at = _NOON + timedelta(minutes=minutes, seconds=5 * half)
            chosen, room = rule.let_in(left, rule.later(room, loads[minutes % len(loads)], at))
            left = left[len(chosen) :]
        assert minutes <= len(line) / rule.LEAST_RATE + 2


@given(_lines, st.lists(st.integers(0, 30), max_size=30), st.sets(st.integers(1, 10_000)))
def test_a_position_never_grows(line: list[int], places: list[int], gone: set[int]) -> None:
    """Whoever comes later has a higher number; whoever is away too long is taken out for good."""
    if not line:
        return
    mine, before = line[0], len(line) + 1
    waiting = list(line)
    for step, free in enumerate(places):
        chosen, _ = rule.let_in(waiting, Room(_NOON, credit=float(free)))
        waiting = [one for one in waiting if one not in chosen and (one == mine or one not in gone)]
        waiting.append(20_000 + step)
        position = sum(one <= mine for one in waiting)
        assert position <= before
        before = position


@given(_loads)
def test_fewer_are_let_in_under_load_and_never_none(loads: list[float]) -> None:
    room = Room(_NOON)
    for number, load in enumerate(loads, 1):
        after = rule.later(room, load, _NOON + timedelta(seconds=10 * number))
        assert rule.LEAST_RATE <= after.rate <= rule.MOST_RATE
        assert load <= rule.CROWDED or after.rate <= room.rate
        assert load >= rule.CALM or after.rate >= room.rate
        room = after


def test_places_are_not_saved_up_overnight() -> None:
    assert rule.later(Room(_NOON), 1.5, _NOON + timedelta(hours=9)).credit == 20


def test_a_clock_that_runs_behind_frees_no_place() -> None:
    room = Room(_NOON, credit=0)
    assert rule.later(room, 0, _NOON - timedelta(seconds=5)) == room


def test_the_room_opens_by_the_towns_word_or_by_load_and_closes_when_the_line_is_empty() -> None:
    def opens(declared: bool = False, **room: object) -> bool:
        return rule.is_open(Room(_NOON, **room), declared=declared, at=_NOON)  # type: ignore[arg-type]

    assert not opens()
    assert opens(declared=True)
    assert opens(mode="on")
    assert opens(crowded_at=_NOON - timedelta(minutes=4))
    assert not opens(crowded_at=_NOON - timedelta(minutes=6))
    assert opens(waiting=1)
    assert not opens(declared=True, mode="off", waiting=1)


def test_a_place_is_kept_for_ten_minutes_and_an_admission_for_those_who_begin() -> None:
    assert not rule.lapsed(_NOON, _NOON + timedelta(minutes=10))
    assert rule.lapsed(_NOON, _NOON + timedelta(minutes=10, seconds=1))
    assert not rule.may_pass(None, None, _NOON)
    assert rule.may_pass(_NOON, None, _NOON + timedelta(minutes=15))
    assert not rule.may_pass(_NOON, None, _NOON + timedelta(minutes=16))
    assert rule.may_pass(_NOON, _NOON + timedelta(minutes=5), _NOON + timedelta(hours=12))


def test_the_estimate_is_a_range_of_what_was_counted_and_silent_without_a_count() -> None:
    assert rule.estimate(120, ()) is None
    assert rule.estimate(120, (0, 0)) is None
    assert rule.estimate(120, (60, 40)) == (2, 3)
    assert rule.estimate(120, (60, 0)) == (2, 8)
    assert rule.estimate(1, (60,)) == (0, 1)
    assert rule.a_minute((60, 40)) == 50


def test_those_far_behind_look_seldom_but_often_enough_to_keep_their_place() -> None:
    assert rule.look_again(1, 120) == 10
    assert rule.look_again(100_000, 120) == 120
    assert timedelta(seconds=2 * 120) < rule.KEPT
