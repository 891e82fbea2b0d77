"""By-laws of a card on a reader: the same over the code alone and through pcscd as a real reader."""

import base64
import hashlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from tests.card.cast import AUTH_PIN, CHALLENGE, CONTENT, NOW, SIGN_PIN, Pki
from tests.card.reading import applet, hanakos, in_process, on_a_reader
from yakuba.card.agent.at_hand import at_hand
from yakuba.card.agent.server import AgentServer
from yakuba.card.applet import Applet
from yakuba.card.commands import card as card_commands
from yakuba.card.commands import card_agent
from yakuba.card.emulated import EmulatedCard
from yakuba.card.interface import PinForm, PinLocked, UnreadableCard, WrongPin
from yakuba.card.outcomes import Outcome
from yakuba.card.pcsc.apdu import command, exchange
from yakuba.card.pcsc.application import APPLICATION, FILES
from yakuba.card.pcsc.card import PcscCard
from yakuba.card.signing import authenticate, sign_cms

SELECT_APPLICATION = command(0, 0xA4, 0x04, 0x0C, APPLICATION)


@dataclass(frozen=True)
class Laid:
    """A card laid on a reader: the card's own file, its wire, and what our PC/SC code sees."""

    card: EmulatedCard
    wire: Applet
    seen: PcscCard


@pytest.fixture(
    params=["in process", "pcscd"],
)
def laid(request: pytest.FixtureRequest, pki: Pki, tmp_path: Path) -> Iterator[Laid]:
    card = hanakos(pki, tmp_path)
    wire = applet(pki, card)
    if request.param == "in process":
        yield Laid(card, wire, in_process(wire))
    else:
        with on_a_reader(wire, tmp_path) as seen:
            yield Laid(card, wire, seen)


def test_a_card_on_a_reader_signs_logs_in_counts_tries_and_locks_as_the_emulated_one(
    laid: Laid, pki: Pki
) -> None:
    seen = laid.seen
    assert pki.judge(sign_cms(seen, CONTENT, SIGN_PIN, at=NOW)).outcome is Outcome.GOOD
    login = authenticate(seen, CHALLENGE, AUTH_PIN)
    assert pki.judge_login(login.signature, login.certificate).outcome is Outcome.GOOD
    assert seen.auth_certificate() == laid.card.auth_certificate() == login.certificate
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as wrong:
            sign_cms(seen, CONTENT, "WRONG1", at=NOW)
        assert wrong.value.tries_left == left == seen.tries_left("sign") == laid.card.tries_left("sign")
    with pytest.raises(PinLocked):
        sign_cms(seen, CONTENT, "WRONG1", at=NOW)
    with pytest.raises(PinLocked):
        sign_cms(seen, CONTENT, SIGN_PIN, at=NOW)
    assert (seen.tries_left("sign"), seen.tries_left("auth")) == (0, 3)


def test_what_cannot_be_a_pin_is_not_sent_and_costs_no_try(laid: Laid) -> None:
    with pytest.raises(PinForm), laid.seen.unlocked("auth", "12345"):
        pass
    assert laid.seen.tries_left("auth") == 3


def test_a_locked_pin_is_never_asked(pki: Pki, tmp_path: Path) -> None:
    card = hanakos(pki, tmp_path)
    sent: list[bytes] = []

    class Watched(Applet):
        def transmit(self, command: bytes) -> bytes:
            sent.append(command)
            return super().transmit(command)

    for _ in range(3):
        with pytest.raises((WrongPin, PinLocked)), card.unlocked("auth", "0000"):
            pass
    with pytest.raises(PinLocked), in_process(Watched(card)).unlocked("auth", AUTH_PIN):
        pass
    assert command(0, 0x20, 0x00, 0x80) in sent
    assert not any(AUTH_PIN.encode() in one for one in sent)


def test_the_signing_certificate_is_readable_only_after_its_own_pin(pki: Pki, tmp_path: Path) -> None:
    wire = applet(pki, hanakos(pki, tmp_path))
    exchange(wire, SELECT_APPLICATION)

    def status(file: int, *sent: bytes) -> int:
        exchange(wire, command(0, 0xA4, 0x02, 0x0C, file.to_bytes(2, "big")))
        return [exchange(wire, one).status for one in sent][-1]

    read = command(0, 0xB0, 0, 0, expected=4)
    verify = command(0, 0x20, 0, 0x80, AUTH_PIN.encode())
    assert status(FILES["auth"].certificate, read) == 0x9000
    assert status(FILES["sign"].certificate, read) == 0x6982
    assert status(FILES["auth"].pin, verify) == 0x9000
    assert status(FILES["sign"].certificate, read) == 0x6982
    assert status(FILES["sign"].pin, command(0, 0x20, 0, 0x80, SIGN_PIN.encode())) == 0x9000
    assert status(FILES["sign"].certificate, read) == 0x9000


