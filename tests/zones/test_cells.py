"""Municipalities in several databases, and moved from one to another while applications keep coming; real clusters."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.zones.cells_town import MOVED, STAYS, CellsTown, town_with_cells
from yakuba.zones.cells.file import CellsFileWrong, read_cells
from yakuba.zones.checks import places_errors
from yakuba.zones.postgres import Cluster


@pytest.fixture(scope="module")
def town(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CellsTown]:
    with town_with_cells(cluster, tmp_path_factory.mktemp("cells"), "cellstown") as made:
        yield made


EVERY_STEP = ("写し 1/", "写し 6/", "追いつき", "照合", "切りかえ")
# two of the steps each time; all with YAKUBA_EVERY_STEP=1 (some minutes)
KILLED_AFTER = EVERY_STEP if os.environ.get("YAKUBA_EVERY_STEP") else ("写し 6/", "切りかえ")


def where(town: CellsTown, zone: str, code: str) -> list[str]:
    """The cells that hold anything of the municipality, asked of every table."""
    query = (
        "SELECT c.table_name::text FROM information_schema.columns c WHERE c.table_schema = 'public' "
        "AND c.column_name = 'municipality' AND c.table_name <> 'audit_record'"
    )
    tables = [name for (name,) in town.in_cell("home", zone, query)]
    return [
        cell
        for cell in ("home", "c2")
        if any(
            town.in_cell(cell, zone, f'SELECT 1 FROM "{table}" WHERE municipality = %s LIMIT 1', code)
            for table in tables
        )
    ]


def all_arrived(town: CellsTown, said: list[str], since: int) -> None:
    """Every application that was posted took effect once, and nobody was answered with an error."""
    [words] = said
    count, faults = words.split(" ", 1)
    assert faults == "[]"
    assert int(count) > 10
    town.wait_until(
        lambda: not town.in_both("internet", "SELECT 1 FROM gateway_pending LIMIT 1"), 90, "the last receipt"
    )
    numbers = [
        row[0] for row in town.in_both("mynumber", "SELECT number FROM echo_effect WHERE number >= %s", since)
    ]
    assert len(numbers) == len(set(numbers)) == int(count)
    states = town.in_both("internet", "SELECT DISTINCT state FROM gateway_outbox")
    assert {state for (state,) in states} == {"delivered"}


def test_a_municipality_is_moved_while_applications_keep_coming(town: CellsTown) -> None:
    with town.applications_keep_coming(1000) as said:
        town.wait_until(
            lambda: len(town.in_both("internet", "SELECT 1 FROM gateway_outbox")) > 20, 30, "some posted"
        )
        for zone in ("internet", "mynumber"):
            out = town.cells(zone, "move", MOVED, "c2")
            assert "すべての表で行数とハッシュが一致しました" in out
    all_arrived(town, said, 1000)
    for zone in ("internet", "mynumber"):
        assert where(town, zone, MOVED) == ["c2"]
        assert where(town, zone, STAYS) == ["home"]
        assert town.in_both(zone, "SELECT 1 FROM cell_change") == []
        assert f"{MOVED}  c2" in " ".join(town.cells(zone).replace("   ", " ").split(" ")).replace(
            "   ", "  "
        )


def killed_after(town: CellsTown, words: str, wait: float) -> str:
    """Start the move home, kill it ``wait`` seconds after it has said ``words``; what it said until then."""
    mover, said = town.start_cells("internet", "move", MOVED, "home"), ""
    assert mover.stdout is not None
    with mover.stdout:
        for line in mover.stdout:
            said += line
            if words in line:
                time.sleep(wait)
                mover.send_signal(signal.SIGKILL)
                break
    mover.wait()
    return said


def test_killed_at_any_moment_the_same_command_goes_on(town: CellsTown) -> None:
    chance = random.Random(20260401)
    assert where(town, "internet", MOVED) == ["c2"]
    with town.applications_keep_coming(1_000_000) as said:
        for number, words in enumerate(KILLED_AFTER):
            before = killed_after(town, words, chance.uniform(0, 0.02))
            # on a fast machine the kill before may come after the last step: then there is nothing left to be killed
            if number and ("移しました" in before or "すでに" in before):
                break
            assert words in before
            assert "移しました" not in before
        if where(town, "internet", MOVED) != ["home"]:
            town.cells("internet", "move", MOVED, "home")
        time.sleep(0.5)
    all_arrived(town, said, 1_000_000)
    assert where(town, "internet", MOVED) == ["home"]
    assert town.in_both("internet", "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", "cell_move%") == []


def test_a_job_of_a_municipality_on_its_way_is_found_in_the_cell_that_serves_it_only(town: CellsTown) -> None:
    """While it is copied its rows are in two cells; a relay that took the copy would do the work twice."""
    script = """
