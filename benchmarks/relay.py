"""How fast messages cross the three zones and what one costs, beside a bare INSERT + fsync of the same bytes,
direct and over JetStream, and beside a plain JetStream publish.

    python -m benchmarks.relay [--messages N] [--files N]

Three zones on this machine, real processes, durable PostgreSQL (fsync on). CPU is that of all processes: both gateway
servers, three relays, PostgreSQL of all three zones, and the sender. Run it on an otherwise idle machine for rates; CPU per
message holds on a busy one too.
"""

import argparse
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.cpu import tree_seconds
from benchmarks.driver.ports import free_ports
from benchmarks.driver.three_zones import ZONES, Town, running_town
from benchmarks.results import Results
from yakuba.gateway.broker.names import INWARD
from yakuba.gateway.broker.session import Broker
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.clean import clean
from yakuba.gateway.sanitise.sandbox import Sandbox
from yakuba.zones.nats import EmbeddedBroker
from yakuba.zones.postgres import Cluster

_OVER_JETSTREAM = " over JetStream"
_POSTING = """
import sys, time
first, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
data = open(path, 'rb').read() if path else b''
started = time.process_time()
for n in range(first, first + count):
    post(n, (data + n.to_bytes(8, 'big'),) if data else (), text='申請の本文' * 260)
print(time.process_time() - started)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    per_second: float
    cpu_ms: float
    note: str = ""

    def line(self) -> str:
        return f"{self.what:<58}{self.per_second:>9.1f}/s {self.cpu_ms:>8.2f} CPU-ms  {self.note}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--files", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        scan = scanned_pdf()
        (folder / "scan.pdf").write_bytes(scan)
        print(f"one file: PDF, 1 page scanned, {len(scan):,} bytes")
        results = Results("relay")
        for figure in sanitising(folder, scan):
            keep(results, figure)
        cluster = Cluster(folder / "postgres")
        cluster.start()
        try:
            for figure in relaying(cluster, folder, options):
                keep(results, figure)
        finally:
            cluster.stop()


def keep(results: Results, figure: Figure) -> None:
    """Print a figure and keep it for the capacity page."""
    print(figure.line(), flush=True)
    results.add(figure.what, {"per_second": figure.per_second, "cpu_ms": figure.cpu_ms}, figure.note)


def scanned_pdf() -> bytes:
    """A page as an office scanner makes it: grey, 200 dots per inch, about 400 KB."""
    page = Image.effect_noise((1654, 2339), 9).point(lambda value: min(255, value + 115))
    drawing = ImageDraw.Draw(page)
    for row in range(60, 2300, 40):
        drawing.text((100, row), "Hayama town office 2026-11-23 form line " * 5, fill=30)
    for quality in range(90, 10, -5):
        out = BytesIO()
        page.save(out, "PDF", resolution=200, quality=quality)
        if len(out.getvalue()) < 420_000:
            break
    return out.getvalue()


def sanitising(folder: Path, scan: bytes) -> list[Figure]:
    """Pages per core-second of the sanitiser, and of plain pdftoppm at the same resolution."""
    sandbox, rounds = Sandbox(), 20
    ref = AttachmentRef("scan", "scan.pdf", "application/pdf", len(scan), "")
    clean(ref, scan, sandbox)
    before, started = tree_seconds([os.getpid()]), time.monotonic()
    inside = sum((clean(ref, scan, sandbox).ref.evidence or {})["cpu_ms"] for _ in range(rounds))
    took, cpu = time.monotonic() - started, tree_seconds([os.getpid()]) - before
    sandbox.close()
    ours = Figure(
        "sanitise: decode in the cell, encode, verify (pages)",
        rounds / took,
        1000 * cpu / rounds,
        f"{rounds / cpu:.1f} pages per core-second; {inside / rounds:.0f} ms of it in the cell",
    )
    return [ours, *_pdftoppm(folder, rounds)]


def _pdftoppm(folder: Path, rounds: int) -> list[Figure]:
    command = ["pdftoppm", "-r", "200", "-jpeg", str(folder / "scan.pdf"), str(folder / "out")]
    before, started = os.times(), time.monotonic()
    try:
        for _ in range(rounds):
            subprocess.run(command, check=True)
    except FileNotFoundError:
        return []
    took, after = time.monotonic() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return [
        Figure(
            "plain pdftoppm -r 200 -jpeg, unconfined (pages)",
            rounds / took,
            1000 * cpu / rounds,
            f"{rounds / cpu:.1f} pages per core-second",
        )
    ]


def relaying(cluster: Cluster, folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Messages across all three zones."""
    figures = [bare_insert(cluster, 5_000, options.messages), bare_insert(cluster, 400_000, options.files)]
    figures += [plain_publish(folder, 5_000, options.messages)]
    for what, count, file, sanitise in (
        ("relay: 4 KB message, sent to receipted", options.messages, "", "raster"),
        (f"relay{_OVER_JETSTREAM}: 4 KB message, sent to receipted", options.messages, "", "raster"),
        ("relay: 4 KB message + 400 KB PDF, not sanitised", options.files, "scan.pdf", "none-for-measuring"),
        ("relay: 4 KB message + 400 KB PDF, sanitised", options.files, "scan.pdf", "raster"),
    ):
        place = folder / what.replace(" ", "_").replace(":", "").replace(",", "")
        place.mkdir()
        with running_town(cluster, place, f"bench{len(figures)}") as town:
            town.extra["YAKUBA_GATEWAY_SANITISE"] = sanitise
            if _OVER_JETSTREAM in what:
                town.use_jetstream()
            town.start()
            _send(town, 1, 20, "")  # every process warm
            figures.append(_idle(town, cluster))
            print(_latency(town, str(folder / file) if file else ""), flush=True)
            figures.append(_relay(town, cluster, what, count, str(folder / file) if file else ""))
    return figures


