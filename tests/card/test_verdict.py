"""What a signature must be to be good."""

import hashlib

import pytest

from tests.card.cast import CHALLENGE, HANAKO, NOW, Pki, not_good, session, signed
from yakuba.card.outcomes import CLAUSES, CheckCode, Outcome
from yakuba.card.revocation import NotChecked


def test_a_signature_of_a_valid_card_is_good_and_every_check_was_made(pki: Pki) -> None:
    verdict = pki.judge(signed(pki.hanako()))
    assert verdict.outcome is Outcome.GOOD
    assert verdict.reason is None
    assert {check.code for check in verdict.checks} == set(CheckCode) - {CheckCode.CHALLENGE}
    assert all(check.clause == CLAUSES[check.code] for check in verdict.checks)


def test_the_verdict_names_the_certificate_by_issuer_key_and_serial_and_the_holder_by_attributes(
    pki: Pki,
) -> None:
    issued = pki.hanako()
    signer = pki.judge(signed(issued)).signer
    assert signer is not None
    assert (signer.issuer_key_id, signer.serial, signer.kind) == (issued.issuer_key_id, issued.serial, "sign")
    assert signer.attributes == HANAKO
    assert HANAKO.name not in signer.subject_cn


def test_a_login_with_a_valid_card_is_good_and_says_no_name(pki: Pki) -> None:
    issued = pki.hanako("auth")
    signature = session(issued).sign_digest(hashlib.sha256(CHALLENGE).digest())
    verdict = pki.judge_login(signature, issued.certificate)
    assert verdict.outcome is Outcome.GOOD
    assert verdict.signer is not None
    assert verdict.signer.attributes is None


def test_without_revocation_information_nothing_passes(pki: Pki) -> None:
    verdict = pki.judge(signed(pki.hanako()), revocation=NotChecked())
    assert verdict.outcome is Outcome.UNKNOWN
    assert not_good(verdict) == {"revocation_scope": "revocation_not_checked"}


def test_a_time_without_zone_is_the_callers_mistake_and_not_a_bad_signature(pki: Pki) -> None:
    with pytest.raises(ValueError, match="time zone"):
        pki.judge(signed(pki.hanako()), at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        pki.judge_login(b"", b"", at=NOW.replace(tzinfo=None))
