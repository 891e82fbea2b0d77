"""The town hall that faults are done to: applications are handed in all the while, like residents who try again."""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from psycopg.errors import DeadlockDetected

from benchmarks.driver.parcels import Parcel, make, post, session, signers
from benchmarks.driver.running import RunningTown, start_town, stop_town
from benchmarks.faults import pids
from benchmarks.faults.tally import Database, Tally, arrived, recorded, tally
from yakuba.demo.cast import CastMember
from yakuba.zones.launcher.home import ZONES
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.play.browser import PageProblem
from yakuba.zones.postgres import Cluster

PATIENCE = 240.0
_GIVE_UP = 0.25


def page(number: int) -> bytes:
    """A PDF that looks like no other one, so that each is a file of its own also after it has been drawn anew."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
        % (300 + number)
    )


class FaultTown:
    """A running town hall, its processes and databases.

    Args:
        running: one that is up already (the tests' own), or ``None`` to start one in ``home``.
    """

    def __init__(self, home: Path, running: RunningTown | None = None, inside: tuple[str, ...] = ()) -> None:
        self.home, self._inside = home, inside
        self.running = running or start_town(home, residents=100, inside=inside)

    # -- its processes --------------------------------------------------------------------------

    def parts(self) -> dict[str, int]:
        """The launcher's children by the name of their log: each leads a process group."""
        children = [pid for pid in pids.all_of_them() if pids.parent(pid) == self.running.process.pid]
        return {log: pid for pid in children if (log := pids.log_of(pid))}

    def group(self, part: str) -> list[int]:
        """All processes of a part, or of a zone's database server (``postgres-<zone>``)."""
        if part.startswith("postgres-"):
            return pids.of_server(self.cluster(part.removeprefix("postgres-")))
        leader = self.parts().get(part)
        return [pid for pid in pids.all_of_them() if leader and pids.group(pid) == leader]

    def kill(self, part: str) -> None:
        """kill -9 of all of a part at once."""
        pids.tell(self.group(part), signal.SIGKILL)

    @contextmanager
    def standing_still(self, part: str) -> Iterator[None]:
        """The part does not move while this is open (SIGSTOP)."""
        those = self.group(part)
        pids.tell(those, signal.SIGSTOP)
        try:
            yield
        finally:
            pids.tell(those, signal.SIGCONT)

    def everything(self) -> list[int]:
        """The launcher, all parts, all database servers."""
        found = [self.running.process.pid]
        for part in [*self.parts(), *(f"postgres-{zone}" for zone in ZONES)]:
            found += self.group(part)
        return found

    def start_again(self) -> None:
        """The power is back."""
        self.running = start_town(self.home, base=self.running.base, inside=self._inside)

    def stop(self) -> None:
        """Ctrl-C."""
        stop_town(self.running)

    # -- its databases --------------------------------------------------------------------------

    def cluster(self, zone: str) -> Cluster:
        """A zone's database server."""
        return Cluster(self.home / zone / "postgres")

    def database(self, zone: str) -> Database:
        """A zone's database as its administrator sees it, past row-level security."""
        return self.cluster(zone).as_superuser(DATABASE).connect()

    def run(self, zone: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """One statement there; again where it got into a deadlock with the town's own."""
        while True:
            with suppress(DeadlockDetected), self.database(zone) as database:
                found = database.execute(statement.encode(), parameters)
                return list(found.fetchall()) if found.description else []

    def wait_while(self, zone: str, statement: str, patience: float = PATIENCE) -> None:
        """Until the statement finds nothing there."""
        until = time.monotonic() + patience
        while self.run(zone, statement) and time.monotonic() < until:
            time.sleep(0.2)

    # -- a round --------------------------------------------------------------------------------

    def round(self, disturb: "Disturb", seed: int, count: int, pause: float = 0.1) -> "Round":
        """Hand in ``count`` applications, ``pause`` seconds apart on average, while ``disturb`` does its worst; then wait until all is quiet, and count.

        ``disturb`` returns what it did, and leaves the town as it would be after the fault has been put right.
        """
        chance = random.Random(seed)
        people = signers(self.running.ready)
        parcels = [
            make(self.running.ready, page(number), 1, [people[number % len(people)]])[0]
            for number in range(count)
        ]
        load = Load(self, parcels, people, random.Random(seed + 1000), pause=pause)
        began = time.monotonic()
        load.start()
        failure = ""
        try:
            note = disturb(self, chance, load)
        except PromiseBroken as broken:
            note = failure = str(broken)
        load.join()
        over = time.monotonic()
        self.settle(parcels)
        with self.database("internet") as portal, self.database("mynumber") as desk:
            counted = tally(portal, desk, parcels, load.shown)
        return Round(counted, note, over - began, time.monotonic() - over, failure)

    def settle(self, parcels: Sequence[Parcel], patience: float = PATIENCE) -> None:
        """Wait until everything recorded is on the desk, or it has clearly not come."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                with self.database("internet") as portal, self.database("mynumber") as desk:
                    if recorded(portal, parcels) <= arrived(desk, parcels):
                        return
            except Exception:  # noqa: BLE001 - a database that is only just coming up again
                time.sleep(1)
            time.sleep(0.2)


class PromiseBroken(Exception):
    """A fault had an effect that it must not have and that the counts at the end do not show. The town is whole again."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round showed: counts, what was done, seconds of the fault, seconds until all had arrived after it, and what
    was not kept though everything arrived in the end."""

    tally: Tally
    note: str
    seconds: float
    drain: float
    failure: str = ""

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return self.tally.kept and not self.failure


@dataclass
class Load:
    """Residents who hand in one application after another, the next person each time (the portal takes only so many of
    one card in ten minutes); a quarter of them give up at the first error, the others try again until they see a receipt
    number.

    Attributes:
        people: who signed the parcels, in turn.
    """

    town: FaultTown
    parcels: list[Parcel]
    people: Sequence[CastMember]
    chance: random.Random
    shown: set[str] = field(default_factory=set)
    pause: float = 0.1

    def start(self) -> None:
        """Sign in, then hand in from a thread."""
        self._clients = [session(self.town.running.ready, one) for one in self.people]
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._done = 0
        self._thread.start()

    def join(self) -> None:
        """Wait until the last one has been handed in.

        Raises:
            AssertionError: they could not be handed in for another reason than the fault; the round shows nothing.
        """
        self._thread.join()
        for client in self._clients:
            client.close()
        if self._trouble:
            raise self._trouble

    @property
    def running(self) -> bool:
        """Whether there is more to hand in."""
        return self._thread.is_alive()

    def progress(self) -> int:
        """How many have been dealt with."""
        return self._done

    def wait_for(self, count: int) -> None:
        """Until that many have been dealt with."""
        while self._done < min(count, len(self.parcels)) and self.running:
            time.sleep(0.02)

    def one_more(self) -> Parcel:
        """After the last one another is handed in, patiently; it is counted with the others."""
        ready, number = self.town.running.ready, len(self.parcels)
        person = number % len(self.people)
        parcel = make(ready, page(number), 1, [self.people[person]])[0]
        self.parcels.append(parcel)
        with session(ready, self.people[person]) as self._clients[person]:
            self._hand_in(parcel, person, patient=True)
        return parcel

    def _run(self) -> None:
        try:
            for number, parcel in enumerate(self.parcels):
                self._hand_in(parcel, number % len(self.people), patient=self.chance.random() > _GIVE_UP)
                self._done += 1
                time.sleep(self.chance.uniform(0, 2 * self.pause))
        except Exception as trouble:  # noqa: BLE001 - told by join, in the thread that counts
            self._trouble = trouble

    def _sign_in_again(self, person: int) -> None:
        """A session may end by the fault (a clock that jumps); whoever is patient signs in anew."""
        with suppress(httpx.HTTPError, AssertionError, PageProblem):
            anew = session(self.town.running.ready, self.people[person])
            self._clients[person].close()
            self._clients[person] = anew

    def _hand_in(self, parcel: Parcel, person: int, *, patient: bool) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = post(self._clients[person], parcel)
            except httpx.HTTPError:
                pass
            else:
                if answer.status_code == 201:
                    self.shown.add(str(answer.json()["receipt_number"]))
                    return
                if answer.status_code == 429:
                    raise AssertionError("the rate limit, not the fault, stopped this round")
                if answer.status_code in (401, 403):
                    self._sign_in_again(person)
            if not patient:
                return
            time.sleep(0.5)


Disturb = Callable[[FaultTown, random.Random, Load], str]
"""Does a fault while applications come in; returns what it did, and leaves the town as after the fault was put right."""
