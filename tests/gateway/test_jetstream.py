"""The relay over JetStream: same outbox, inbox and receipts; each party does only what is its own; the broker may lose everything."""

import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from benchmarks.driver.three_zones import ZONES, Town, running_town
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from yakuba.gateway import checks, wire
from yakuba.gateway.broker import link
from yakuba.gateway.broker.carry import pieces
from yakuba.gateway.broker.names import INNER, INWARD, OUTWARD
from yakuba.gateway.broker.safety import broker_errors
from yakuba.gateway.broker.session import Broker, Server, Stream
from yakuba.gateway.errors import PeerAway
from yakuba.gateway.message import SealedMessage
from yakuba.gateway.slips import SealedSlip
from yakuba.gateway.wire import Parcel
from yakuba.zones.nats import EmbeddedBroker
from yakuba.zones.postgres import Cluster

GOOD_SERVERS = [Server(f"node{number}", True, 3) for number in (1, 2, 3)]
GOOD_STREAMS = [Stream(way.stream, 3, "file", "workqueue") for way in (INWARD, OUTWARD)]


def test_a_broker_that_keeps_what_it_acknowledges_is_accepted() -> None:
    assert broker_errors(GOOD_SERVERS, GOOD_STREAMS) == []
    assert broker_errors(GOOD_SERVERS[:2], GOOD_STREAMS) == [], "one server may be down"


@pytest.mark.parametrize(
    ("servers", "streams", "number", "hint"),
    [
        ([*GOOD_SERVERS[:2], Server("node3", False, 3)], GOOD_STREAMS, "gateway.E011", "sync_interval"),
        ([Server("node1", True, 1)], GOOD_STREAMS, "gateway.E012", "broker render"),
        (GOOD_SERVERS, [GOOD_STREAMS[0], Stream("OUTWARD", 0, "", "")], "gateway.E013", "broker prepare"),
        (GOOD_SERVERS, [Stream("INWARD", 1, "file", "workqueue")], "gateway.E014", "--replicas 3"),
        (GOOD_SERVERS, [Stream("INWARD", 3, "memory", "workqueue")], "gateway.E015", "broker prepare"),
        (GOOD_SERVERS, [Stream("INWARD", 3, "file", "limits")], "gateway.E015", "broker prepare"),
    ],
)
def test_each_unsafe_broker_has_its_number_and_a_hint(
    servers: list[Server], streams: list[Stream], number: str, hint: str
) -> None:
    (error,) = broker_errors(servers, streams)
    assert error.id == number
    assert hint in str(error.hint)


def test_the_setting_and_what_it_needs_are_checked(settings: Settings) -> None:
    settings.RELAY = "pigeon"
    assert [error.id for error in checks.relay()] == ["gateway.E004"]
    settings.RELAY, settings.ZONE = "jetstream", "lgwan"
    settings.BROKER_INWARD = settings.BROKER_OUTWARD = ()
    found = [error.id for error in checks.relay()]
    assert found == ["gateway.E005", *["gateway.E006"] * 3] * 2
    settings.ZONE = "mynumber"
    settings.BROKER_OUTWARD = ("10.1.0.11",)
    assert "10.1.0.11" in checks.relay()[0].msg, "without a port it is not an address"


def test_a_parcel_is_split_where_it_would_be_too_large() -> None:
    messages = [SealedMessage(bytes([number]) * 1000, b"s" * 64) for number in range(10)]
    slips = [(number, SealedSlip(b"d" * 300, b"s" * 64)) for number in range(3)]
    split = list(pieces(Parcel(messages=messages, slips=slips), 3000))
    assert [message for piece in split for message in piece.messages] == messages
    assert split[0].slips == slips
    assert all(len(wire.pack(piece)) <= 3000 for piece in split)
    assert len(list(pieces(Parcel(messages=messages[:1]), 10))) == 1, "one message is never split"
    assert list(pieces(Parcel(), 3000)) == []


# -- on real clusters ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(cluster, tmp_path_factory.mktemp("jetstream"), "jetstreamtown") as made:
        made.use_jetstream()
        made.start()
        yield made


