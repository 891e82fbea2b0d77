"""One running town hall for all tests of this folder: the real `yakuba run`, with its own home and ports."""

from collections.abc import Iterator

import pytest
from benchmarks.driver.running import RunningTown, open_folder, start_town, stop_town


@pytest.fixture(scope="session")
def town() -> Iterator[RunningTown]:
    """The town hall, started once for the worker that runs these tests."""
    with open_folder() as folder:
        running = start_town(folder / "home", residents=300)
        yield running
        stop_town(running)
        assert running.process.returncode == 0, (running.home / "run.log").read_text()
