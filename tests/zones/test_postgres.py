"""By-laws of the embedded database: whoever started it sees that it is gone, however it went."""

import os
import signal
import tempfile
import time
from pathlib import Path

from yakuba.zones.postgres import Cluster


def gone(cluster: Cluster) -> bool:
    until = time.monotonic() + 30
    while not cluster.dead() and time.monotonic() < until:
        time.sleep(0.05)
    return cluster.dead()


def test_a_server_that_was_killed_or_went_by_itself_is_seen_as_gone_and_starts_again() -> None:
    with tempfile.TemporaryDirectory(prefix="yakuba-tests-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), durable=False)
        cluster.start()
        try:
            for deed in (signal.SIGKILL, signal.SIGINT):  # SIGINT: it ends by itself and takes its file away
                assert not cluster.dead()
                os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), deed)
                assert gone(cluster)
                cluster.start()
            assert not cluster.dead()
        finally:
            cluster.stop()
