"""ODK's gate: a form of 250 questions, 50 submissions a second for 30 seconds, every one accepted.

    python -m benchmarks.gate [--rate N] [--seconds N]

The form is a municipality's own procedure (``YAKUBA_DEFINITIONS``) in a running town hall of three zones; every submission
is signed with the emulated card before the clock starts and goes over the portal's API. They are sent at an even pace from
processes of their own, each waiting its turn by the clock: latency counts from the moment a submission was due, so a
server that falls behind cannot hide it. "On the desk" is a case in the My Number zone, once each.
"""

import argparse
import http.client
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from benchmarks.cpu import tree_seconds
from benchmarks.driver.parcels import card_of, session, signers
from benchmarks.driver.running import RunningTown, start_town, stop_town
from benchmarks.whole_way import _roots, _superuser
from yakuba.base.canonical import canonical_bytes
from yakuba.base.ids import receipt_number
from yakuba.demo.cast import CastMember
from yakuba.procedures.application import application_document
from yakuba.procedures.registry import procedure

FORM, PAGES, QUESTIONS = "bench-250", 10, 250
_PER_SESSION = 100  # a visit may hand in 120 in ten minutes
_PROCESSES = 3
_PATIENCE = 600.0
_BOUNDARY = "yakuba-bench-7d1f6c"


@dataclass(frozen=True)
class Due:
    """One request, ready to be sent ``after`` so many seconds."""

    after: float
    body: bytes


@dataclass(frozen=True)
class Visit:
    """A signed-in session with what it will hand in."""

    address: str
    path: str
    headers: dict[str, str]
    requests: tuple[Due, ...]


