"""All faults, by name: what is done, on what kind of town."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults import clock, delivery, network, processes, storage
from benchmarks.faults.town import Disturb, FaultTown
from yakuba.gateway.checks import JETSTREAM


def _never() -> str:
    return ""


@contextmanager
def plain(folder: Path) -> Iterator[FaultTown]:
    """A town in an ordinary folder."""
    yield from _town(folder / "home")


@contextmanager
def over_jetstream(folder: Path) -> Iterator[FaultTown]:
    """A town whose links are NATS JetStream clusters."""
    os.environ["YAKUBA_RELAY"] = JETSTREAM
    try:
        yield from _town(folder / "home")
    finally:
        del os.environ["YAKUBA_RELAY"]


@contextmanager
def on_small_tmpfs(folder: Path) -> Iterator[FaultTown]:
    """A town on a small tmpfs."""
    with storage.small_tmpfs(folder) as home:
        yield from _town(home)


@contextmanager
def on_own_disk(folder: Path) -> Iterator[FaultTown]:
    """A town on ext4 over a file."""
    with storage.own_disk(folder) as home:
        yield from _town(home / "home")


@contextmanager
def under_faked_clock(folder: Path) -> Iterator[FaultTown]:
    """A town whose clock can be set."""
    with clock.faked(folder) as inside:
        yield from _town(folder / "home", inside)


def _town(home: Path, inside: tuple[str, ...] = ()) -> Iterator[FaultTown]:
    town = FaultTown(home, inside=inside)
    try:
        yield town
    finally:
        town.stop()


Ground = Callable[[Path], AbstractContextManager[FaultTown]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    name: str
    words: str
    disturb: Disturb
    ground: Ground = plain
    why_not: Callable[[], str] = _never
    count: int = 24
    seeds: int = 5
    pause: float = 0.1


def faults(partition_seconds: float = 300.0) -> tuple[Fault, ...]:
    """Every kind, those of one ground together so that a town is started once for them."""
    short = min(20.0, partition_seconds)
    return (
        Fault("kill", "kill -9 of parts and database servers at random moments", processes.kill_at_random),
        Fault(
            "syscall",
            "kill -9 at the n-th system call of a kind (ptrace)",
            processes.kill_at_system_calls,
            seeds=10,
        ),
        Fault("eio", "EIO from fdatasync or fsync of each zone's PostgreSQL", processes.fail_fsync),
        Fault(
            "restart",
            "each zone's PostgreSQL stopped (immediate, fast), started by the launcher",
            processes.restart_databases,
        ),
        Fault("twice", "messages delivered again, in any order", delivery.deliver_twice_and_in_any_order),
        Fault("receipts", "half of the receipts lost", delivery.lose_receipts),
        Fault("at-rest", "a bit of stored messages and files changed", delivery.spoil_at_rest),
        Fault("loss", "a fifth to two fifths of packets between zones lost", network.packet_loss(short)),
        Fault("wire", "bits flipped and connections cut between zones", network.spoil_on_the_wire(short)),
        Fault(
            "partition",
            "links between zones cut",
            network.partition(partition_seconds),
            seeds=2,
            count=100,
            pause=partition_seconds / 100,
        ),
        Fault(
            "both-links",
            "both links between zones cut at once",
            network.cut_both(short),
            seeds=3,
            pause=short / 24,
        ),
        Fault(
            "broker", "NATS servers of both links and relays killed", processes.kill_brokers, over_jetstream
        ),
        Fault(
            "stream",
            "a bit of the files in which NATS servers keep their streams changed",
            delivery.spoil_streams,
            over_jetstream,
        ),
        Fault("full", "disk full (small tmpfs)", storage.fill_the_disk, on_small_tmpfs),
        Fault(
            "power",
            "power cut (ext4, what had reached the disk)",
            storage.cut_the_power,
            on_own_disk,
            storage.why_not,
            seeds=4,
        ),
        Fault(
            "clock",
            "wall clocks jump (a library before every process)",
            clock.jump,
            under_faked_clock,
            clock.why_not,
        ),
        Fault(
            "zone-clock",
            "the wall clock of one zone alone jumps, each zone's in turn",
            clock.jump_one_zone,
            under_faked_clock,
            clock.why_not,
        ),
    )
