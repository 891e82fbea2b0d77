"""Periodic jobs by a clock that may be set: only the newest moment that is due counts.

procrastinate makes up for every moment since the last one it has seen. A clock that was two years ahead for a second
left a hundred thousand jobs before all others, and, once it was right again, no periodic job until those two years were
over. Our sweeps do whatever is left to do, so one of them is as good as many.
"""

from collections.abc import Iterable

from procrastinate import periodic
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask


class NewestTick(PeriodicDeferrer):  # type: ignore[misc]
    """Defers the newest moment at or before now; the database refuses the one it has already."""

    def get_timestamps(self, periodic_task: PeriodicTask, since: int | None, until: float) -> Iterable[int]:
        """The newest moment, unless it is too long ago; what was last deferred does not matter."""
        return super().get_timestamps(periodic_task, None, until)  # type: ignore[no-any-return]


def only_the_newest() -> None:
    """Every worker of this process defers so. procrastinate has no setting for it."""
    periodic.PeriodicDeferrer = NewestTick