def main() -> int:
    """Measure and print; 1 if one submission was not accepted, or is not on the desk exactly once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=50, help="submissions a second")
    parser.add_argument("--seconds", type=int, default=30)
    wanted = parser.parse_args()
    os.environ["YAKUBA_GATEWAY_SANITISE"] = "none-for-measuring"  # no files are sent
    with tempfile.TemporaryDirectory(prefix="yakuba-gate-") as place:
        Path(place).chmod(0o755)
        own = Path(place) / "definitions"
        own.mkdir()
        (own / f"{FORM}.yaml").write_text(yaml.safe_dump(definition(), allow_unicode=True))
        os.environ["YAKUBA_DEFINITIONS"] = str(own)
        town = start_town(Path(place) / "home", residents=300)
        try:
            return _gate(town, wanted.rate, wanted.seconds)
        finally:
            stop_town(town)


def definition() -> dict[str, Any]:
    """A form of 250 questions on ten pages, in the form of the definition files."""

    def said(words: str) -> dict[str, str]:
        return {"ja": words, "en": words, "easy": words}

    def page(number: int) -> dict[str, Any]:
        first = number * (QUESTIONS // PAGES)
        fields = [
            {"id": f"q{one:03d}", "type": "text", "label": said(f"質問{one}"), "example": "答え"}
            for one in range(first, first + QUESTIONS // PAGES)
        ]
        return {"id": f"page{number}", "title": said(f"{number + 1}枚目"), "fields": fields}

    sample = {"id": "e", "title": said("例"), "role": "self", "today": "2026-11-23", "answers": answers(0)}
    return {
        "id": FORM, "versions": [{"version": "1", "valid_from": "2020-01-01"}], "title": said("250の質問"),
        "summary": said("測定のための申請"), "category": "town", "laws": [{"law": "見本条例", "article": "第1条"}],
        "life_events": [], "keywords": ["測定"], "deadline": {"text": said("期限なし")},
        "processing": {"text": said("3日"), "days": 3}, "applicants": [{"role": "self", "label": said("本人")}],
        "signature": {"rule": "required"}, "availability": "always", "notices": {},
        "eligibility": {"questions": [], "hints": []}, "pages": [page(number) for number in range(PAGES)],
        "examples": {"sets": [sample]},
    }  # fmt: skip


def answers(number: int) -> dict[str, Any]:
    """An answer to each question."""
    return {f"q{one:03d}": f"{number}番の申請の{one}番の答え" for one in range(QUESTIONS)}


def _gate(town: RunningTown, rate: int, seconds: int) -> int:
    numbers, bodies = _signed(town, rate * seconds)
    visits = _visits(town, bodies, rate)
    roots = _roots(town)
    before = tree_seconds(roots)
    with ProcessPoolExecutor(_PROCESSES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(abs, range(_PROCESSES)))  # they are up before the clock starts
        start = time.time() + 2.0
        sent = [pool.submit(_send_all, visits[part::_PROCESSES], start) for part in range(_PROCESSES)]
        found = [one for part in sent for one in part.result()]
    took = time.time() - start
    cpu_taken = tree_seconds(roots) - before
    once, more = _on_desk(town, numbers)
    on_desk_after = time.time() - start
    cpu = tree_seconds(roots) - before
    accepted = [late for status, late in found if status == 201]
    others = sorted({status for status, _late in found if status != 201})
    print(
        f"{QUESTIONS} questions, {rate}/s for {seconds} s: {len(accepted)} of {len(numbers)} accepted"
        f"{f' (others: {others})' if others else ''}, {len(accepted) / took:.1f}/s"
    )
    if accepted:
        p95 = sorted(accepted)[int(len(accepted) * 0.95) - 1]
        print(f"from due to receipt number: p50 {statistics.median(accepted):.2f} s   p95 {p95:.2f} s")
    print(
        f"CPU a submission: {cpu_taken / len(numbers) * 1000:.1f} ms until all had receipt numbers, "
        f"{cpu / len(numbers) * 1000:.1f} ms until all were on the desk"
    )
    print(f"on the desk: {once} of {len(numbers)} once, {more} more than once, after {on_desk_after:.0f} s")
    return 0 if len(accepted) == once == len(numbers) and not more else 1


def _signed(town: RunningTown, count: int) -> tuple[list[str], list[bytes]]:
    """Receipt numbers and request bodies of ``count`` signed applications."""
    cards = {member.id: card_of(town.ready, member) for member in signers(town.ready)}
    visits = _members(town, count)
    at = datetime.now(UTC)
    form = procedure(FORM, as_of=at.date())
    numbers, bodies = [], []
    for number in range(count):
        application, member = uuid.uuid4(), visits[number % len(visits)]
        document = application_document(
            form, answers(number), application_id=application, municipality=member.municipality, role="self",
            applicant_for=None, attachments=[], language="ja", created_at=at,
        )  # fmt: skip
        content, card = canonical_bytes(document), cards[member.id]
        numbers.append(receipt_number(application))
        bodies.append(_multipart(content, card.sign_cms(content, member.sign_pin or "", at=at)))
    return numbers, bodies


def _members(town: RunningTown, count: int) -> list[CastMember]:
    """Whose each visit is: as many visits as ``count`` submissions need, of everybody with a good card in turn."""
    known = signers(town.ready)
    return [known[number % len(known)] for number in range(max(_PROCESSES, -(-count // _PER_SESSION)))]


def _multipart(content: bytes, cms: bytes) -> bytes:
    parts = []
    for name, filename, data in (
        ("document", "application.json", content),
        ("signature", "signature.p7s", cms),
    ):
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        )
        parts += [head.encode(), data, b"\r\n"]
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])


def _visits(town: RunningTown, bodies: Sequence[bytes], rate: int) -> list[Visit]:
    """Enough signed-in sessions, each with its share, evenly over time."""
    members = _members(town, len(bodies))
    count, made = len(members), []
    for number, member in enumerate(members):
        with session(town.ready, member) as client:
            headers = {name: client.headers[name] for name in ("X-CSRFToken", "Referer")}
            headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
            base = urlsplit(str(client.base_url))
        due = tuple(Due(at / rate, bodies[at]) for at in range(number, len(bodies), count))
        made.append(Visit(base.netloc, f"{base.path.rstrip('/')}/applications", headers, due))
    return made


def _send_all(visits: Sequence[Visit], start: float) -> list[tuple[int, float]]:
    """In a process of its own: every visit in a thread of its own."""
    with ThreadPoolExecutor(len(visits)) as pool:
        return [one for found in pool.map(lambda visit: _send(visit, start), visits) for one in found]


def _send(visit: Visit, start: float) -> list[tuple[int, float]]:
    """Status and seconds since it was due, of each request."""
    connection = http.client.HTTPConnection(visit.address, timeout=120)
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", **visit.headers}
    found, waiting = [], threading.Event()
    for one in visit.requests:
        waiting.wait(max(0.0, start + one.after - time.time()))
        connection.request("POST", visit.path, one.body, headers)
        answer = connection.getresponse()
        answer.read()
        found.append((answer.status, time.time() - start - one.after))
    connection.close()
    return found


def _on_desk(town: RunningTown, numbers: Sequence[str]) -> tuple[int, int]:
    """How many are on the desk once and how many more often, when all are there or patience ends."""
    limit = time.monotonic() + _PATIENCE
    with _superuser(town, "mynumber") as connection:
        while True:
            rows = connection.execute(
                "SELECT count(*) FROM casework_case WHERE receipt_number = ANY(%s) GROUP BY receipt_number",
                [list(numbers)],
            ).fetchall()
            if len(rows) == len(numbers) or time.monotonic() > limit:
                counts = [int(str(row[0])) for row in rows]
                return counts.count(1), sum(count > 1 for count in counts)
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
