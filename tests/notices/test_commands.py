"""``yakuba verify``: words for people, JSON for programs, an exit status for both."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.notices.cast import SIGNED_AT
from tests.notices.conftest import Town, rendered
from yakuba.base import clock
from yakuba.base.canonical import sha256_hex
from yakuba.card.verifying.command import verify
from yakuba.casework.notices.key_commands import notice_keys

LATER = SIGNED_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ("signed", 0, "町が発行したもので"),
        ("changed", 1, "正しくありません"),
        ("photo", 2, "確かめられませんでした"),
    ],
)
def test_verify_says_which_of_three_outcomes_it_is(
    data: str,
    status: int,
    words: str,
    signed: bytes,
    town: Town,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("yakuba.card.verifying.command.now", lambda: LATER)
    file = tmp_path / "notice.pdf"
    file.write_bytes({"signed": signed, "changed": signed + b"x", "photo": b"\xff\xd8\xff"}[data])
    result = CliRunner().invoke(verify, [str(file), "--roots", str(town.folder / "public")])
    assert (result.exit_code, words in result.output) == (status, True), result.output


def test_verify_for_programs_names_every_check_with_its_clause(
    signed: bytes, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YAKUBA_NOTICE_ROOT", str(town.folder / "public"))
    monkeypatch.setattr("yakuba.card.verifying.command.now", lambda: LATER)
    file = tmp_path / "notice.pdf"
    file.write_bytes(signed)
    told = json.loads(CliRunner().invoke(verify, [str(file), "--json"]).output)
    assert (told["outcome"], told["signer"], told["sha256"]) == ("good", "葉山町長", sha256_hex(signed))
    assert {check["outcome"] for check in told["checks"]} == {"good"}
    assert all(check["clause"] and check["words"]["easy"] for check in told["checks"])


def test_verify_without_any_roots_cannot_tell_or_refuses(tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(rendered())
    result = CliRunner().invoke(verify, [str(file), "--roots", str(tmp_path / "none")])
    assert result.exit_code == 1


def test_keys_are_made_rotated_and_revoked_by_command_without_a_zone(tmp_path: Path) -> None:
    folder, run = tmp_path / "own", CliRunner().invoke
    assert run(notice_keys, ["make", str(folder), "143014"]).exit_code == 0
    signed_at = clock.now().replace(microsecond=0)
    first = Town(folder).signed(rendered(), at=signed_at)
    assert run(notice_keys, ["rotate", str(folder), "143014"]).exit_code == 0
    since = ["--at", (signed_at + timedelta(seconds=1)).isoformat()]
    revoked = run(notice_keys, ["revoke", str(folder), "143014-1", "--reason", "key_compromise", *since])
    assert revoked.exit_code == 0
    second = Town(folder).signed(rendered(), at=clock.now().replace(microsecond=0))
    outcomes = []
    for number, data in enumerate((first, second)):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(data)
        outcomes.append(run(verify, [str(file), "--roots", str(folder / "public")]).exit_code)
    assert outcomes == [2, 0]
    missing = run(notice_keys, ["revoke", str(folder), "143014-9", "--reason", "superseded"])
    assert (missing.exit_code, "143014-9.crt" in missing.output) == (1, True)
    assert "131016" in run(notice_keys, ["rotate", str(folder), "131016"]).output


def test_the_commands_need_no_settings() -> None:
    code = (
        "from yakuba.card.verifying import command;from yakuba.casework.notices import key_commands, letterheads;"
        "from django.conf import settings;"
        "assert letterheads.municipalities() and not settings.configured"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
