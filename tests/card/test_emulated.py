"""The emulated card keeps a card's rules: PINs, tries, locking, the counter; and keeps its keys to itself."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.card.cast import AUTH_PIN, CHALLENGE, CONTENT, HANAKO, HAYAMA, NOW, SIGN_PIN, Pki
from yakuba.card import emulated
from yakuba.card.emulated import SUFFIX, EmulatedCard, WrongCounterKey, cards_in
from yakuba.card.interface import Card, PinForm, PinLocked, UnreadableCard, WrongPin
from yakuba.card.outcomes import Kind, Outcome
from yakuba.card.pins import PIN_RULES
from yakuba.card.testca import IssuedPair


@pytest.fixture(scope="module")
def pair(pki: Pki) -> IssuedPair:
    """Both certificates of Hanako's card."""
    return pki.authority.issue(HANAKO, HAYAMA, now=NOW, keys=(pki.keys[0], pki.keys[1]))


def _make(pki: Pki, pair: IssuedPair, path: Path) -> EmulatedCard:
    return EmulatedCard.make(
        path, pair, label="葉山 花子(見本)", sign_pin=SIGN_PIN, auth_pin=AUTH_PIN, unlock_key=pki.authority.unlock_key
    )  # fmt: skip


@pytest.fixture
def card(pki: Pki, pair: IssuedPair, tmp_path: Path) -> EmulatedCard:
    """Hanako's card."""
    return _make(pki, pair, tmp_path / f"hanako{SUFFIX}")


def test_the_emulated_card_stands_behind_the_interface_of_real_ones(card: EmulatedCard) -> None:
    same: Card = card
    assert same.label == "葉山 花子(見本)"


def test_a_card_signs_an_application_with_its_signing_pin(card: EmulatedCard, pki: Pki) -> None:
    assert pki.judge(card.sign_cms(CONTENT, SIGN_PIN, at=NOW)).outcome is Outcome.GOOD


def test_a_card_answers_a_challenge_with_its_authentication_pin(card: EmulatedCard, pki: Pki) -> None:
    found = card.authenticate(CHALLENGE, AUTH_PIN)
    assert pki.judge_login(found.signature, found.certificate).outcome is Outcome.GOOD


@pytest.mark.parametrize(
    ("kind", "pin"),
    [
        ("sign", ""), ("sign", "ABC12"), ("sign", "A" * 17), ("sign", "abc123"), ("sign", "ABC 123"),
        ("sign", "ＡＢＣ１２３"), ("auth", "123"), ("auth", "12345"), ("auth", "12a4"), ("auth", "１２３４"), ("auth", "1234\n"),
    ],
)  # fmt: skip
def test_what_is_not_of_a_pins_form_never_reaches_the_card(card: EmulatedCard, kind: Kind, pin: str) -> None:
    with pytest.raises(PinForm), card.unlocked(kind, pin):
        pass
    with pytest.raises(PinForm):
        card.change_pin(kind, {"sign": SIGN_PIN, "auth": AUTH_PIN}[kind], pin)
    assert card.tries_left(kind) == PIN_RULES[kind].tries


@pytest.mark.parametrize(
    ("kind", "wrong", "right"), [("sign", "WRONG1", SIGN_PIN), ("auth", "9999", AUTH_PIN)]
)
def test_a_pin_locks_after_its_tries_and_then_even_the_right_one_does_nothing(
    card: EmulatedCard, kind: Kind, wrong: str, right: str
) -> None:
    for left in range(PIN_RULES[kind].tries - 1, 0, -1):
        with pytest.raises(WrongPin) as caught, card.unlocked(kind, wrong):
            pass
        assert caught.value.tries_left == card.tries_left(kind) == left
    for pin in (wrong, right):
        with pytest.raises(PinLocked), card.unlocked(kind, pin):
            pass
    assert card.tries_left(kind) == 0


def test_one_pins_lock_does_not_touch_the_other(card: EmulatedCard) -> None:
    for _ in range(3):
        with pytest.raises((WrongPin, PinLocked)):
            card.authenticate(CHALLENGE, "9999")
    assert (card.tries_left("auth"), card.tries_left("sign")) == (0, 5)
    assert card.sign_cms(CONTENT, SIGN_PIN, at=NOW)


def test_the_right_pin_gives_all_tries_back(card: EmulatedCard) -> None:
    for _ in range(2):
        with pytest.raises(WrongPin):
            card.authenticate(CHALLENGE, "9999")
    card.authenticate(CHALLENGE, AUTH_PIN)
    assert card.tries_left("auth") == 3


def test_the_counter_unlocks_a_card_and_the_old_pin_is_gone(card: EmulatedCard, pki: Pki) -> None:
    for _ in range(5):
        with pytest.raises((WrongPin, PinLocked)):
            card.sign_cms(CONTENT, "WRONG1", at=NOW)
    card.unlock("sign", pki.authority.unlock_key, "NEWPIN7")
    with pytest.raises(WrongPin):
        card.sign_cms(CONTENT, SIGN_PIN, at=NOW)
    assert pki.judge(card.sign_cms(CONTENT, "NEWPIN7", at=NOW)).outcome is Outcome.GOOD


def test_nobody_but_the_counter_unlocks_a_card(card: EmulatedCard) -> None:
    with pytest.raises(WrongCounterKey):
        card.unlock("sign", bytes(32), "NEWPIN7")
    with pytest.raises(WrongPin):
        card.sign_cms(CONTENT, "NEWPIN7", at=NOW)


