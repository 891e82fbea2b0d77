"""The relay as a state machine on the real code and real PostgreSQL: three zones, a link that loses, repeats and reorders,
and a crash between any two steps. Whatever order hypothesis finds, each message takes effect once, unchanged, and a
receipt is never untrue.

More examples: ``MODEL_EXAMPLES=2000 pytest tests/gateway/test_relay_model.py``.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now
from yakuba.base.ids import uuid7
from yakuba.base.tenancy import under
from yakuba.gateway import exchange, handlers, inbox, outbox, repair, served, transit, wire
from yakuba.gateway.envelope import ZONES, Envelope
from yakuba.gateway.errors import BrokenMessage
from yakuba.gateway.wire import Parcel
from yakuba.zones.postgres import Cluster

TOWNS = ("143014", "143421")
HOPS = (("internet", "lgwan"), ("lgwan", "mynumber"), ("mynumber", "lgwan"), ("lgwan", "internet"))
EFFECTS = "CREATE TABLE IF NOT EXISTS model_effect (message uuid, town text, number bigint, body text)"


class Crash(BaseException):
    """kill -9, at this very step."""


class Zone(DatabaseWrapper):
    """A zone's database, whose user can be made to die at the n-th step: a statement, or before or after a commit."""

    dies_in = 0
    dead = False

    def step(self) -> None:
        if self.dies_in:
            self.dies_in -= 1
            if not self.dies_in:
                self.dead = True
                self.connection.close()  # as the system does for a process that is gone
                raise Crash

    def _commit(self) -> None:
        self.step()
        super()._commit()
        self.step()


def _leave_alone(cluster: Cluster) -> None:
    """Nobody is connected to the database that is copied: threads of servers that other tests ran may still be."""
    connections.close_all()
    with cluster.as_superuser("postgres").connect() as database:
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tests' AND pid <> pg_backend_pid()"
        )


class World:
    """Three zones in this process: whoever acts sees its own zone's database and settings."""

    def __init__(self, cluster: Cluster) -> None:
        self.zones: dict[str, Zone] = {}
        _leave_alone(cluster)
        for zone in ZONES:
            cluster.ensure_database(f"model_{zone}", template="tests")
            with cluster.as_superuser(f"model_{zone}").connect() as database:
                database.execute(EFFECTS)
                database.execute("GRANT ALL ON model_effect TO yakuba_app")
            values = {**connections["default"].settings_dict, "NAME": f"model_{zone}", "CONN_MAX_AGE": None}
            self.zones[zone] = Zone(values)

    @contextmanager
    def within(self, zone: str, crash_at: int = 0) -> Iterator[None]:
        """Act in ``zone``, and die at the step ``crash_at`` (0: live)."""
        before, here = connections["default"], django_settings.ZONE
        database = self.zones[zone]
        connections["default"], django_settings.ZONE = database, zone  # type: ignore[assignment]
        served._noted.clear()
        database.dies_in = 0
        database.ensure_connection()
        database.dies_in = crash_at
        try:
            with database.execute_wrapper(_counted):
                yield
        except (Crash, DatabaseError, InterfaceError):
            if not database.dead:
                raise
            database.close()
            self.zones[zone] = Zone(database.settings_dict)
        finally:
            database.dies_in = 0
            connections["default"], django_settings.ZONE = before, here

    def rows(self, zone: str, query: str) -> list[tuple[Any, ...]]:
        with self.within(zone), connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall()) if cursor.description else []

    def all_towns(self, zone: str, query: str) -> list[tuple[Any, ...]]:
        """The rows of a table that is under row-level security."""
        found = []
        for town in TOWNS:
            with self.within(zone), under(town), connection.cursor() as cursor:
                cursor.execute(query)
                found += cursor.fetchall()
        return found


def _counted(execute: Callable[..., Any], query: Any, parameters: Any, many: bool, context: Any) -> Any:
    context["connection"].step()
    return execute(query, parameters, many, context)


@dataclass(frozen=True)
class InFlight:
    """Bytes under way: an offer, or the answer to one."""

    sender: str
    recipient: str
    data: bytes
    answer: bool


PLACE = st.integers(
    0, 2**16
)  # taken modulo what there is: lengths differ from run to run, what is drawn may not
CRASH = st.one_of(st.just(0), st.just(0), st.integers(1, 14))