import uuid
from django.db import connection
from yakuba.base import cells
from yakuba.gateway import pending
message = uuid.uuid4()
with under("143014"):
    pending.add("143014", message, "outbox", "test", "nowhere")
    serves = cells.here()
other = next(name for name in cells.names() if name != serves)
with cells.inside(other), connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO gateway_pending (municipality, message, role, kind, queue, due_at, attempts, problem)"
        " VALUES ('143014', %s, 'outbox', 'test', 'nowhere', now(), 0, '')", [message])
found = [len(one) for one in cells.everywhere(lambda: pending.due("nowhere", 10) + pending.of([message], "nowhere"))]
for cell in cells.names():
    with cells.inside(cell):
        pending.done([message], "outbox")
print(sorted(found))
"""
    assert town.post("internet", script) == "[0, 2]"


def test_a_question_to_all_cells_can_be_asked_inside_a_transaction(town: CellsTown) -> None:
    script = """
from yakuba.base import cells
with under("143014"):
    print(sorted(cells.aside(cells.here)), cells.here() in cells.names())
"""
    assert town.post("internet", script) == "['c2', 'home'] True"


def test_each_cell_has_its_own_chain_and_both_hold(town: CellsTown, tmp_path: Path) -> None:
    for cell, chain in (("home", "internet"), ("c2", "internet/c2")):
        file = tmp_path / f"{cell}.jsonl"
        script = (
            "import sys; from yakuba.base import cells; from yakuba.gateway.audit_source import write\n"
            "with cells.inside(sys.argv[1]), open(sys.argv[2], 'w') as file: print(write(file))"
        )
        assert int(town.post("internet", script, cell, str(file))) > 10
        assert f'"zone":"{chain}"' in file.read_text().splitlines()[0]
        check = "import sys; from yakuba.gateway.audit_export import verify; print(verify(open(sys.argv[1]), [], None).broken)"
        assert town.post("internet", check, str(file)) == "None"


def test_a_municipality_without_a_place_is_refused_by_name(town: CellsTown) -> None:
    script = """
from yakuba.base.cells import NoCell
try:
    post(1, town="011002")
except NoCell as error:
    print(error)
"""
    assert "011002 の置き場所(セル)が決まっていません" in town.post("internet", script)


def test_one_transaction_never_spans_two_cells(town: CellsTown) -> None:
    if where(town, "mynumber", MOVED) != ["c2"]:
        town.cells("mynumber", "move", MOVED, "c2")
    script = """
from yakuba.base.cells import TwoCells
try:
    with under("143014"), under("143421"):
        print("both")
except TwoCells:
    print("refused")
"""
    assert town.post("mynumber", script) == "refused"


def test_a_served_municipality_without_a_cell_stops_the_start() -> None:
    assert [error.id for error in places_errors(["143014"], [], complete=True)] == ["yakuba.E005"]
    assert [error.id for error in places_errors([], ["143014", "143014"], complete=True)] == ["yakuba.E006"]
    assert places_errors(["143014"], [], complete=False) == []
    assert places_errors(["143014"], ["143014"], complete=True) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cells: 3", "例:"),
        ("cells: {home: {number: 0}, c2: {number: 0, host: x, password_file: /dev/null}}", "重なっています"),
        ("cells: {Home: {number: 0}}", "英小文字"),
        ("cells: {home: {number: 0}, c2: {number: 1}}", "host"),
        ("cells: {home: {number: 0}, c2: {number: 1, host: x, password_file: /nowhere}}", "読めません"),
    ],
)
def test_a_wrong_file_says_what_is_right(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "cells.yaml").write_text(text)
    with pytest.raises(CellsFileWrong, match=words):
        read_cells(str(tmp_path / "cells.yaml"))