def _relay(town: Town, cluster: Cluster, what: str, count: int, file: str) -> Figure:
    parts = _parts(town, cluster)
    before, started = {name: tree_seconds([pid]) for name, pid in parts.items()}, time.monotonic()
    sending = _send(town, 1000, count, file)
    took = time.monotonic() - started
    spent = {name: tree_seconds([pid]) - before[name] for name, pid in parts.items()} | {"sender": sending}
    cpu = sum(spent.values())
    shares = " ".join(f"{name} {1000 * seconds / count:.1f}" for name, seconds in spent.items())
    lost = count - town.one("mynumber", "SELECT count(DISTINCT number) FROM echo_effect WHERE number >= 1000")
    double = town.one("mynumber", "SELECT count(*) - count(DISTINCT number) FROM echo_effect")
    return Figure(what, count / took, 1000 * cpu / count, f"lost {lost}, double {double}; {shares}")


def _parts(town: Town, cluster: Cluster) -> dict[str, int]:
    return {name: process.pid for name, process in town.processes.items()} | {
        "postgres": _postmaster(cluster)
    }


def _latency(town: Town, file: str) -> str:
    """How long a single message takes from being posted to having taken effect in the My Number zone."""
    for number in range(20):
        _send(town, 500 + number, 1, file)
    posted = dict(town.rows("internet", "SELECT message, posted_at FROM gateway_outbox"))
    taken = town.rows("mynumber", "SELECT i.message, received_at FROM gateway_inbox i JOIN echo_effect e "
                      "ON e.message = i.message WHERE number >= 500")  # fmt: skip
    seconds = sorted((at - posted[message]).total_seconds() for message, at in taken)
    return f"one message alone, posted to handled: median {seconds[10]:.2f} s, 18th of 20 {seconds[17]:.2f} s"


def _idle(town: Town, cluster: Cluster) -> Figure:
    """What waiting for messages costs, per second."""
    roots = list(_parts(town, cluster).values())
    before = tree_seconds(roots)
    time.sleep(5)
    return Figure("idle for a second", 1, 1000 * (tree_seconds(roots) - before) / 5)


def _send(town: Town, first: int, count: int, file: str) -> float:
    """Send and wait for all receipts; returns the CPU seconds of sending (the sender's own start is not counted)."""
    sending = float(town.post("internet", _POSTING, str(first), str(count), file))
    town.wait_until(lambda: town.one("internet", "SELECT count(*) = 0 FROM gateway_pending"), 600, "receipts")
    return sending


def bare_insert(cluster: Cluster, size: int, count: int) -> Figure:
    """The floor: one row with as many bytes, one commit each, on one connection."""
    cluster.ensure_database("bare")
    with cluster.as_owner("bare").connect() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, data bytea STORAGE EXTERNAL)"
        )
        before, started = tree_seconds([_postmaster(cluster), os.getpid()]), time.monotonic()
        for _ in range(count):
            connection.execute("INSERT INTO bare (data) VALUES (%b)", [os.urandom(size)])
        took = time.monotonic() - started
        cpu = tree_seconds([_postmaster(cluster), os.getpid()]) - before
    return Figure(f"bare INSERT + fsync of {size:,} bytes, one zone", count / took, 1000 * cpu / count)


def plain_publish(folder: Path, size: int, count: int) -> Figure:
    """JetStream's own floor: as many bytes published one after another to three servers that write before they answer."""
    broker = EmbeddedBroker(
        folder / "plain", folder / "plain-certs", ("internet", "lgwan"), tuple(free_ports(6))
    )
    broker.make_files()
    servers = [subprocess.Popen(broker.command(node), stderr=subprocess.DEVNULL) for node in broker.nodes]
    try:
        broker.prepare()
        outer = Broker(broker.addresses, broker.certificates, "outer")
        roots = [os.getpid(), *(server.pid for server in servers)]
        before, started = tree_seconds(roots), time.monotonic()
        for _ in range(count):
            outer.publish(INWARD, os.urandom(size))
        took, cpu = time.monotonic() - started, tree_seconds(roots) - before
        outer.close()
    finally:
        for server in servers:
            server.terminate()
            server.wait()
    what = f"plain JetStream publish of {size:,} bytes, 3 replicas, sync always"
    return Figure(what, count / took, 1000 * cpu / count)


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


if __name__ == "__main__":
    print(f"{len(ZONES)} zones, {os.cpu_count()} cores")
    main()