class Relay(RuleBasedStateMachine):
    """What may happen, in any order."""

    world: ClassVar[World]
    numbers: ClassVar[int] = 0
    found: ClassVar[list[str]] = []  # what was found out, before hypothesis looks for the shortest way to it

    def __init__(self) -> None:
        super().__init__()
        self.link: list[InFlight] = []
        self.tried: dict[int, str] = {}
        self.shown: set[int] = set()
        self.first = Relay.numbers
        for zone in ZONES:  # what an earlier run has left unfinished is not this one's
            for table in ("gateway_pending", "gateway_slip"):
                self.world.rows(zone, f"DELETE FROM {table}")

    @rule(
        text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
        town=st.sampled_from(TOWNS),
        crash=CRASH,
    )
    def post(self, text: str, town: str, crash: int) -> None:
        """A resident sends; whoever sees the end of it has a receipt number."""
        number = Relay.numbers = Relay.numbers + 1
        self.tried[number] = text
        body = {"number": number, "text": text}
        with self.world.within("internet", crash):
            with under(town):
                message = Envelope(uuid7(), town, "model.note", "internet", "mynumber", now(), body)
                outbox.post(message, AuditEvent("resident:test", "test.posted", str(message.id), town))
            self.shown.add(number)

    @rule(hop=st.sampled_from(HOPS), crash=CRASH)
    def offer(self, hop: tuple[str, str], crash: int) -> None:
        """What waits is put on the wire."""
        with self.world.within(hop[0], crash):
            parcel = exchange.offer(hop[1])
            if parcel:
                self.link.append(InFlight(*hop, wire.pack(parcel), answer=False))

    @rule(hop=st.sampled_from(HOPS), answered=st.booleans(), crash=st.integers(0, 24))
    def pass_on(self, hop: tuple[str, str], answered: bool, crash: int) -> None:
        """What waits goes over in one piece, as it nearly always does; the answer may be lost, or the one who takes it in
        may die over it. Without this the machine seldom comes as far as the last zone, and never twice."""
        with self.world.within(hop[0]):
            parcel = exchange.offer(hop[1])
        if not parcel:
            return
        answer = None
        with self.world.within(hop[1], crash):
            answer = exchange.take_in(wire.unpack(wire.pack(parcel)))
        if answer is not None and answered:
            with self.world.within(hop[0]):
                exchange.note_taken(answer, hop[1])

    @precondition(lambda self: self.link)
    @rule(data=st.data(), keep=st.booleans(), crash=CRASH)
    def deliver(self, data: st.DataObject, keep: bool, crash: int) -> None:
        """Something under way arrives, in any order; kept, it will arrive again."""
        place = data.draw(PLACE) % len(self.link)
        self._arrive(self.link[place] if keep else self.link.pop(place), crash)

    def _arrive(self, thing: InFlight, crash: int = 0) -> None:
        with self.world.within(thing.recipient, crash):
            parcel = wire.unpack(thing.data)
            if thing.answer:
                exchange.note_taken(parcel, thing.sender)
            else:
                answer = wire.pack(exchange.take_in(parcel))
                self.link.append(InFlight(thing.recipient, thing.sender, answer, answer=True))

    @precondition(lambda self: self.link)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        self.link.pop(data.draw(PLACE) % len(self.link))

    @precondition(lambda self: any(not thing.answer for thing in self.link))
    @rule(data=st.data())
    def spoil(self, data: st.DataObject) -> None:
        """A changed copy arrives: whatever comes of it, it is not believed."""
        offers = [thing for thing in self.link if not thing.answer]
        thing = offers[data.draw(PLACE) % len(offers)]
        bad = bytearray(thing.data)
        bad[data.draw(PLACE) % len(bad)] ^= 1 << data.draw(st.integers(0, 7))
        with self.world.within(thing.recipient):
            try:
                parcel = wire.unpack(bytes(bad))
            except BrokenMessage:
                return
            exchange.take_in(parcel)  # its answer does not get back

    @rule(crash=CRASH)
    def five_minutes_pass(self, crash: int) -> None:
        """Without a receipt the sender delivers again."""
        self._all_due()
        with self.world.within("internet", crash):
            outbox.remind()
        with self.world.within("mynumber", crash):
            inbox.retry_due()

    def _all_due(self) -> None:
        for zone in ZONES:
            self.world.rows(zone, "UPDATE gateway_pending SET due_at = now()")

    @invariant()
    def each_message_has_taken_effect_at_most_once_and_unchanged(self) -> None:
        effects = self._effects()
        numbers = [number for number, _text in effects]
        self.holds(len(numbers) == len(set(numbers)), "twice")
        self.holds(all(self.tried[number] == text for number, text in effects), "changed")

    def holds(self, true: bool, otherwise: str) -> None:
        if not true:
            Relay.found.append(otherwise)
        assert true, otherwise

    @invariant()
    def a_receipt_is_true_and_what_was_promised_is_kept(self) -> None:
        taken = {number for number, _text in self._effects()}
        sent = self._sent()
        self.holds(self.shown <= set(sent), "a receipt number was shown for nothing")
        self.holds(taken <= set(sent), "an effect of something that was never sent")
        delivered = {number for number, state in sent.items() if state == "delivered"}
        self.holds(delivered <= taken, "an untrue receipt")

    def _effects(self) -> list[tuple[int, str]]:
        found = self.world.rows(
            "mynumber", f"SELECT number, body FROM model_effect WHERE number > {self.first}"
        )
        return [(row[0], row[1]) for row in found]

    def _sent(self) -> dict[int, str]:
        rows = self.world.all_towns(
            "internet",
            "SELECT (convert_from(document, 'UTF8')::jsonb #>> '{body,number}')::bigint, state FROM gateway_outbox",
        )
        return {number: state for number, state in rows if number > self.first}

    def teardown(self) -> None:
        """The link works again: all that was sent is delivered, once."""
        for _ in range(30):
            self._all_due()
            for zone, act in (("internet", outbox.remind), ("mynumber", inbox.retry_due)):
                with self.world.within(zone):
                    act()
            for zone in ZONES:
                self._try_again_what_was_set_aside(zone)
            for hop in HOPS:
                self.offer_all(hop)
            if self._quiet():
                break
        sent = self._sent()
        self.holds(set(sent.values()) <= {"delivered"}, "not delivered in the end")
        self.holds(
            sorted(number for number, _text in self._effects()) == sorted(sent), "not each of them once"
        )
        self.each_message_has_taken_effect_at_most_once_and_unchanged()

    def _try_again_what_was_set_aside(self, zone: str) -> None:
        with self.world.within(zone):
            for item in repair.dead():
                repair.retry(item.message, "operator:test")

    def offer_all(self, hop: tuple[str, str]) -> None:
        """An undisturbed exchange."""
        answer = Parcel()
        with self.world.within(hop[0]):
            parcel = exchange.offer(hop[1])
        with self.world.within(hop[1]):
            answer = exchange.take_in(wire.unpack(wire.pack(parcel))) if parcel else Parcel()
        with self.world.within(hop[0]):
            exchange.note_taken(answer, hop[1])

    def _quiet(self) -> bool:
        return not any(
            self.world.rows(
                zone, "SELECT 1 FROM gateway_pending UNION ALL SELECT 1 FROM gateway_slip LIMIT 1"
            )
            for zone in ZONES
        )


