"""The capacity page is arithmetic over what was measured, and says so where something was not."""

from pathlib import Path

import pytest
from benchmarks import results
from benchmarks.results import Figure, Machine, Results, kept
from scripts.write_capacity_page import NotMeasured, page, plan

from tests.house.test_house import ROOT

MACHINE = Machine("CPU", 2, 8.0, "Linux", "3.11", 0.1)
WAY = "64 clients, without sanitising"
MEASURED = {
    "whole_way": Results("whole_way", "2026-01-02T03:04:05+00:00", MACHINE, [
        Figure("16 clients, without sanitising", {"per_second": 9, "cpu_ms": 80, "lost": 0, "double": 0}),
        Figure(WAY, {"per_second": 9, "cpu_ms": 100, "lost": 0, "double": 0}),
        Figure(f"{WAY}: database of mynumber grows by", {"bytes": 500_000}),
    ]),
    "relay": Results("relay", "2026-01-02T03:04:05+00:00", MACHINE, [
        Figure("sanitise: decode in the cell", {"per_second": 9, "cpu_ms": 100}),
        Figure("bare INSERT + fsync of 400,000 bytes, one zone", {"per_second": 9, "cpu_ms": 5}),
    ]),
}  # fmt: skip


def test_the_plan_follows_from_the_figures() -> None:
    it = plan(MEASURED)
    assert it.peak == pytest.approx(95.13, abs=0.01)  # 100,000,000 / 31,536,000 * 30
    assert it.cores == pytest.approx(38.05, abs=0.01)  # 95.13 * 0.2 s / 0.5
    assert it.machines == 3
    assert it.terabytes == 250
    assert it.cells == 125
    assert "of 14 municipalities each" in page(MEASURED)


def test_what_was_not_measured_is_named_and_nothing_is_made_up() -> None:
    with pytest.raises(NotMeasured, match="python -m benchmarks relay"):
        plan({"whole_way": MEASURED["whole_way"]})
    assert "with sanitising was not measured" in page(MEASURED)


def test_results_are_kept_figure_by_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    made = Results("probe", machine=MACHINE)
    made.add("one", {"cpu_ms": 1.0})
    made.add("one", {"cpu_ms": 2.0}, "again")
    [back] = kept(tmp_path)
    assert back.figures == [Figure("one", {"cpu_ms": 2.0}, "again")]
    assert back.machine == MACHINE


def test_the_page_in_the_docs_says_when_and_on_what_machine() -> None:
    text = (ROOT / "docs" / "capacity.md").read_text()
    assert "Made by `scripts/write_capacity_page.py`" in text
    assert "cores, " in text
    assert "A plan, not a proof" in text
