"""A disaster's day: applications for 罹災証明書 with photos while the inner zones are cut off, the drain afterwards, the waiting page.

    python -m benchmarks.disaster [--cases N] [--photos N] [--kilobytes N] [--clients N] [--line N] [--patience SECONDS]

A real town hall; its two inner relays stand still (SIGSTOP), so nothing is pulled and nothing is answered. Each application is signed
beforehand and handed in over the portal's API in one request; filling in page by page in a browser costs more and is not in
these figures. They come in lots of 500, each lot's rate kept, so that a rate that falls with the heap is seen. Beside it: a bare INSERT with
fsync of the same bytes by as many clients. Then the relays go on: how fast the applications reach the desk (every photo rebuilt on the
way), how many are lost or double, for at most ``--patience`` seconds; what still waits then must all be in the internet zone's outbox or
under way. Last, the waiting page with a long line before it. A day's heap: ``--cases 100000 --photos 1 --kilobytes 100`` (some 40 GB of disk).
The demo town has eight cards for its 100,000 people, so what the portal counts for each person and address is emptied before each lot.
Exit status 1 if one was lost or doubled. CPU is that of the town hall and its three PostgreSQL servers.
"""

import argparse
import io
import os
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from benchmarks.cpu import tree_seconds
from benchmarks.driver.parcels import card_of, session, signers
from benchmarks.driver.running import RunningTown, start_town, stop_town
from benchmarks.results import Results
from benchmarks.whole_way import _roots, _superuser
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.card.interface import Session
from yakuba.card.signing import signed_data
from yakuba.demo.cast import CastMember
from yakuba.procedures.application import AttachedFile, application_document
from yakuba.procedures.registry import procedure

PROCEDURE = "risai-shoumei"
_DAY = 24 * 3600
_LOT = 500
_TOWN = "143014"
Signer = tuple[CastMember, Session]


@dataclass(frozen=True)
class Claim:
    """One signed application, and its photos by slot."""

    id: uuid.UUID
    content: bytes
    cms: bytes
    photos: list[tuple[str, bytes]]

    @property
    def octets(self) -> int:
        return len(self.content) + len(self.cms) + sum(len(data) for _, data in self.photos)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, standard in (
        ("cases", 240),
        ("photos", 2),
        ("kilobytes", 1_000),
        ("clients", 8),
        ("line", 10_000),
        ("patience", 900),
    ):
        parser.add_argument(f"--{name}", type=int, default=standard)
    wanted = parser.parse_args()
    results = Results("disaster")
    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as place:
        Path(place).chmod(0o755)
        town = start_town(Path(place) / "home", residents=300)
        try:
            return measure(town, wanted, results)
        finally:
            stop_town(town)


def measure(town: RunningTown, wanted: argparse.Namespace, results: Results) -> int:
    """All of it; 1 if an application was lost or doubled."""
    members = signers(town.ready)
    people = [members[number % len(members)] for number in range(wanted.clients)]
    of = (declared(town), photo(wanted.kilobytes * 1000))
    with cut_off(town), open_cards(town, people) as signing:
        ids, sample = lots(town, wanted, signing, of, results)
        plain = bare(town, sample, wanted.clients)
        say(results, "bare INSERT + fsync of the same bytes", plain)
        if arrived(town, ids):
            raise RuntimeError("the inner zones were not cut off")
        began, before = time.monotonic(), tree_seconds(_roots(town))
    drained = drain(town, ids, began, before, wanted.patience)
    say(results, "drained to the desk, photos rebuilt", drained)
    waiting(town, wanted.line, wanted.clients, results)
    return 1 if drained["lost"] or drained["double"] else 0


