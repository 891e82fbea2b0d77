"""A zone's log can be checked from its export alone; with another zone's export, a cut or re-made log is seen too."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction
from pytest_django.fixtures import Settings

from yakuba.audit import log
from yakuba.audit.chain import link_hash
from yakuba.audit.events import AuditEvent
from yakuba.gateway import exchange, slips
from yakuba.gateway.audit_source import write
from yakuba.gateway.commands import audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exports(tmp_path: Path, settings: Settings) -> tuple[Path, Path]:
    """The export of mynumber with five records, and that of internet, which witnessed the fourth."""
    settings.ZONE = "mynumber"
    for number in range(5):
        with transaction.atomic():
            log.append(
                AuditEvent("staff:1", "case.opened", f"application:{number}", "143014", {"番号": str(number)})
            )
        if number == 3:
            with transaction.atomic():
                slips.post_head("mynumber", *log.head(), "internet")
    [(_number, slip)] = slips.waiting_for("lgwan", 9)
    own, other = tmp_path / "mynumber.jsonl", tmp_path / "internet.jsonl"
    with own.open("w") as file:
        write(file)
    settings.ZONE = "internet"
    exchange.take_slip(slip)
    with other.open("w") as file:
        write(file)
    return own, other


def verify(file: Path, *witnesses: Path, keys: str) -> tuple[int, str]:
    arguments = [
        str(file),
        "--keys",
        keys,
        *(part for each in witnesses for part in ("--witness", str(each))),
    ]
    result = CliRunner().invoke(audit.commands["verify"], arguments)
    return result.exit_code, result.output


def rewrite(file: Path, change: object) -> None:
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in change(lines)))  # type: ignore[operator]


def test_an_honest_log_verifies(exports: tuple[Path, Path], settings: Settings) -> None:
    code, said = verify(*exports, keys=settings.ZONE_PEERS)
    assert (code, "5件" in said, "控えと一致 1件" in said, "署名確認 1件" in said) == (0, True, True, True)


def test_a_changed_record_is_seen_without_any_witness(exports: tuple[Path, Path], settings: Settings) -> None:
    rewrite(
        exports[0],
        lambda lines: [{**line, "actor": "staff:2"} if line.get("sequence") == 2 else line for line in lines],
    )
    code, said = verify(exports[0], keys=settings.ZONE_PEERS)
    assert code == 1
    assert "2番" in said


def test_a_cut_tail_is_seen_by_the_witness(exports: tuple[Path, Path], settings: Settings) -> None:
    rewrite(exports[0], lambda lines: lines[:3])
    assert verify(exports[0], keys=settings.ZONE_PEERS)[0] == 0
    code, said = verify(*exports, keys=settings.ZONE_PEERS)
    assert code == 1
    assert "4番" in said


def test_a_head_that_nobody_signed_accuses_nobody(exports: tuple[Path, Path], settings: Settings) -> None:
    rewrite(
        exports[1],
        lambda lines: [{**line, "hash": "0" * 64} if "witness" in line else line for line in lines],
    )
    code, said = verify(*exports, keys=settings.ZONE_PEERS)
    assert (code, "署名確認 0件" in said) == (0, True)


def test_another_file_is_told_from_an_export(tmp_path: Path, settings: Settings) -> None:
    other = tmp_path / "other.txt"
    other.write_text("hello\n")
    code, said = verify(other, keys=settings.ZONE_PEERS)
    assert code == 1
    assert "yakuba audit export" in said


def test_a_whole_chain_made_anew_by_the_databases_owner_is_seen_offline(
    exports: tuple[Path, Path], tmp_path: Path, settings: Settings
) -> None:
    """Every hash fits again, so the file alone is in order; only the other zone's copy of a head contradicts it."""
    own, other = exports
    head, *lines = own.read_text().splitlines()
    records = [json.loads(line) for line in lines if "witness" not in json.loads(line)]
    records[1]["facts"] = {"番号": "forged"}
    previous = records[0]["previous"]
    for row in records:
        event = AuditEvent(row["actor"], row["action"], row["subject"], row["municipality"], row["facts"])
        row["previous"] = previous
        previous = row["hash"] = link_hash(
            "mynumber", row["sequence"], datetime.fromisoformat(row["at"]), event, previous
        )
    forged = tmp_path / "forged.jsonl"
    forged.write_text("\n".join([head, *(json.dumps(row, ensure_ascii=False) for row in records)]) + "\n")
    offline = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2] / "src")}

    def verify(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "yakuba", "audit", "verify", *words]
        return subprocess.run(command, env=offline, capture_output=True, text=True, check=False)

    assert verify(str(forged)).returncode == 0
    keys = str(Path(settings.ZONE_PEERS))
    assert verify(str(own), "--witness", str(other), "--keys", keys).returncode == 0
    seen = verify(str(forged), "--witness", str(other), "--keys", keys)
    assert seen.returncode == 1, seen.stderr
    assert "壊れています: mynumber" in seen.stdout
