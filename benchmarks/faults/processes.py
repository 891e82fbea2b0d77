"""Processes that die: at random moments, at exact system calls; a database restarted."""

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.town import FaultTown, Load
from yakuba.zones.launcher.home import ZONES

PARTS = (
    "portal", "gateway-internet", "relay-internet", "worker-internet", "office", "gateway-lgwan", "relay-lgwan",
    "casework", "relay-mynumber", "worker-mynumber",
)  # fmt: skip
SERVERS = tuple(f"postgres-{zone}" for zone in ZONES)
# what carries a promise from one side to the other: requests and statements go out by write and sendto, come in by
# read and recvfrom; PostgreSQL makes it last by pwrite64 and fdatasync
_PLACES = (
    *((part, call) for part in ("portal", "gateway-internet", "gateway-lgwan", "relay-lgwan", "relay-mynumber")
      for call in ("sendto", "recvfrom", "write", "read")),
    *((server, call) for server in SERVERS for call in ("sendto", "recvfrom", "pwrite64", "fdatasync")),
)  # fmt: skip


def kill_at_random(town: FaultTown, chance: random.Random, load: Load) -> str:
    """kill -9 of one or several parts or whole database servers, four times or more, while applications come in."""
    killed = 0
    for step in range(4):
        load.wait_for((step + 1) * len(load.parcels) // 6)
        victims = chance.sample([*PARTS, *SERVERS], chance.choice((1, 1, 2, 4)))
        for victim in victims:
            town.kill(victim)
        killed += len(victims)
        time.sleep(chance.uniform(0.2, 1.5))
    return f"{killed} killed"


def kill_at_system_calls(town: FaultTown, chance: random.Random, load: Load) -> str:
    """kill -9 on entry to the n-th call of one kind in one part, by ptrace."""
    fired = []
    for step, (part, call) in enumerate(chance.sample(_PLACES, 4)):
        load.wait_for((step + 1) * len(load.parcels) // 6)
        with injected(town, part, call, f"signal=KILL:when={chance.randint(1, 12)}") as tracing:
            time.sleep(chance.uniform(1.5, 3.0))
        if tracing.hits:
            fired.append(f"{part} {call}")
    return f"{len(fired)} of 4 fired: {', '.join(fired)}"


def kill_brokers(town: FaultTown, chance: random.Random, load: Load) -> str:
    """kill -9 of one or two of the three NATS servers of each link, and of relays, four times."""
    killed = 0
    for step in range(4):
        load.wait_for((step + 1) * len(load.parcels) // 6)
        victims = [
            f"broker-{outer}-node{number}"
            for outer in ("internet", "lgwan")
            for number in chance.sample((1, 2, 3), chance.choice((1, 1, 2)))
        ]
        victims += chance.sample(
            ("relay-internet", "relay-lgwan", "relay-mynumber"), chance.choice((0, 1, 2))
        )
        for victim in victims:
            town.kill(victim)
        killed += len(victims)
        time.sleep(chance.uniform(0.5, 3.0))
    return f"{killed} killed"


def restart_databases(town: FaultTown, chance: random.Random, load: Load) -> str:
    """Each zone's PostgreSQL stopped once, and started again by the launcher; some in the middle of everything (immediate), some politely (fast)."""
    for step, zone in enumerate(chance.sample(ZONES, 3)):
        load.wait_for((step + 1) * len(load.parcels) // 5)
        cluster, mode = town.cluster(zone), chance.choice(("immediate", "fast"))
        cluster._run("pg_ctl", "-D", str(cluster.data), "-m", mode, "-w", "-t", "60", "stop")
        while not cluster.running():  # the launcher starts it again
            time.sleep(0.1)
    return "3 restarts"


def fail_fsync(town: FaultTown, chance: random.Random, load: Load) -> str:
    """EIO from one fdatasync or fsync of each zone's PostgreSQL."""
    fired = []
    for step, server in enumerate(chance.sample(SERVERS, 3)):
        load.wait_for((step + 1) * len(load.parcels) // 5)
        call = chance.choice(("fdatasync", "fdatasync", "fsync"))
        with injected(town, server, call, f"error=EIO:when={chance.randint(1, 5)}") as tracing:
            if call == "fsync":
                zone = server.removeprefix("postgres-")
                with suppress(Exception):  # that it fails is the fault
                    town.run(zone, "CHECKPOINT")
            time.sleep(chance.uniform(1.5, 3.0))
        if tracing.hits:
            fired.append(f"{server} {call}")
    return f"{len(fired)} of 3 fired: {', '.join(fired)}"


@dataclass
class Tracing:
    """What strace has done; known when it has let go."""

    hits: int = 0


@contextmanager
def injected(town: FaultTown, part: str, call: str, what: str) -> Iterator[Tracing]:
    """While open, strace spoils a system call of all of a part's processes and threads."""
    if not shutil.which("strace"):
        raise RuntimeError("strace is not installed (scripts/debian-packages.sh installs it)")
    tracing = Tracing()
    with tempfile.TemporaryDirectory(prefix="yakuba-strace-") as folder:
        log = Path(folder) / "log"
        pids = [word for pid in town.group(part) for word in ("-p", str(pid))]
        tell = ["-f", "-q", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={call}:{what}"]
        tracer = subprocess.Popen(
            ["strace", *tell, *pids], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield tracing
        finally:
            tracer.terminate()  # it lets go of what it traced
            tracer.wait(30)
            text = log.read_text(errors="replace") if log.exists() else ""
            tracing.hits = text.count("(INJECTED)") + text.count("killed by SIGKILL")
