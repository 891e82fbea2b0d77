"""The commands at the counter and on the resident's machine."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from tests.card.cast import CONTENT, HAYAMA
from yakuba.base import clock
from yakuba.card.commands import card, card_agent
from yakuba.card.emulated import SUFFIX, EmulatedCard
from yakuba.card.interface import WrongPin
from yakuba.card.outcomes import Outcome
from yakuba.card.revocation import RevocationIndex
from yakuba.card.testca import TestCA
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of the present and one card, made by the command."""
    folder = tmp_path_factory.mktemp("made")
    TestCA.create(folder / "pki", now=clock.now(), municipalities=(HAYAMA,))
    result = _run(
        "issue", "--pki", str(folder / "pki"), "--cards", str(folder / "cards"), "--name", "葉山 花子", "--sex", "2",
        "--born", "1990-01-02", "--address", "葉山町堀内2135", "--municipality", HAYAMA, "--file", "hanako",
        typed="HAYAMA2026\n1234\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def town(made: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test to change."""
    return shutil.copytree(made, tmp_path / "town")


def _run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(card, list(arguments), input=typed)


def _card(town: Path) -> Path:
    return town / "cards" / f"hanako{SUFFIX}"


def _outcome(town: Path) -> Outcome:
    authority = TestCA.open(town / "pki")
    trust = TrustStore.from_folder(authority.roots_folder)
    index = RevocationIndex.from_folder(authority.crls_folder, trust)
    message = (town / "message").read_bytes()
    return verify_cms_detached(CONTENT, message, at=clock.now(), trust=trust, revocation=index).outcome


def _sign(town: Path, pin: str = "HAYAMA2026") -> Result:
    (town / "content").write_bytes(CONTENT)
    return _run(
        "sign", str(_card(town)), str(town / "content"), "--out", str(town / "message"), typed=f"{pin}\n"
    )


def test_a_card_made_by_the_command_signs_and_once_revoked_signs_in_vain(town: Path) -> None:
    assert _sign(town).exit_code == 0
    assert _outcome(town) is Outcome.GOOD
    with EmulatedCard.load(_card(town)).unlocked("sign", "HAYAMA2026"):
        pass
    root = TestCA.open(town / "pki").root("sign")
    result = _run(
        "revoke", "--pki", str(town / "pki"), "--issuer-key-id", root.key_id.hex(), "--serial", "1000001", "--reason",
        "keyCompromise",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert _outcome(town) is Outcome.BAD


def test_cards_are_listed_with_their_tries_and_shown_without_a_pin(town: Path) -> None:
    listed = _run("list", str(town / "cards")).output
    assert "hanako\t葉山 花子(見本)\t署名用 あと5回\t利用者証明用 あと3回" in listed
    assert "署名用: あと5回" in _run("show", str(_card(town))).output


def test_a_wrong_pin_is_told_in_words_with_the_tries_left(town: Path) -> None:
    result = _sign(town, "WRONG1")
    assert result.exit_code == 1
    assert "あと4回" in result.output
    assert "WRONG1" not in result.output


def test_the_counter_unlocks_a_card(town: Path) -> None:
    for _ in range(5):
        _sign(town, "WRONG1")
    assert "窓口" in _sign(town).output
    result = _run("unlock", str(_card(town)), "--pki", str(town / "pki"), typed="NEWPIN7\nNEWPIN7\n")
    assert result.exit_code == 0, result.output
    assert _sign(town, "NEWPIN7").exit_code == 0


def test_another_authority_does_not_unlock_it(town: Path, tmp_path: Path) -> None:
    TestCA.create(tmp_path / "other", now=clock.now(), municipalities=(HAYAMA,))
    result = _run("unlock", str(_card(town)), "--pki", str(tmp_path / "other"), typed="NEWPIN7\nNEWPIN7\n")
    assert result.exit_code == 1
    assert "認証局" in result.output
    with pytest.raises(WrongPin):
        EmulatedCard.load(_card(town)).sign_cms(CONTENT, "NEWPIN7", at=clock.now())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["publish", "--pki", "nowhere"], "テスト認証局がありません"),
        (["revoke", "--pki", "{pki}", "--issuer-key-id", "00", "--serial", "1"], "発行していません"),
        (["unlock", "{card}", "--pki", "{pki}", "--new-pin", "short"], "6文字から16文字"),
        (["list", "nowhere"], "nowhere"),
    ],
)
def test_mistakes_are_told_in_words(town: Path, arguments: list[str], words: str) -> None:
    filled = [one.format(pki=town / "pki", card=_card(town)) for one in arguments]
    result = _run(*filled)
    assert result.exit_code != 0
    assert words in result.output


def test_lists_are_published_anew(town: Path) -> None:
    assert _run("publish", "--pki", str(town / "pki")).exit_code == 0


@pytest.mark.parametrize(
    "origin", ["portal.example.jp", "https://portal.example.jp/", "https://portal.example.jp:443", "*"]
)
def test_the_agent_starts_only_with_origins_as_browsers_write_them(tmp_path: Path, origin: str) -> None:
    arguments = [
        "--cards",
        str(tmp_path),
        "--origin",
        origin,
        "--token-file",
        str(tmp_path / "token"),
        "--port",
        "0",
    ]
    result = CliRunner().invoke(card_agent, arguments)
    assert result.exit_code == 1
    assert "https://portal.example.jp または" in result.output


def test_the_agent_runs_as_a_program_says_where_and_ends_on_ctrl_c(town: Path) -> None:
    command = [
        sys.executable, "-m", "yakuba", "card-agent", "--port", "0", "--cards", str(town / "cards"), "--origin",
        "https://portal.example.jp", "--token-file", str(town / "agent" / "token"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        page = httpx.get(address.group(), trust_env=False)
        assert "葉山 花子(見本)" in page.text
        assert "https://portal.example.jp" in page.text
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "終了します" in rest
    assert "Traceback" not in errors


def test_a_port_in_use_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = ["--cards", str(tmp_path), "--origin", "https://portal.example.jp", "--token-file"]
        result = CliRunner().invoke(card_agent, [*arguments, str(tmp_path / "token"), "--port", port])
    assert result.exit_code == 1
    assert "別のポートを指定してください" in result.output