def lots(
    town: RunningTown,
    wanted: argparse.Namespace,
    people: Sequence[Signer],
    of: tuple[str, bytes],
    results: Results,
) -> tuple[list[uuid.UUID], list[Claim]]:
    """Hand all in, of this disaster and with this picture, a lot after another; their numbers, and the last lot itself."""
    ids: list[uuid.UUID] = []
    claims: list[Claim] = []
    seconds = spent = 0.0
    while len(ids) < wanted.cases:
        claims = made(of, people, min(_LOT, wanted.cases - len(ids)), wanted.photos)
        nobody_counted(town)
        lot = intake(town, claims, [member for member, _ in people])
        ids += [one.id for one in claims]
        seconds, spent = seconds + lot["seconds"], spent + lot["cpu_ms"] * len(claims) / 1000
        print(f"{len(ids):>7,} accepted   the last {len(claims)}: {lot['per_second']:.1f} a second, {lot['cpu_ms']:.1f} CPU-ms", flush=True)  # fmt: skip
    rate = len(ids) / seconds
    all_of_them = {
        "count": len(ids), "per_second": rate, "cpu_ms": spent / len(ids) * 1000,
        "last_per_second": lot["per_second"], "bytes": sum(one.octets for one in claims) / len(claims),
    }  # fmt: skip
    say(results, f"accepted while cut off, {wanted.photos} photos each", all_of_them,
        f"{rate * _DAY:,.0f} households a day")  # fmt: skip
    return ids, claims


def nobody_counted(town: RunningTown) -> None:
    """As if every application came from a card and an address of its own, which the eight cards of the demo cannot show."""
    with _superuser(town, "internet") as connection:
        connection.execute("DELETE FROM portal_rate_count")


def say(results: Results, what: str, values: Mapping[str, float], note: str = "") -> None:
    """Keep one figure and print it."""
    results.add(what, values, note)
    shown = "   ".join(f"{name} {value:,.2f}" for name, value in values.items())
    print(f"{what:<46}{shown}   {note}", flush=True)


