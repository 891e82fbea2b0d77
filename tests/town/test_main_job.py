"""The main job on the real town hall: signed application, three zones, four eyes, register, signed notice."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg
import pytest
from benchmarks.driver.parcels import mother
from benchmarks.driver.running import RunningTown
from benchmarks.faults.kinds import faults
from benchmarks.faults.town import FaultTown

from yakuba.demo.cards import cards_made
from yakuba.zones.launcher.town import DATABASE
from yakuba.zones.play.story import Story
from yakuba.zones.postgres import Cluster

pytestmark = [pytest.mark.town]
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


SAMPLE = {"kill": 12, "syscall": 10, "eio": 10}
"""Of the faults of ``make faults`` (benchmarks/faults), and how many applications come in meanwhile."""


@pytest.mark.parametrize("name", SAMPLE)
def test_whatever_is_done_to_the_town_every_receipt_number_is_kept_once_and_unchanged(
    town: RunningTown, name: str
) -> None:
    fault = next(each for each in faults() if each.name == name)
    if name != "kill" and shutil.which("strace") is None:
        pytest.skip("strace is not installed: no system call can be made to fail")
    found = FaultTown(town.home, town).round(fault.disturb, seed=1, count=SAMPLE[name])
    assert found.tally.kept, (found.tally, found.note)
    assert found.tally.recorded >= found.tally.shown > 0


def test_the_cast_is_of_the_towns_day(town: RunningTown) -> None:
    made = cards_made(Path(town.ready["cards"]))
    assert made is not None
    assert made.as_of <= date.today() or made.as_of.toordinal() - date.today().toordinal() <= 1  # noqa: DTZ011