def test_no_key_signs_before_its_pin_nor_after_a_reset_nor_anything_but_a_sha256_digest(
    pki: Pki, tmp_path: Path
) -> None:
    wire = applet(pki, hanakos(pki, tmp_path))
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(CONTENT).digest()

    def sign(data: bytes, p1: int = 0x00, p2: int = 0x80) -> int:
        exchange(wire, command(0, 0xA4, 0x02, 0x0C, FILES["auth"].key.to_bytes(2, "big")))
        return exchange(wire, command(0x80, 0x2A, p1, p2, data, expected=256)).status

    exchange(wire, SELECT_APPLICATION)
    assert sign(info) == 0x6982
    exchange(wire, command(0, 0xA4, 0x02, 0x0C, FILES["auth"].pin.to_bytes(2, "big")))
    assert exchange(wire, command(0, 0x20, 0, 0x80, AUTH_PIN.encode())).status == 0x9000
    assert sign(info) == 0x9000
    assert sign(info[:-1]) == sign(b"\x00" * 51) == sign(info[19:]) == 0x6A80
    assert sign(info, p1=0x9E, p2=0x9A) == 0x6A86
    wire.reset()
    exchange(wire, SELECT_APPLICATION)
    assert sign(info) == 0x6982


@given(st.binary(max_size=40))
def test_the_card_answers_every_command_with_a_status(pki_card: Applet, sent: bytes) -> None:
    assert len(pki_card.transmit(sent)) >= 2


@pytest.fixture(scope="module")
def pki_card(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Applet:
    wire = applet(pki, hanakos(pki, tmp_path_factory.mktemp("any")))
    exchange(wire, SELECT_APPLICATION)
    return wire


class _Talks:
    """A card that answers by a list."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.sent = list(answers), list[bytes]()

    def transmit(self, sent: bytes) -> bytes:
        self.sent.append(sent)
        return bytes.fromhex(self.answers.pop(0))


def test_an_answer_in_parts_is_put_together_and_a_wrong_length_asked_again() -> None:
    parts = _Talks("6C03", "0102 6101", "03 9000")
    answer = exchange(parts, command(0, 0xB0, 0, 0, expected=256))
    assert (answer.data, answer.status) == (b"\x01\x02\x03", 0x9000)
    assert [one.hex() for one in parts.sent] == ["00b0000000", "00b0000003", "00c0000001"]


@pytest.mark.parametrize("answers", [("",), ("6C01",) * 20, ("6101",) * 20])
def test_a_card_that_talks_nonsense_is_unreadable(answers: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableCard):
        exchange(_Talks(*answers), command(0, 0xB0, 0, 0, expected=1))


def test_the_agent_offers_no_reader_where_there_is_none_and_says_what_it_needs(tmp_path: Path) -> None:
    assert list(at_hand(tmp_path, readers=False)()) == []
    said = CliRunner().invoke(
        card_agent, ["--origin", "https://portal.example.jp", "--token-file", str(tmp_path / "t")]
    )
    assert said.exit_code == 1
    assert "--reader" in said.output


def test_opensc_an_independent_reader_reads_the_card_and_signs_with_it(pki: Pki, tmp_path: Path) -> None:
    for tool in ("opensc-tool", "pkcs15-tool", "pkcs15-crypt"):
        if shutil.which(tool) is None:
            pytest.skip("OpenSC (Debian: opensc) is not installed here")
    card = hanakos(pki, tmp_path)
    with on_a_reader(applet(pki, card), tmp_path):
        assert _said("opensc-tool", "--name").strip() == b"jpki"
        pins = _said("pkcs15-tool", "--list-pins").decode()
        assert "Tries left     : 3" in pins
        assert "Tries left     : 5" in pins
        read = load_pem_x509_certificate(_said("pkcs15-tool", "--read-certificate", "1"))
        assert read == load_der_x509_certificate(card.auth_certificate())
        (tmp_path / "digest").write_bytes(hashlib.sha256(CONTENT).digest())
        _said(
            "pkcs15-crypt", "--sign", "--key", "2", "--sha-256", "--pkcs1", "--pin", SIGN_PIN,
            "--input", str(tmp_path / "digest"), "--output", str(tmp_path / "signature"), "--raw",
        )  # fmt: skip
    with card.unlocked("sign", SIGN_PIN) as session:
        key = load_der_x509_certificate(session.certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify((tmp_path / "signature").read_bytes(), CONTENT, PKCS1v15(), SHA256())


def _said(*words: str) -> bytes:
    return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout


def test_the_agent_signs_with_a_card_on_a_reader(pki: Pki, tmp_path: Path) -> None:
    wire = applet(pki, hanakos(pki, tmp_path))
    with on_a_reader(wire, tmp_path) as seen:
        server = AgentServer(
            port=0, cards=at_hand(None, readers=True), origins=[], token="t" * 43, now=lambda: NOW
        )
        with server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                said = httpx.post(
                    f"{server.url}/api/sign",
                    headers={"Authorization": "Bearer " + "t" * 43},
                    json={
                        "operation": "sign", "content": base64.b64encode(CONTENT).decode(), "card": seen.name,
                        "pin": SIGN_PIN,
                    },
                )  # fmt: skip
                page = httpx.get(server.url)
                told = CliRunner().invoke(card_commands, ["readers"]).output
            finally:
                server.shutdown()
                thread.join()
    assert said.status_code == 200, said.text
    assert pki.judge(base64.b64decode(said.json()["result"])).outcome is Outcome.GOOD
    assert seen.label in page.text
    assert "署名用 あと5回\t利用者証明用 あと3回" in told
    assert "カードリーダーにカードがありません" in told, "vpcd has a second slot, which is empty"


def test_a_card_is_not_laid_on_a_virtual_reader_that_is_not_there(pki: Pki, tmp_path: Path) -> None:
    card = hanakos(pki, tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        said = CliRunner().invoke(
            card_commands, ["present", str(card.path), "--port", str(taken.getsockname()[1])]
        )
    assert (said.exit_code, "vsmartcard-vpcd" in said.output) == (1, True)
