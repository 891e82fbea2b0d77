"""By-laws of periodic jobs: a clock that is set, by whatever, leaves neither a heap of jobs nor none at all."""

from datetime import UTC, datetime

import procrastinate.periodic
import pytest
from procrastinate.periodic import PeriodicTask

from yakuba.base.ticks import NewestTick
from yakuba.casework import tasks

NOW = datetime(2026, 11, 27, 10, 7, tzinfo=UTC).timestamp()
YEAR = 365 * 86_400
TEN_PAST = int(datetime(2026, 11, 27, 10, 0, tzinfo=UTC).timestamp())


def sweep() -> PeriodicTask:
    registry = tasks.app.periodic_registry
    return next(one for one in registry.periodic_tasks.values() if one.task.name == "casework.verify_again")


@pytest.mark.parametrize("seen", [None, TEN_PAST - 600, TEN_PAST - 2 * YEAR, TEN_PAST + 2 * YEAR])
def test_whatever_the_clock_said_before_the_newest_moment_is_due(seen: int | None) -> None:
    deferrer = NewestTick(tasks.app.periodic_registry)
    assert list(deferrer.get_timestamps(sweep(), seen, NOW)) == [TEN_PAST]


def test_a_moment_long_past_is_not_made_up_for() -> None:
    nightly = next(
        one for one in tasks.app.periodic_registry.periodic_tasks.values()
        if one.task.name == "casework.evidence_renewal"
    )  # fmt: skip
    assert list(NewestTick(tasks.app.periodic_registry).get_timestamps(nightly, None, NOW)) == []


def test_workers_defer_so_and_a_sweep_waits_once_at_most() -> None:
    assert procrastinate.periodic.PeriodicDeferrer is NewestTick
    assert all(one.task.queueing_lock for one in tasks.app.periodic_registry.periodic_tasks.values())
