"""A notice's price: laying out with one kept compiler beside a fresh one each; signing beside a bare RSA signature.

One process, one run; CPU is this process's (best round's mean). Also shown: whether memory stays level over many
notices, which is what a compiler kept for the life of a worker must do.

    python -m benchmarks.notices [--rounds 3] [--many 500]
"""

import argparse
import os
import resource
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import django
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.zones.settings.everything")
django.setup()

from yakuba.base.texts import Text  # noqa: E402 - after django.setup()
from yakuba.card.outcomes import Outcome  # noqa: E402
from yakuba.card.pdf import NoticeRoots, verify_notice  # noqa: E402
from yakuba.casework.notices.data import Addressee, NoticeData, Reason  # noqa: E402
from yakuba.casework.notices.keys import current_key, make_notice_keys, read_key_file  # noqa: E402
from yakuba.casework.notices.render import Renderer, view_of  # noqa: E402
from yakuba.casework.notices.sign import sign_pdf  # noqa: E402
from yakuba.casework.notices.signer import Signers  # noqa: E402
from yakuba.casework.notices.view import Printed  # noqa: E402

TOWN = "143014"
URL = "http://127.0.0.1:8100/143014/verify/?n=0190aaaa-0000-7000-8000-000000000000"


def notice(number: int) -> NoticeData:
    """A child allowance notice to a synthetic person; every one differs."""
    return NoticeData(
        application_id=uuid.UUID(int=number),
        receipt_number="7K3M-9QX2-4TVA",
        applied_on=date(2026, 11, 23),
        decided_on=date(2026, 12, 4),
        addressee=Addressee(f"髙﨑 𠮷邉󠄂子 {number}", ("神奈川県三浦郡葉山町一色99番地",), "240-0111"),
        facts={
            "start_month": "2026-12",
            "monthly_amount": 15000 + number,
            "children": [{"name": f"髙﨑 葛󠄀 {number}", "birth": "2024-05-01", "amount": 15000}],
        },
        reasons=(
            Reason(
                Text("請求の月の翌月から支給します。", "From next month.", "{来月|らいげつ}から。"),
                "児童手当法第8条第2項",
            ),
        ),
    )


def view(number: int, data: NoticeData | None = None) -> Printed:
    """What is printed of it."""
    return view_of(TOWN, "child_allowance_approved", data or notice(number), f"葉子第{number}号", URL)


def cpu_seconds(once: Callable[[], object], *, rounds: int, seconds: float = 0.5) -> float:
    """CPU of one call: the best round's mean, each round at least ``seconds`` long."""
    once()
    found = []
    for _ in range(rounds):
        calls, begin = 0, time.process_time()
        while time.process_time() - begin < seconds:
            once()
            calls += 1
        found.append((time.process_time() - begin) / calls)
    return min(found)


def numbered(work: Callable[[int], object]) -> Callable[[], object]:
    """``work`` on a new number each time, so that nothing is answered from a cache of the same notice."""
    number = iter(range(1, 10_000_000))
    return lambda: work(next(number))


def resident_megabytes() -> float:
    """Memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def laying_out(rounds: int, at: datetime) -> None:
    """Kept compiler, fresh compiler, and the page in front in the easy language."""
    kept = Renderer()
    reused = cpu_seconds(numbered(lambda number: kept.pdf(view(number), at)), rounds=rounds)
    easy = cpu_seconds(
        numbered(lambda number: kept.pdf(view(number, replace(notice(number), language="easy")), at)),
        rounds=rounds,
    )
    fresh = cpu_seconds(numbered(lambda number: Renderer().pdf(view(number), at)), rounds=rounds)
    print(f"{'laid out, compiler kept':32} {reused * 1e3:8.2f} CPU-ms {1 / reused:8.1f} notices/core-s")
    print(f"{'  with a page in easy Japanese':32} {easy * 1e3:8.2f} CPU-ms {1 / easy:8.1f} notices/core-s")
    print(f"{'laid out, fresh compiler each':32} {fresh * 1e3:8.2f} CPU-ms {1 / fresh:8.1f} notices/core-s")
    print(f"{'':32} {fresh / reused:8.1f} x the price of a kept one")


def signing(folder: Path, rounds: int, at: datetime) -> None:
    """Our signature on a notice, beside the bare RSA signature with the same key, and the verdict on it."""
    key_file = current_key(folder / "keys", TOWN)
    assert key_file is not None
    key, _ = read_key_file(key_file)
    signer, pdf = Signers(str(folder / "keys")).of(TOWN), Renderer().pdf(view(1), at)
    signed, roots = sign_pdf(pdf, signer, at, "通知書"), NoticeRoots.from_folder(folder / "public")

    def judged() -> None:
        assert verify_notice(signed, roots=roots, at=at).outcome is Outcome.GOOD

    bare = cpu_seconds(lambda: key.sign(b"x" * 200, PKCS1v15(), SHA256()), rounds=rounds)
    ours = cpu_seconds(lambda: sign_pdf(pdf, signer, at, "通知書"), rounds=rounds)
    verdict = cpu_seconds(judged, rounds=rounds)
    print(f"{'bare RSA signature':32} {bare * 1e3:8.2f} CPU-ms   RSA-{key.key_size}")
    print(f"{'signed PAdES':32} {ours * 1e3:8.2f} CPU-ms {ours / bare:8.1f} x bare")
    print(f"{'verdict on it':32} {verdict * 1e3:8.2f} CPU-ms   {len(signed):,} octets")


def memory(many: int, at: datetime) -> None:
    """Whether a kept compiler grows: resident memory after one hundred notices and after ``many``."""
    kept, before = Renderer(), 0.0
    for number in range(many):
        kept.pdf(view(number), at)
        if number == 100:
            before = resident_megabytes()
    after = resident_megabytes()
    print(f"{'memory':32} {before:8.0f} MB after 100 notices, {after:.0f} MB after {many}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="a notice's price")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=500)
    arguments = parser.parse_args()
    at = datetime.now(UTC).replace(microsecond=0)
    laying_out(arguments.rounds, at)
    with tempfile.TemporaryDirectory() as folder:
        make_notice_keys(Path(folder), [TOWN], at=at)
        signing(Path(folder), arguments.rounds, at)
    memory(arguments.many, at)


if __name__ == "__main__":
    main()
