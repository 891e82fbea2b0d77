"""What a round of faults must not pass over, though every application arrived in the end."""

from benchmarks.faults.delivery import held_up
from benchmarks.faults.kinds import faults
from benchmarks.faults.page import NEVER, Row, page
from benchmarks.faults.tally import Tally
from benchmarks.faults.town import Round

ALL_ARRIVED = Tally(tried=2, shown=2, recorded=2, desk=2)


def test_no_more_may_be_held_back_than_was_spoiled() -> None:
    assert held_up(2, {"A", "B"}, "GOOD") == ""
    assert held_up(2, {"A", "B", "C"}, "GOOD") == "2 spoiled, but 3 held back"


def test_what_is_handed_in_after_something_was_spoiled_may_not_be_held_back_by_it() -> None:
    assert "was held up" in held_up(3, {"GOOD"}, "GOOD")


def test_a_promise_broken_on_the_way_is_told_though_all_arrived() -> None:
    fault = faults()[0]
    good = Round(ALL_ARRIVED, "3 spoiled", 1.0, 1.0)
    bad = Round(ALL_ARRIVED, "1 spoiled, but 2 held back", 1.0, 1.0, "1 spoiled, but 2 held back")
    assert Row(fault, [good]).kept
    row = Row(fault, [good, bad])
    assert not row.kept
    assert "FAILED: 1 spoiled, but 2 held back" in row.markdown()
    assert "FAILED: 1 spoiled, but 2 held back" in row.line()


def test_the_page_keeps_the_lines_of_what_did_not_run_here() -> None:
    first, second = faults()[:2]
    ran = [Row(fault, [Round(ALL_ARRIVED, "done", 1.0, 1.0)], when="that day") for fault in (first, second)]
    before = page(ran)
    anew = Row(first, [Round(ALL_ARRIVED, "done otherwise", 1.0, 1.0)], when="this day")
    after = page([anew, Row(second, [], NEVER)], before)
    assert f"- {second.words} (that day): done\n" in after
    assert f"- {first.words} (this day): done otherwise\n" in after
    assert ran[1].markdown() in after
    assert NEVER not in after