def _take_effect(envelope: Envelope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO model_effect VALUES (%s, %s, %s, %s)",
            [envelope.id, envelope.municipality, envelope.body["number"], envelope.body["text"]],
        )


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        connections.close_all()
        made = Relay.world = World(cluster)
        yield made
        for zone in made.zones.values():
            zone.close()


@pytest.fixture(autouse=True)
def handles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_handlers", {"model.note": _take_effect})


def run(examples: int, phases: tuple[Phase, ...]) -> None:
    run_state_machine_as_test(
        Relay,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, derandomize=True, database=None,
            phases=phases, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_whatever_is_lost_repeated_reordered_or_crashes_each_message_takes_effect_once() -> None:
    run(int(os.environ.get("MODEL_EXAMPLES", "25")), tuple(Phase))


# -- teeth: a relay with a fault planted in it must be found out by the same machine -------------


def _handled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second delivery takes effect again."""
    monkeypatch.setattr(inbox, "_receipt_again", inbox._handle)


def _effect_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect is committed before the inbox row: killed between the two (here each first time), it comes again."""
    killed: set[uuid.UUID] = set()

    def at_once(envelope: Envelope) -> None:
        zone = connections["default"]
        assert isinstance(zone, Zone)
        database = DatabaseWrapper(zone.settings_dict)
        with database.cursor() as cursor:
            values = [envelope.id, envelope.municipality, envelope.body["number"], envelope.body["text"]]
            cursor.execute("INSERT INTO model_effect VALUES (%s, %s, %s, %s)", values)
        database.close()
        if envelope.id not in killed:
            killed.add(envelope.id)
            zone.dies_in = 1
            zone.step()

    monkeypatch.setattr(handlers, "_handlers", {"model.note": at_once})


def _receipt_without_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt is given for what was never handled."""
    monkeypatch.setattr(handlers, "_handlers", {"model.note": lambda _envelope: None})


def _taken_and_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The zone in the middle says it has the message, and keeps nothing."""
    monkeypatch.setattr(transit, "take_in", lambda _envelope, _message: None)


def _altered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes effect is not word for word what was sent."""

    def tidied(envelope: Envelope) -> None:
        body = {**envelope.body, "text": str(envelope.body["text"]).strip()[:8]}
        _take_effect(replace(envelope, body=body))

    monkeypatch.setattr(handlers, "_handlers", {"model.note": tidied})


def _forgotten_when_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message leaves the list when it is put on the wire, and not when the neighbour has it."""
    real = exchange.offer

    def offer(hop: str) -> Parcel:
        parcel = real(hop)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM gateway_pending WHERE queue = %s", [hop])
        return parcel

    monkeypatch.setattr(exchange, "offer", offer)


@pytest.mark.parametrize(
    "plant",
    [
        _handled_again,
        _effect_by_itself,
        _receipt_without_effect,
        _taken_and_dropped,
        _altered,
        _forgotten_when_offered,
    ],
)
def test_a_relay_with_a_fault_is_found_out(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    Relay.found.clear()
    # Flaky: it was found out, and a second look at the same steps went another way (a crash falls on another statement)
    with pytest.raises((AssertionError, BaseExceptionGroup, Flaky)):
        run(60, (Phase.generate,))
    assert Relay.found
