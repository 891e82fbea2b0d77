"""Nobody changes a signed application, its signature or a log-in by as much as a bit and gets it accepted."""

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.card.cast import CHALLENGE, CONTENT, Pki, session, signed
from yakuba.card.checklist import Checklist
from yakuba.card.outcomes import CheckCode, Outcome, Verdict
from yakuba.card.policy import SIGN_POLICY

SLICES = 8


def _refused(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.BAD and verdict.reason is not None


@pytest.mark.parametrize("part", range(SLICES))
def test_no_byte_of_the_message_can_be_another(pki: Pki, part: int) -> None:
    message = signed(pki.hanako())
    for position in range(part, len(message), SLICES):
        for change in (0x01, 0x0A, 0x80, 0xFF):
            changed = bytearray(message)
            changed[position] ^= change
            assert _refused(pki.judge(bytes(changed))), f"byte {position} ^ {change:#x}"


def test_no_byte_of_the_message_can_be_left_out_or_doubled(pki: Pki) -> None:
    message = signed(pki.hanako())
    for position in range(0, len(message), 3):
        assert _refused(pki.judge(message[:position] + message[position + 1 :]))
        assert _refused(pki.judge(message[: position + 1] + message[position:]))
        assert _refused(pki.judge(message[:position]))


def test_no_bit_of_the_content_can_be_another(pki: Pki) -> None:
    message = signed(pki.hanako())
    for position in range(len(CONTENT) * 8):
        changed = bytearray(CONTENT)
        changed[position // 8] ^= 1 << position % 8
        verdict = pki.judge(message, content=bytes(changed))
        assert verdict.reason == "content_changed"


def test_no_byte_of_a_login_can_be_another(pki: Pki) -> None:
    issued = pki.hanako("auth")
    certificate = issued.certificate
    signature = session(issued).sign_digest(hashlib.sha256(CHALLENGE).digest())
    assert pki.judge_login(signature, certificate).outcome is Outcome.GOOD
    for position in range(len(certificate)):
        changed = bytearray(certificate)
        changed[position] ^= 0x01
        assert _refused(pki.judge_login(signature, bytes(changed)))
    for position in range(len(signature)):
        broken = bytearray(signature)
        broken[position] ^= 0x01
        assert _refused(pki.judge_login(bytes(broken), certificate))


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), edits=st.integers(1, 6))
def test_messages_cut_up_and_put_together_again_are_refused(pki: Pki, seed: int, edits: int) -> None:
    message = signed(pki.hanako())
    changed, chance = bytearray(message), random.Random(seed)
    for _ in range(edits):
        begin = chance.randrange(len(changed))
        end = min(len(changed), begin + chance.randrange(1, 40))
        piece = bytes(changed[begin:end])
        where = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            del changed[begin:end]
        elif kind == 1:
            changed[where:where] = piece
        elif kind == 2:
            changed[begin:end] = chance.randbytes(end - begin)
        else:
            changed[where : where + len(piece)] = piece
    if bytes(changed) != message:
        assert _refused(pki.judge(bytes(changed)))


def test_a_verdict_with_a_check_that_was_not_made_is_never_good() -> None:
    for left_out in set(CheckCode) - {CheckCode.CHALLENGE}:
        checks = Checklist(SIGN_POLICY, without=(CheckCode.CHALLENGE,))
        for code in set(CheckCode) - {CheckCode.CHALLENGE, left_out}:
            checks.good(code)
        assert checks.verdict().outcome is Outcome.BAD