def test_pulling_the_plug_while_a_pin_is_looked_at_never_wins_a_try(
    card: EmulatedCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(_pin: str, _salt: bytes) -> bytes:
        raise PowerCut

    with monkeypatch.context() as during:
        during.setattr(emulated, "pin_key", cut)
        for left in (2, 1, 0):
            with pytest.raises(PowerCut):
                card.authenticate(CHALLENGE, AUTH_PIN)
            assert card.tries_left("auth") == left
    with pytest.raises(PinLocked):
        card.authenticate(CHALLENGE, AUTH_PIN)


def test_the_name_is_read_only_after_the_signing_pin(card: EmulatedCard) -> None:
    rest = json.loads(card.path.read_text())
    del rest["label"]  # printed on the card's face
    for text in (HANAKO.name, HANAKO.address):
        assert text not in json.dumps(rest, ensure_ascii=False)
        assert text.encode().hex() not in json.dumps(rest)
    assert HANAKO.name.encode() not in card.auth_certificate()
    with card.unlocked("sign", SIGN_PIN) as session:
        assert HANAKO.name.encode() in session.certificate


def test_private_keys_are_in_no_file_as_they_are(card: EmulatedCard, pki: Pki) -> None:
    plain = card.path.read_bytes()
    for key in pki.keys:
        number = key.private_numbers().d.to_bytes(256, "big")
        raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        for secret in (number, raw):
            for written in (secret, secret.hex().encode(), base64.b64encode(secret)):
                assert written not in plain
    assert card.path.stat().st_mode & 0o777 == 0o600


def test_a_session_says_nothing_of_its_key(card: EmulatedCard) -> None:
    with card.unlocked("sign", SIGN_PIN) as session:
        assert repr(session) == "EmulatedSession(…)"


def test_a_sealed_part_does_not_fit_in_another_place(card: EmulatedCard) -> None:
    data = json.loads(card.path.read_text())
    for name in ("sealed", "pin_wrapped", "salt"):
        data["sections"]["sign"][name] = data["sections"]["auth"][name]
    card.path.write_text(json.dumps(data))
    with pytest.raises(WrongPin):
        card.sign_cms(CONTENT, "PIN123", at=NOW)


def test_a_card_is_never_written_over(card: EmulatedCard, pki: Pki, pair: IssuedPair) -> None:
    with pytest.raises(FileExistsError):
        _make(pki, pair, card.path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}'])
def test_a_file_that_is_no_card_is_said_to_be_none_and_left_out(card: EmulatedCard, content: str) -> None:
    other = card.path.with_name(f"other{SUFFIX}")
    other.write_text(content)
    with pytest.raises(UnreadableCard):
        EmulatedCard.load(other)
    assert [one.name for one in cards_in(card.path.parent)] == ["hanako"]


def test_pin_rules_hold_whatever_is_tried_in_whatever_order(
    pki: Pki, pair: IssuedPair, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run_state_machine_as_test(
        lambda: _Life(pki, pair, tmp_path_factory.mktemp("life")),
        settings=settings(max_examples=8, stateful_step_count=12, deadline=None),
    )


class _Life(RuleBasedStateMachine):
    """One card's life beside a model of it: the PIN in force and the tries left."""

    def __init__(self, pki: Pki, pair: IssuedPair, folder: Path) -> None:
        super().__init__()
        self.pki, self.card = pki, _make(pki, pair, folder / f"life{SUFFIX}")
        self.pin: dict[Kind, str] = {"sign": SIGN_PIN, "auth": AUTH_PIN}
        self.left: dict[Kind, int] = {"sign": 5, "auth": 3}

    kinds = st.sampled_from(["sign", "auth"])
    numbers = st.sampled_from(["0000", "4321"])

    @initialize()
    def fresh(self) -> None:
        assert {kind: self.card.tries_left(kind) for kind in self.left} == self.left

    def _other(self, kind: Kind, number: str) -> str:
        return number if kind == "auth" else f"PIN{number}"

    @rule(kind=kinds)
    def right(self, kind: Kind) -> None:
        if self.left[kind]:
            with self.card.unlocked(kind, self.pin[kind]):
                self.left[kind] = PIN_RULES[kind].tries
        else:
            with pytest.raises(PinLocked), self.card.unlocked(kind, self.pin[kind]):
                pass

    @rule(kind=kinds)
    def wrong(self, kind: Kind) -> None:
        self.left[kind] = max(0, self.left[kind] - 1)
        expected = WrongPin if self.left[kind] else PinLocked
        with pytest.raises(expected), self.card.unlocked(kind, self._other(kind, "9876")):
            pass

    @rule(kind=kinds, number=numbers)
    def change(self, kind: Kind, number: str) -> None:
        if self.left[kind]:
            self.card.change_pin(kind, self.pin[kind], self._other(kind, number))
            self.pin[kind], self.left[kind] = self._other(kind, number), PIN_RULES[kind].tries

    @rule(kind=kinds, number=numbers)
    def unlock(self, kind: Kind, number: str) -> None:
        self.card.unlock(kind, self.pki.authority.unlock_key, self._other(kind, number))
        self.pin[kind], self.left[kind] = self._other(kind, number), PIN_RULES[kind].tries

    @invariant()
    def the_card_counts_as_the_model_does(self) -> None:
        assert {kind: self.card.tries_left(kind) for kind in self.left} == self.left
