"""The table of moves: complete, reachable, and the only way a status changes."""

import re
from pathlib import Path

import pytest

from yakuba.base.catalog import catalog
from yakuba.casework.policies import CONDITIONS
from yakuba.casework.procedure_desk import desks
from yakuba.casework.roles import GRANTS, Permission, Role
from yakuba.casework.workflow import MOVES, OPEN, STATUS_NAMES, SYSTEM, Move, Status, moves_from
from yakuba.casework.workflow_page import workflow_page

ROOM = Path(__file__).parents[2] / "src" / "yakuba" / "casework"
RESIDENTS_STATUSES = {
    "received", "in_review", "correction_requested", "decided", "notice_issued", "withdrawn", "rejected",
}  # fmt: skip


def reachable() -> set[Status]:
    found: set[Status] = set()
    wave = {move.to for move in moves_from(None)}
    while wave - found:
        found |= wave
        wave = {move.to for status in found for move in moves_from(status)}
    return found


def test_every_status_is_reached_by_some_move() -> None:
    assert reachable() == set(Status)


def test_every_move_starts_where_a_case_can_be() -> None:
    assert {move.origin for move in MOVES} - {None} <= reachable()


def test_every_open_status_can_be_left_and_every_end_is_an_end_but_for_its_notice() -> None:
    for status in OPEN:
        assert any(move.to not in OPEN for move in MOVES if move.origin in OPEN)
        assert moves_from(status)
    ends = set(Status) - OPEN
    assert {move.name for status in ends for move in moves_from(status)} == {"issue_notice"}


def test_every_status_has_a_name_and_every_condition_a_rule() -> None:
    assert set(STATUS_NAMES) == set(Status)
    assert {move.condition for move in MOVES} <= set(CONDITIONS)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.name}:{move.origin}")
def test_every_move_says_who_what_is_audited_and_what_the_resident_is_told(move: Move) -> None:
    assert move.who == SYSTEM or any(move.who in grants for grants in GRANTS.values())
    assert re.fullmatch(r"case\.[a-z_]+", move.audit)
    assert move.label
    if move.told:
        assert move.told in RESIDENTS_STATUSES
        assert f"residents.{move.told}" in catalog("yakuba.casework")


def test_moves_of_one_name_from_one_status_differ_in_their_condition() -> None:
    keys = [(move.name, move.origin, move.condition) for move in MOVES]
    assert len(keys) == len(set(keys))


def test_a_decision_stops_the_clock_and_a_correction_request_may_pause_it() -> None:
    for move in MOVES:
        if move.to in (Status.DECIDED, Status.REJECTED, Status.WITHDRAWN):
            assert move.clock == "stop"
        if move.to is Status.CORRECTION:
            assert move.clock == "pause"
    assert any(desk.pauses for desk in desks().values())


def test_only_moves_py_sets_a_cases_status() -> None:
    setters = [
        path.name
        for path in ROOM.rglob("*.py")
        if re.search(r"case\.status(, [\w.]+)* = |\.update\([^)]*\bstatus=", path.read_text())
    ]
    assert sorted(setters) == ["intake.py", "moves.py"]


def test_no_role_both_proposes_and_decides_by_itself() -> None:
    for grants in GRANTS.values():
        assert not {Permission.REVIEW, Permission.APPROVE} <= grants


def test_an_auditor_changes_nothing_and_an_administrator_sees_no_case() -> None:

    assert GRANTS[Role.AUDITOR] == {Permission.SEE_CASES, Permission.SEE_TRAIL}
    assert Permission.SEE_CASES not in GRANTS[Role.ADMIN]


def test_the_documented_table_is_the_one_that_runs() -> None:
    page = ROOM.parents[2] / "docs" / "casework.md"
    assert page.read_text("utf-8") == workflow_page(), "run: python scripts/write_casework_page.py"