def photo(octets: int) -> bytes:
    """A JPEG of about so many bytes, as large in pixels as its bytes suggest for a photo of a telephone."""
    width = int((octets * 3.2) ** 0.5 * 1.15)
    picture = Image.effect_noise((width, width * 3 // 4), 60).convert("RGB")
    made, quality = b"", 95
    while not made or (len(made) > octets and quality > 10):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        made, quality = out.getvalue(), quality - 5
    return made + bytes(max(0, octets - len(made)))


def made(of: tuple[str, bytes], people: Sequence[Signer], cases: int, photos: int) -> list[Claim]:
    """Signed applications of ``people`` in turn, every photo with bytes of its own."""
    disaster, base = of
    found = []
    for number in range(cases):
        (member, card), at = people[number % len(people)], datetime.now(UTC)
        slots = ["photo_front", *["photo_damage"] * (photos - 1)]
        files = [(slot, base + uuid.uuid4().bytes) for slot in slots]
        named = [
            AttachedFile(slot, "写真.jpg", "image/jpeg", len(data), sha256_hex(data)) for slot, data in files
        ]
        application = uuid.uuid4()
        document = application_document(
            procedure(PROCEDURE, as_of=at.date()), answers(member, disaster), application_id=application,
            municipality=_TOWN, role="self", applicant_for=None, attachments=named, language="ja", created_at=at,
        )  # fmt: skip
        content = canonical_bytes(document)
        cms = signed_data(card, content, at)
        found.append(Claim(application, content, cms, files))
    return found


@contextmanager
def open_cards(town: RunningTown, members: Sequence[CastMember]) -> Iterator[list[Signer]]:
    """Everybody with their card, its PIN verified once and not 100,000 times."""
    with ExitStack() as opened:
        sessions = {
            one.id: opened.enter_context(card_of(town.ready, one).unlocked("sign", one.sign_pin or ""))
            for one in members
        }
        yield [(one, sessions[one.id]) for one in members]


def declared(town: RunningTown) -> str:
    """The disaster the demo town has declared, as the portal knows it."""
    limit = time.monotonic() + 60
    with _superuser(town, "internet") as connection:
        while time.monotonic() < limit:
            row = connection.execute(
                "SELECT disasters->0->>'id' FROM portal_town_settings WHERE municipality = %s", [_TOWN]
            ).fetchone()
            if row and row[0]:
                return str(row[0])
            time.sleep(0.5)
    raise RuntimeError("the town's settings have not reached the portal")


def answers(member: CastMember, disaster: str) -> dict[str, Any]:
    """The first example of the procedure, in the name of ``member``, for a damage of yesterday."""
    yesterday = (datetime.now(UTC) + timedelta(hours=9) - timedelta(days=1)).date()
    return {
        **procedure(PROCEDURE).examples[0].answers, "disaster": disaster, "damaged_on": yesterday.isoformat(),
        "applicant_name": {"name": member.name, "kana": member.kana.replace("\u3000", " ")},
        "applicant_birth_date": member.birth,
    }  # fmt: skip


@contextmanager
def cut_off(town: RunningTown) -> Iterator[None]:
    """The relays of the inner zones stand still."""
    relays = [pid for pid in _children(town.process.pid) if _runs(pid, ("lgwan", "mynumber"))]
    if len(relays) < 2:
        raise RuntimeError("the relays of the inner zones were not found")
    for pid in relays:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in relays:
            os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int, zones: Sequence[str]) -> bool:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return "yakuba.gateway" in words and any(zone in words for zone in zones)


def intake(town: RunningTown, claims: Sequence[Claim], people: Sequence[CastMember]) -> dict[str, float]:
    """Hand all in, each person from a browser of their own; applications a second and CPU."""
    sessions = [session(town.ready, member) for member in people]

    def send(number: int) -> None:
        answer = hand_in(sessions[number % len(sessions)], claims[number])
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")

    found = timed(town, len(claims), len(people), send)
    for one in sessions:
        one.close()
    return found


def hand_in(client: httpx.Client, claim: Claim) -> httpx.Response:
    """One application with its photos."""
    parts: list[tuple[str, tuple[str, bytes, str]]] = [
        ("document", ("application.json", claim.content, "application/json")),
        ("signature", ("signature.p7s", claim.cms, "application/pkcs7-signature")),
    ]
    parts += [(f"file:{slot}", ("写真.jpg", data, "image/jpeg")) for slot, data in claim.photos]
    return client.post("/applications", files=parts)


def timed(town: RunningTown, count: int, clients: int, work: Callable[[int], None]) -> dict[str, float]:
    """``work(0)`` to ``work(count - 1)`` by ``clients`` at once."""
    roots = _roots(town)
    before, began = tree_seconds(roots), time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(count)))
    seconds, spent = time.monotonic() - began, tree_seconds(roots) - before
    return {"per_second": count / seconds, "cpu_ms": spent / count * 1000, "seconds": seconds}


def bare(town: RunningTown, claims: Sequence[Claim], clients: int) -> dict[str, float]:
    """The same bytes, one row an application, each committed with fsync."""
    with _superuser(town, "internet") as connection:
        connection.execute("CREATE TABLE bench_bare (id uuid, document bytea, cms bytea, photos bytea)")
        connection.execute("ALTER TABLE bench_bare ALTER photos SET STORAGE EXTERNAL")
    local = threading.local()

    def insert(number: int) -> None:
        if not hasattr(local, "connection"):
            local.connection = _superuser(town, "internet")
        one = claims[number]
        row = [one.id, one.content, one.cms, b"".join(data for _, data in one.photos)]
        local.connection.execute("INSERT INTO bench_bare VALUES (%s, %s, %s, %s)", row, binary=True)

    found = timed(town, len(claims), clients, insert)
    with _superuser(town, "internet") as connection:
        connection.execute("DROP TABLE bench_bare")
    return found


def arrived(town: RunningTown, ids: Sequence[uuid.UUID]) -> int:
    """How many are on the desk."""
    return len(on_desk(town, ids))


def on_desk(town: RunningTown, ids: Sequence[uuid.UUID]) -> set[str]:
    """Which of them are on the desk."""
    with _superuser(town, "mynumber") as connection:
        rows = connection.execute(
            "SELECT DISTINCT id::text FROM casework_case WHERE id = ANY(%s::uuid[])",
            [[str(one) for one in ids]],
        ).fetchall()
    return {str(row[0]) for row in rows}


