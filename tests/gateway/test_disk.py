"""By-laws of the disk budget: what a day without the inner zones takes, and a word well before the disk is full."""

from pathlib import Path
from typing import Any

import pytest

from yakuba.gateway import checks, disk
from yakuba.gateway.disk import GIB, RESERVE, Disk


def test_the_budget_grows_with_households_files_and_sizes() -> None:
    one = disk.needed(100_000, 6, 3_000_000)
    assert one > 100_000 * 6 * 3_000_000
    assert disk.needed(200_000, 6, 3_000_000) - RESERVE == 2 * (one - RESERVE)
    assert disk.needed(100_000, 7, 3_000_000) > one
    assert disk.needed(100_000, 6, 3_000_001) > one


def test_what_is_said_to_fit_does_fit_and_one_more_does_not() -> None:
    free = 500 * GIB
    fitting = disk.fit(free, 6, 3_000_000)
    assert disk.needed(fitting, 6, 3_000_000) <= free < disk.needed(fitting + 1, 6, 3_000_000)
    assert disk.fit(GIB, 6, 3_000_000) == 0


@pytest.mark.parametrize(("free", "state"), [(31, "enough"), (29, "low"), (9, "alarm")])
def test_operators_are_warned_well_before_it_is_full(free: int, state: str) -> None:
    found = Disk(total=100 * GIB, free=free * GIB, database=GIB)
    assert found.state == state
    assert ("注意" in disk.in_words(found)) == (state == "low")
    assert ("警告" in disk.in_words(found)) == (state == "alarm")


@pytest.mark.django_db
def test_the_disk_is_looked_at_where_the_database_is_and_nothing_is_guessed(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATABASE_DISK = str(tmp_path)
    seen = disk.look()
    assert seen is not None
    assert 0 < seen.free <= seen.total
    assert seen.database > 0
    settings.DATABASE_DISK = ""
    assert disk.look() is None
    assert "分かりません" in disk.in_words(None)


def test_the_start_up_check_warns_of_a_full_disk(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_DISK = str(tmp_path)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _folder: type(
        "Usage", (), {"total": 100 * GIB, "free": 20 * GIB, "used": 80 * GIB})())  # fmt: skip
    assert [one.id for one in checks.disk()] == ["gateway.W004"]
