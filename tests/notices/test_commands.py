"""``yakuba verify``: words for people, JSON for programs, an exit status for both."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.notices.cast import SIGNED_AT
from tests.notices.conftest import Town, rendered
from yakuba.base.canonical import sha256_hex
from yakuba.casework.notices.commands import verify

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
    monkeypatch.setattr("yakuba.casework.notices.commands.now", lambda: LATER)
    file = tmp_path / "notice.pdf"
    file.write_bytes({"signed": signed, "changed": signed + b"x", "photo": b"\xff\xd8\xff"}[data])
    result = CliRunner().invoke(verify, [str(file), "--roots", str(town.folder / "public")])
    assert (result.exit_code, words in result.output) == (status, True), result.output


def test_verify_for_programs_names_every_check_with_its_clause(
    signed: bytes, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YAKUBA_NOTICE_ROOT", str(town.folder / "public"))
    monkeypatch.setattr("yakuba.casework.notices.commands.now", lambda: LATER)
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