def drain(
    town: RunningTown, ids: Sequence[uuid.UUID], began: float, before: float, patience: float
) -> dict[str, float]:
    """Wait until all are on the desk, or ``patience`` seconds are over."""
    limit, there = began + patience, 0
    pause = min(30.0, max(0.5, len(ids) / 2_000))  # counting a heap costs the town hall too
    while there < len(ids) and time.monotonic() < limit:
        time.sleep(pause)
        there = arrived(town, ids)
        if pause > 5:
            print(f"{there:>7,} on the desk after {time.monotonic() - began:,.0f} s", flush=True)
    seconds = time.monotonic() - began
    spent = tree_seconds(_roots(town)) - before
    held = still_held(town)  # first: what arrives in between then counts as there
    missing = {str(one) for one in ids} - on_desk(town, ids)
    there, waits = len(ids) - len(missing), len(missing & held)
    return {
        "count": there, "per_second": there / seconds, "cpu_ms": spent / max(1, there) * 1000, "seconds": seconds,
        "waiting": waits, "lost": len(ids) - there - waits, "double": doubled(town),
    }  # fmt: skip


def still_held(town: RunningTown) -> set[str]:
    """The applications that the internet zone holds whole, without a receipt from the inner zone."""
    with _superuser(town, "internet") as connection:
        rows = connection.execute(
            "SELECT a.id::text FROM portal_application a JOIN gateway_outbox o USING (municipality, message)"
            " WHERE o.state IN ('waiting', 'taken') AND octet_length(o.document) > 0"
        ).fetchall()
    return {str(row[0]) for row in rows}


def doubled(town: RunningTown) -> int:
    """Receipt numbers that stand on the desk more than once."""
    with _superuser(town, "mynumber") as connection:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT receipt_number FROM casework_case GROUP BY 1 HAVING count(*) > 1) AS twice"
        ).fetchone()
    return int(str(row[0])) if row else 0


def waiting(town: RunningTown, line: int, clients: int, results: Results) -> None:
    """The waiting page with ``line`` people before one: the first visit, and each look after it."""
    stand_in_line(town, line)
    portal = town.url("portal", "").rstrip("/")
    browsers = [httpx.Client(base_url=f"{portal}/{_TOWN}", timeout=60) for _ in range(200)]

    def come(number: int) -> None:
        page = browsers[number].get("/sign-in/")
        if page.status_code != 200 or "waiting__position" not in page.text:
            raise RuntimeError(f"not the waiting page: {page.status_code}")

    def look(number: int) -> None:
        answer = browsers[number % len(browsers)].get("/waiting/?was=0", headers={"HX-Request": "true"})
        if "waiting__position" not in answer.text:
            raise RuntimeError(f"no position: {answer.status_code}")

    say(results, f"waiting page, first visit, {line} before", timed(town, len(browsers), clients, come))
    say(results, f"waiting page, one look, {line} before", timed(town, 5 * len(browsers), clients, look))
    for one in browsers:
        one.close()


def stand_in_line(town: RunningTown, line: int) -> None:
    """The room is open, no place is free, and ``line`` numbers are given out."""
    with _superuser(town, "internet") as connection:
        connection.execute("DELETE FROM portal_waiting_room WHERE municipality = %s", [_TOWN])
        connection.execute(
            "INSERT INTO portal_waiting_room (municipality, mode, rate, credit, at, waiting, minutes)"
            " VALUES (%s, 'on', 60, 0, now(), %s, '[]')",
            [_TOWN, line],
        )
        connection.execute(
            "INSERT INTO portal_waiting_number (municipality, seen_at, browser, browsers)"
            " SELECT %s, now(), '', 0 FROM generate_series(1, %s)",
            [_TOWN, line],
        )
        connection.execute("ANALYZE portal_waiting_number")


if __name__ == "__main__":
    sys.exit(main())
