"""Messages and files cross three real zones over mTLS; whatever is killed, each arrives exactly once."""

import contextlib
import http.client
import random
import socket
import ssl
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from benchmarks.driver.three_zones import Town, running_town

from yakuba.gateway.client import Peer
from yakuba.gateway.errors import MissingBlob, PeerAway
from yakuba.gateway.keys import make_link
from yakuba.gateway.wire import Parcel
from yakuba.zones.postgres import Cluster


@pytest.fixture(scope="module")
def town(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(cluster, tmp_path_factory.mktemp("town"), "gatewaytown") as made:
        made.start()
        yield made


def delivered(town: Town) -> bool:
    return town.one("internet", "SELECT count(*) = 0 FROM gateway_pending") is True


def test_a_message_arrives_with_its_files_rebuilt_and_its_answer_comes_back(town: Town) -> None:
    number = town.post(
        "internet",
        "from tests.gateway.files import one_page_pdf\nprint(post(1, (one_page_pdf(), b'GIF89a no'), answer=True))",
    )
    town.wait_until(lambda: town.one("internet", "SELECT count(*) = 1 FROM echo_effect"), what="the answer")
    [(kind, files)] = town.rows("mynumber", "SELECT kind, files FROM echo_effect WHERE message = %s", number)
    assert kind == "test.note"
    assert files.startswith("application/pdf:")
    assert files.endswith(" refused:not_supported")
    assert town.rows("internet", "SELECT kind, files FROM echo_effect") == [
        ("test.answer", "application/pdf:7000")
    ]
    town.wait_until(lambda: delivered(town), what="the receipt")
    assert town.one("internet", "SELECT state FROM gateway_outbox") == "delivered"
    town.wait_until(
        lambda: town.one("mynumber", "SELECT state = 'delivered' FROM gateway_outbox"), what="its receipt"
    )
    for zone, holders in (("internet", set()), ("lgwan", set()), ("mynumber", {"case", "notice"})):
        held = {row[0].split(":")[0] for row in town.rows(zone, "SELECT holder FROM gateway_blob_hold")}
        assert held == holders
        assert town.one(zone, "SELECT count(*) FROM gateway_blob") == town.one(
            zone, "SELECT count(DISTINCT sha256) FROM gateway_blob_hold"
        )


def test_each_link_lets_in_its_one_neighbour_only(town: Town) -> None:
    port = town.ports["internet"]

    def answer(**files: str | None) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(town.folder / "internet-lgwan" / "ca.pem")
        if files:
            context.load_cert_chain(files["cert"], files["key"])  # type: ignore[arg-type]
        with contextlib.closing(
            http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        ) as call:
            try:
                call.request("POST", "/gateway/1/pull", b"")
                return str(call.getresponse().status)
            except (OSError, http.client.HTTPException) as error:
                return type(error).__name__

    def certificate(link: str, role: str) -> dict[str, str | None]:
        folder = town.folder / link
        return {"cert": str(folder / f"{role}.pem"), "key": str(folder / f"{role}.key")}

    assert answer(**certificate("internet-lgwan", "client")) == "200"
    assert not answer().isdigit()
    assert not answer(**certificate("lgwan-mynumber", "client")).isdigit()  # of this town, but another link's
    assert not answer(
        **certificate("internet-lgwan", "server")
    ).isdigit()  # of this link, but not to call with
    other = town.folder / "stranger"
    make_link(other, "internet", "lgwan")
    assert not answer(cert=str(other / "client.pem"), key=str(other / "client.key")).isdigit()


def test_plain_http_is_not_answered(town: Town) -> None:
    with socket.create_connection(("127.0.0.1", town.ports["internet"]), timeout=5) as plain:
        plain.sendall(b"POST /gateway/1/pull HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert b"HTTP/" not in plain.recv(4096)


def test_the_relay_calls_nobody_but_its_neighbours_server(town: Town) -> None:
    peer = Peer(f"https://127.0.0.1:{town.ports['lgwan']}", town.folder / "internet-lgwan")
    with pytest.raises(PeerAway):
        peer.pull(Parcel(), 0)
    with pytest.raises(ValueError, match="https"):
        Peer("http://127.0.0.1:80", town.folder / "internet-lgwan")


def test_the_neighbour_cannot_read_files_that_were_not_sent(town: Town) -> None:
    sha256 = town.post(
        "internet",
        "print(blobs.put(TOWNS[0], b'a draft', slot='', filename='', media_type='', holder='draft:9').sha256)",
    )
    peer = Peer(f"https://127.0.0.1:{town.ports['internet']}", town.folder / "internet-lgwan")
    with pytest.raises(MissingBlob):
        peer.fetch("143014", uuid.uuid4(), sha256)
    peer.close()
    town.post("internet", "blobs.release(TOWNS[0], 'draft:9')")


def test_bytes_that_are_no_records_are_refused(town: Town) -> None:
    context = ssl.create_default_context(cafile=str(town.folder / "internet-lgwan" / "ca.pem"))
    folder = town.folder / "internet-lgwan"
    context.load_cert_chain(folder / "client.pem", folder / "client.key")
    with contextlib.closing(
        http.client.HTTPSConnection("127.0.0.1", town.ports["internet"], timeout=5, context=context)
    ) as call:
        for path, body, status in (
            ("push", b"M\x04\0\0\0\xff", 400),
            ("push", b"Z\x00", 400),
            ("blobs/143014/00000000-0000-0000-0000-000000000000/00", b"x", 422),
            ("blobs/999999/00000000-0000-0000-0000-000000000000/00", b"x", 404),
        ):
            call.request("PUT" if path.startswith("blobs") else "POST", f"/gateway/1/{path}", body)
            response = call.getresponse()
            response.read()
            assert response.status == status


def test_a_poison_message_is_seen_as_stopped_by_its_sender_and_others_pass(town: Town) -> None:
    poison = town.post("internet", "print(post(66, poison=True)); post(67)").split()[0]
    town.wait_until(
        lambda: town.one(
            "internet", "SELECT state = 'stopped' FROM gateway_outbox WHERE message = %s", poison
        ),
        what="the receipt that says stopped",
    )
    town.wait_until(lambda: town.one("mynumber", "SELECT count(*) = 1 FROM echo_effect WHERE number = 67"))
    assert town.one("mynumber", "SELECT queue FROM gateway_pending WHERE message = %s", poison) == "dead"
    assert town.one("mynumber", "SELECT count(*) FROM echo_effect WHERE message = %s", poison) == 0


def test_each_zone_witnesses_the_others_audit_heads(town: Town) -> None:
    """The heads go once a minute, and at the start of a relay: so start the relays anew."""
    for zone in ("internet", "lgwan", "mynumber"):
        town.kill(f"{zone}-relay")
        town.start(f"{zone}-relay")
    for zone, others in (("internet", 2), ("lgwan", 2), ("mynumber", 2)):
        town.wait_until(
            lambda zone=zone, others=others: (  # type: ignore[misc]
                town.one(zone, "SELECT count(DISTINCT zone) FROM audit_witnessed_head") == others
            ),
            what=f"heads of the others in {zone}",
        )
    [(sequence, digest)] = town.rows(
        "lgwan",
        "SELECT sequence, hash FROM audit_witnessed_head WHERE zone = 'internet' ORDER BY sequence LIMIT 1",
    )
    assert town.one("internet", "SELECT hash FROM audit_record WHERE sequence = %s", sequence) == digest


def test_messages_delivered_again_in_any_order_and_receipts_lost_change_nothing(town: Town) -> None:
    script = "from tests.gateway.files import one_page_pdf\nfor n in range(200, 212): post(n, (one_page_pdf(),) if n % 2 else ())"
    town.post("internet", script)
    town.wait_until(
        lambda: town.one("mynumber", "SELECT count(*) = 12 FROM echo_effect WHERE number BETWEEN 200 AND 211")
    )
    town.wait_until(
        lambda: town.one("internet", "SELECT count(*) = 0 FROM gateway_pending WHERE queue <> 'stopped'")
    )
    before = town.rows("mynumber", "SELECT message, count(*) FROM echo_effect GROUP BY 1 ORDER BY 1")
    again = (
        "INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem) SELECT "
        "municipality, message, '{0}', kind, '{1}', now() - random() * interval '1 hour', 0, '' FROM gateway_{0} "
        "WHERE recipient = 'mynumber' AND state = 'delivered' RETURNING 1"
    )
    assert (
        len(
            town.rows(
                "internet",
                "UPDATE gateway_outbox SET state = 'taken', receipt = NULL WHERE state = 'delivered' RETURNING 1",
            )
        )
        >= 12
    )
    assert len(town.rows("lgwan", again.format("transit", "mynumber"))) >= 12
    assert len(town.rows("internet", again.replace("'delivered'", "'taken'").format("outbox", "lgwan"))) >= 12
    town.wait_until(
        lambda: (
            town.one("internet", "SELECT count(*) = 0 FROM gateway_pending WHERE queue <> 'stopped'")
            and town.one("lgwan", "SELECT count(*) = 0 FROM gateway_pending WHERE queue = 'mynumber'")
        ),
        what="all receipts again",
    )
    assert town.rows("mynumber", "SELECT message, count(*) FROM echo_effect GROUP BY 1 ORDER BY 1") == before
    assert {row[0] for row in town.rows("internet", "SELECT DISTINCT state FROM gateway_outbox")} <= {
        "delivered",
        "stopped",
    }


PARTS = ("internet-server", "internet-relay", "lgwan-server", "lgwan-relay", "mynumber-relay")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_killed_every_message_arrives_exactly_once(town: Town, seed: int) -> None:
    """Messages are posted while processes are killed (SIGKILL, process group) and database connections are cut at
    random moments; the processes are started anew."""
    chance = random.Random(seed)
    count, first = 40, 10_000 * (seed + 1)
    script = (
        "import sys, time\nfrom tests.gateway.files import one_page_pdf\n"
        "for n in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):\n"
        "    files = (one_page_pdf(b'(%d) Tj' % n),) if n % 2 else ()\n"
        "    post(n, files, town=TOWNS[n % 3 == 0], answer=n % 4 == 0)\n    time.sleep(0.05)"
    )
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(town.post, "internet", script, str(first), str(count))
        for _ in range(12):
            time.sleep(chance.uniform(0.05, 0.8))
            victims = chance.sample(PARTS, chance.choice((1, 1, 2, 5)))
            for part in victims:
                town.kill(part)
            if chance.random() < 0.4:
                town.cut_database(chance.choice(("lgwan", "mynumber")))
            time.sleep(chance.uniform(0, 0.3))
            town.start(*victims)
        posting.result(60)
    numbers = "number >= %s AND number < %s"
    town.wait_until(
        lambda: (
            town.one("internet", "SELECT count(*) = 0 FROM gateway_pending WHERE queue <> 'stopped'")
            and town.one("mynumber", "SELECT count(*) = 0 FROM gateway_pending WHERE queue <> 'dead'")
        ),
        150,
        what="all receipts",
    )
    arrived = town.rows(
        "mynumber",
        f"SELECT number, count(*) FROM echo_effect WHERE {numbers} GROUP BY 1 ORDER BY 1",
        first,
        first + count,
    )
    assert arrived == [(number, 1) for number in range(first, first + count)]
    answered = town.rows(
        "internet",
        f"SELECT number, count(*) FROM echo_effect WHERE {numbers} GROUP BY 1 ORDER BY 1",
        first,
        first + count,
    )
    assert answered == [(number, 1) for number in range(first, first + count) if number % 4 == 0]
    files = {
        row[0][:16]
        for row in town.rows(
            "mynumber",
            f"SELECT files FROM echo_effect WHERE {numbers} AND number %% 2 = 1",
            first,
            first + count,
        )
    }
    assert files == {"application/pdf:"}
    for zone in ("internet", "lgwan", "mynumber"):
        assert town.one(zone, "SELECT count(*) FROM gateway_blob_hold WHERE holder LIKE %s", "outbox:%") == 0
        assert town.one(zone, "SELECT count(*) FROM gateway_blob b WHERE NOT EXISTS (SELECT FROM gateway_blob_hold h "
                        "WHERE h.municipality = b.municipality AND h.sha256 = b.sha256)") == 0  # fmt: skip