def as_party(town: Town, outer: str, role: str) -> Broker:
    broker = town.brokers[outer]
    return Broker(broker.addresses, broker.certificates, role)


def all_receipted(town: Town) -> bool:
    return town.one("internet", "SELECT count(*) = 0 FROM gateway_pending") is True


def effects(town: Town, first: int, count: int) -> list[tuple[int, int]]:
    rows = town.rows(
        "mynumber", "SELECT number, count(*) FROM echo_effect WHERE number >= %s AND number < %s GROUP BY 1 ORDER BY 1",
        first, first + count,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def test_a_message_with_files_crosses_and_its_answer_comes_back(town: Town) -> None:
    script = "from tests.gateway.files import one_page_pdf\nprint(post(1, (one_page_pdf(), b'GIF89a no'), answer=True))"
    number = town.post("internet", script)
    town.wait_until(lambda: town.one("internet", "SELECT count(*) = 1 FROM echo_effect"), what="the answer")
    [(kind, files)] = town.rows("mynumber", "SELECT kind, files FROM echo_effect WHERE message = %s", number)
    assert kind == "test.note"
    assert files.startswith("application/pdf:")
    assert files.endswith(" refused:not_supported")
    assert town.rows("internet", "SELECT kind, files FROM echo_effect") == [
        ("test.answer", "application/pdf:7000")
    ]
    town.wait_until(lambda: all_receipted(town), what="the receipt")
    for zone in ("internet", "mynumber"):
        town.wait_until(lambda zone=zone: town.one(zone, "SELECT state = 'delivered' FROM gateway_outbox"))  # type: ignore[misc]


def test_each_side_of_a_link_may_write_the_one_way_and_read_the_other_and_nothing_else(town: Town) -> None:
    outer, inner = as_party(town, "internet", "outer"), as_party(town, "internet", "inner")
    town.kill("lgwan-relay")  # so that a parcel stays in the stream
    outer.publish(INWARD, wire.pack(Parcel()))
    with pytest.raises(PeerAway):
        outer.publish(OUTWARD, b"")
    assert outer.fetch(INWARD, 1, 0.5) == [], "what it wrote it cannot read back"
    for act in ("STREAM.PURGE", "STREAM.DELETE", "STREAM.MSG.GET", "CONSUMER.CREATE"):
        for side in (outer, inner):
            with pytest.raises(PeerAway):
                side.run(_ask(side, f"$JS.API.{act}.INWARD"))
    assert inner.fetch(INWARD, 1, 5)[0].data == wire.pack(Parcel()), "whose it is can read it"
    outer.close()
    inner.close()
    town.start("lgwan-relay")


async def _ask(broker: Broker, subject: str) -> bytes:
    jetstream = await broker.jetstream()
    return (await jetstream._nc.request(subject, b"{}", timeout=0.2)).data  # type: ignore[no-any-return]


def test_another_links_certificate_is_not_let_in(town: Town) -> None:
    stranger = Broker(town.brokers["lgwan"].addresses, town.brokers["internet"].certificates, "outer")
    with pytest.raises(PeerAway):
        stranger.servers()
    stranger.close()


def test_bytes_that_are_no_parcel_are_noted_and_hold_up_nothing(town: Town) -> None:
    outer = as_party(town, "internet", "outer")
    outer.publish(INWARD, b"M\x04\0\0\0\xff")
    outer.close()
    town.post("internet", "post(50)")
    town.wait_until(lambda: effects(town, 50, 1) == [(50, 1)], what="the message after the broken parcel")
    assert town.one("lgwan", "SELECT count(*) = 1 FROM audit_record WHERE action = 'parcel.refused'")


def test_a_message_the_recipient_refuses_is_set_aside_at_its_sender(town: Town) -> None:
    """Sealed by somebody else: the refusal comes back over the other stream, after the broker had taken the message."""
    town.kill("internet-relay")
    number = town.post("internet", "print(post(60))")
    town.rows(
        "internet",
        "UPDATE gateway_outbox SET seal = decode(repeat('00', 64), 'hex') WHERE message = %s RETURNING 1",
        number,
    )
    town.start("internet-relay")
    town.wait_until(
        lambda: (
            town.rows("internet", "SELECT queue, problem FROM gateway_pending WHERE message = %s", number)
            == [("dead", "BrokenMessage")]
        ),
        what="the refusal",
    )
    town.rows("internet", "DELETE FROM gateway_pending WHERE message = %s RETURNING 1", number)


def test_what_the_whole_broker_has_lost_is_sent_again(town: Town) -> None:
    """Everything it had acknowledged is wiped from all three servers; the outbox, not the broker, is the record."""
    town.kill("lgwan-relay")
    town.post("internet", "for n in range(100, 110): post(n)")
    town.wait_until(
        lambda: town.one("internet", "SELECT count(*) = 10 FROM gateway_pending WHERE queue = 'receipt'"),
        what="the broker's word",
    )
    broker = town.brokers["internet"]
    names = [f"internet-{node.name}" for node in broker.nodes]
    for name in names:
        town.kill(name)
    for node in broker.nodes:
        shutil.rmtree(broker.folder / node.name)
    town.start(*names)
    broker.prepare()
    town.start("lgwan-relay")
    assert effects(town, 100, 10) == []
    town.rows("internet", "UPDATE gateway_pending SET due_at = now() RETURNING 1")  # five minutes later
    town.wait_until(lambda: all_receipted(town), what="all receipts")
    assert effects(town, 100, 10) == [(number, 1) for number in range(100, 110)]


def test_servers_of_the_broker_and_relays_are_killed_under_load(town: Town) -> None:
    """Zero lost, zero twice. The long run of this is `make faults`."""
    kill_under_load(town, random.Random(1), first=1000, count=30, rounds=3)


def kill_under_load(town: Town, chance: random.Random, first: int, count: int, rounds: int) -> None:
    """Messages are posted while servers (one or two of three) and relays are killed and started anew."""
    script = (
        "import sys, time\nfor n in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):\n"
        "    post(n, town=TOWNS[n % 3 == 0])\n    time.sleep(0.05)"
    )
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(town.post, "internet", script, str(first), str(count))
        for _ in range(rounds):
            victims = [
                f"{outer}-node{number}"
                for outer in town.brokers
                for number in chance.sample((1, 2, 3), chance.choice((1, 1, 2)))
            ]
            victims += chance.sample([f"{zone}-relay" for zone in ZONES], chance.choice((0, 1, 3)))
            for victim in victims:
                town.kill(victim)
            time.sleep(chance.uniform(0, 1))
            town.start(*victims)
            time.sleep(chance.uniform(0.2, 1.5))
        posting.result(120)
    town.rows("internet", "UPDATE gateway_pending SET due_at = now() RETURNING 1")
    town.wait_until(lambda: all_receipted(town), 150, what="all receipts")
    assert effects(town, first, count) == [(number, 1) for number in range(first, first + count)]


def test_a_server_that_writes_later_than_it_answers_is_refused(town: Town, settings: Settings) -> None:
    broker = town.brokers["lgwan"]
    node = broker.nodes[1]
    good = broker.file(node).read_text()
    town.kill(f"lgwan-{node.name}")
    broker.file(node).write_text(good.replace('"sync_interval": "always"', '"sync_interval": "2m"'))
    town.start(f"lgwan-{node.name}")
    town.wait_until(lambda: "[gateway.E011] NATS サーバー node2" in refusal(broker), what="the refusal")
    town.kill(f"lgwan-{node.name}")
    broker.file(node).write_text(good)
    town.start(f"lgwan-{node.name}")
    town.wait_until(lambda: refusal(broker) == "", what="the end of the refusal")


def refusal(broker: EmbeddedBroker) -> str:
    """Why a relay would not start on this broker; empty if it would."""
    try:
        link._open(broker.addresses, str(broker.certificates), INNER).close()
    except ImproperlyConfigured as error:
        return str(error)
    return ""
