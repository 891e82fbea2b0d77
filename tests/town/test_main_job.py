"""The main job on the real town hall: signed application, three zones, four eyes, register, signed notice."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import httpx
import psycopg
import pytest
from benchmarks.driver.parcels import Parcel, make, mother, post, session
from benchmarks.driver.running import RunningTown

from yakuba.demo.cards import cards_made
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.play.story import Story
from yakuba.zones.postgres import Cluster

pytestmark = [pytest.mark.town, pytest.mark.xdist_group("town")]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def inner(town: RunningTown) -> psycopg.Connection[tuple[object, ...]]:
    """The My Number zone's database as its administrator sees it: tests only."""
    return Cluster(town.home / "mynumber" / "postgres").as_superuser(DATABASE).connect()


def test_a_claim_goes_all_the_way_and_comes_back_as_a_notice_anyone_can_check(
    town: RunningTown, tmp_path: Path
) -> None:
    made = cards_made(Path(town.ready["cards"]))
    assert made is not None
    with inner(town) as database:
        before = _entries(database)
        played = Story(town.ready, mother(town.ready), made.as_of, lambda _line: None, tmp_path).play()
        assert _entries(database) == before + 1, "the register of child allowance has one more history row"
    assert played.facts["決定案(規則による)"] == "認定"
    assert played.notice is not None
    verdict = _verify(played.notice, town)
    assert verdict.returncode == 0, verdict.stdout
    forged = tmp_path / "forged.pdf"
    data = bytearray(played.notice.read_bytes())
    data[len(data) // 2] ^= 1
    forged.write_bytes(data)
    assert _verify(forged, town).returncode == 1


def _verify(file: Path, town: RunningTown) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yakuba", "verify", str(file), "--roots", str(town.ready["notices"])]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _entries(database: psycopg.Connection[tuple[object, ...]]) -> int:
    row = database.execute("SELECT count(*) FROM registers_entry WHERE register = 'jidou_teate'").fetchone()
    assert row is not None
    return int(str(row[0]))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_part_is_killed_every_application_with_a_receipt_number_arrives_once(
    town: RunningTown, seed: int
) -> None:
    parcels = make(town.ready, PDF, 16)
    with session(town.ready) as client:
        _hand_in_while_parts_die(town, client, parcels, random.Random(seed))
    promised = {parcel.receipt_number for parcel in parcels}
    assert _arrived(town, promised) == dict.fromkeys(promised, 1)


def _hand_in_while_parts_die(
    town: RunningTown, client: httpx.Client, parcels: list[Parcel], chance: random.Random
) -> None:
    for number, parcel in enumerate(parcels):
        for _ in range(40):  # the second try of a resident whose page did not answer
            try:
                answer = post(client, parcel)
            except httpx.HTTPError as problem:  # the part was killed under the request
                last: object = problem
            else:
                last = answer.text
                if answer.status_code == 201:
                    assert answer.json()["receipt_number"] == parcel.receipt_number
                    break
            time.sleep(0.5)
        else:
            raise AssertionError(f"never accepted: {last}")
        if number % 4 == 1:
            _kill_something(town, chance)


def _kill_something(town: RunningTown, chance: random.Random) -> None:
    """kill -9 a part of the town hall chosen by chance, its workers too."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(town.process.pid)], capture_output=True, text=True, check=True
    )
    victim = int(chance.choice(listed.stdout.split()))
    os.killpg(victim, signal.SIGKILL)


def _arrived(town: RunningTown, wanted: set[str]) -> dict[str, int]:
    limit, found = time.monotonic() + 120, dict[str, int]()
    while time.monotonic() < limit and len(found) < len(wanted):
        with inner(town) as database:
            rows = database.execute(
                "SELECT receipt_number, count(*) FROM casework_case WHERE receipt_number = ANY(%s) GROUP BY 1",
                [list(wanted)],
            ).fetchall()
        found = {str(number): int(str(count)) for number, count in rows}
        time.sleep(0.5)
    return found


def test_the_cast_is_of_the_towns_day(town: RunningTown) -> None:
    made = cards_made(Path(town.ready["cards"]))
    assert made is not None
    assert made.as_of <= date.today() or made.as_of.toordinal() - date.today().toordinal() <= 1  # noqa: DTZ011
