"""Every single check is necessary: something fails only it, and passes once that check is switched off."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.card import test_certificate_checks, test_message_checks
from tests.card.cast import CHALLENGE, HAYAMA, NINOMIYA, NOW, Pki, not_good, session
from tests.card.forge import message
from tests.card.switched_off import switch_off
from yakuba.card import derwrite as w
from yakuba.card import oids, pki_profile
from yakuba.card.crlwrite import ListFrame, Revoked, write_crl
from yakuba.card.outcomes import CheckCode, Outcome, Verdict
from yakuba.card.pki_profile import distribution_point_name
from yakuba.card.revocation import Revocations, verified_crl
from yakuba.card.testca import Issued

Case = Callable[[Pki], Callable[[], Verdict]]
DAY = timedelta(days=1)


def _message_case(name: str) -> Case:
    change = test_message_checks.CASES[name][0]

    def prepared(pki: Pki) -> Callable[[], Verdict]:
        made = change(message(pki.hanako())).encoded()
        return lambda: pki.judge(made)

    return prepared


def _certificate_case(name: str) -> Case:
    change = test_certificate_checks.CASES[name][0]

    def prepared(pki: Pki) -> Callable[[], Verdict]:
        made = message(pki.issued("sign", change(pki, pki.request()))).encoded()
        return lambda: pki.judge(made)

    return prepared


def _not_der(pki: Pki) -> Callable[[], Verdict]:
    """Beside the signer's certificate a value nobody reads, with an integer longer than needed: BER, not DER."""
    right = message(pki.hanako())
    beside = w.sequence(b"\x02\x02\x00\x01")
    made = replace(right, certificates=tuple(sorted((*right.certificates, beside)))).encoded()
    return lambda: pki.judge(made)


def _negative_serial(pki: Pki) -> Callable[[], Verdict]:
    request = replace(pki.request(), serial=-5)
    made = message(pki.issued("sign", request)).encoded()
    return lambda: pki.judge(made)


def _another_issuer_named(pki: Pki) -> Callable[[], Verdict]:
    """Signed by a pinned root under a name that is not its own."""
    name = pki_profile.distinguished_name((oids.COUNTRY, "JP"), (oids.COMMON_NAME, "another"))
    made = message(pki.issued("sign", replace(pki.request(), issuer=name))).encoded()
    return lambda: pki.judge(made)


def _signed_by_a_stranger(pki: Pki) -> Callable[[], Verdict]:
    raw = pki_profile.sign_certificate(pki.request(), pki.keys[1])
    made = message(Issued("sign", raw, pki.keys[0], "", "")).encoded()
    return lambda: pki.judge(made)


def _expired_root(pki: Pki) -> Callable[[], Verdict]:
    made = message(pki.hanako(generation="g1")).encoded()
    return lambda: pki.judge(made)


def _short_key(pki: Pki) -> Callable[[], Verdict]:
    key = rsa.generate_private_key(65_537, 1024)
    request = replace(pki.request(), public_key=pki_profile.public_key_info(key.public_key()))
    made = message(replace(pki.issued("sign", request), key=key)).encoded()
    return lambda: pki.judge(made)


def _listed(pki: Pki, town: str, *entries: Revoked, end: timedelta = DAY) -> Revocations:
    frame = ListFrame(
        pki.authority.root("sign").certificate.subject, pki.authority.authority("sign"),
        distribution_point_name("sign", town), 1_000, NOW - 2 * DAY, NOW + end,
    )  # fmt: skip
    return Revocations([verified_crl(write_crl(frame, entries, pki.authority.root_key("sign")), pki.trust)])


def _list_of_another_town(pki: Pki) -> Callable[[], Verdict]:
    made, lists = message(pki.hanako()).encoded(), _listed(pki, NINOMIYA)
    return lambda: pki.judge(made, revocation=lists)


def _stale_list(pki: Pki) -> Callable[[], Verdict]:
    made, lists = message(pki.hanako()).encoded(), _listed(pki, HAYAMA, end=-DAY)
    return lambda: pki.judge(made, revocation=lists)


def _revoked(pki: Pki) -> Callable[[], Verdict]:
    issued = pki.hanako()
    lists = _listed(pki, HAYAMA, Revoked(int(issued.serial, 16), NOW - DAY))
    made = message(issued).encoded()
    return lambda: pki.judge(made, revocation=lists)


def _broken_signature(pki: Pki) -> Callable[[], Verdict]:
    made = bytearray(message(pki.hanako()).encoded())
    made[-1] ^= 1
    return lambda: pki.judge(bytes(made))


def _short_challenge(pki: Pki) -> Callable[[], Verdict]:
    issued = pki.hanako("auth")
    challenge = CHALLENGE[:15]
    signature = session(issued).sign_digest(hashlib.sha256(challenge).digest())
    return lambda: pki.judge_login(signature, issued.certificate, challenge=challenge)


CASES: Mapping[CheckCode, Case] = {
    CheckCode.ENCODING: _not_der,
    CheckCode.STRUCTURE: _message_case("version 3"),
    CheckCode.DETACHED: _message_case("the content inside"),
    CheckCode.ONE_SIGNER: _message_case("two signers"),
    CheckCode.ALGORITHMS: _message_case("an algorithm other than the protected one"),
    CheckCode.SIGNED_ATTRIBUTES: _message_case("an attribute nobody knows"),
    CheckCode.CHALLENGE: _short_challenge,
    CheckCode.SIGNER_CERTIFICATE: _message_case("the certificate twice"),
    CheckCode.CERTIFICATE: _negative_serial,
    CheckCode.ISSUER: _another_issuer_named,
    CheckCode.CERTIFICATE_SIGNATURE: _signed_by_a_stranger,
    CheckCode.ISSUER_VALIDITY: _expired_root,
    CheckCode.VALIDITY: _certificate_case("expired yesterday"),
    CheckCode.PUBLIC_KEY: _short_key,
    CheckCode.CRITICAL_EXTENSIONS: _certificate_case("a critical part nobody knows"),
    CheckCode.CERTIFICATE_POLICY: _certificate_case("a second policy"),
    CheckCode.KEY_USAGE: _certificate_case("key usage to sign certificates"),
    CheckCode.NOT_A_CA: _certificate_case("an authority"),
    CheckCode.HOLDER_ATTRIBUTES: _certificate_case("no attributes"),
    CheckCode.DISTRIBUTION_POINT: _certificate_case("two distribution points"),
    CheckCode.REVOCATION_SCOPE: _list_of_another_town,
    CheckCode.REVOCATION_FRESHNESS: _stale_list,
    CheckCode.REVOCATION: _revoked,
    CheckCode.CONTENT_TYPE: _message_case("content type other than data"),
    CheckCode.MESSAGE_DIGEST: _message_case("the digest of other bytes"),
    CheckCode.SIGNING_CERTIFICATE: _message_case("made with another certificate"),
    CheckCode.SIGNATURE: _broken_signature,
}
# Without a place in the lists, revocation could not be looked up: two checks speak of the one fault.
_ALSO: Mapping[CheckCode, set[CheckCode]] = {
    CheckCode.DISTRIBUTION_POINT: {CheckCode.REVOCATION_SCOPE},
    CheckCode.CERTIFICATE_SIGNATURE: {CheckCode.REVOCATION_SCOPE},
    CheckCode.ISSUER: {CheckCode.REVOCATION_SCOPE},
}


@pytest.mark.parametrize("code", CheckCode)
def test_each_check_stands_alone_between_a_fault_and_a_pass(
    pki: Pki, code: CheckCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = CASES[code](pki)
    verdict = judged()
    assert verdict.outcome is not Outcome.GOOD
    assert set(not_good(verdict)) - {one.value for one in _ALSO.get(code, set())} == {code.value}
    switch_off(code, monkeypatch)
    assert judged().outcome is Outcome.GOOD, not_good(judged())


@pytest.mark.parametrize("code", CheckCode)
def test_with_a_check_switched_off_the_others_still_hold(
    pki: Pki, code: CheckCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {other: CASES[other](pki) for other in CheckCode if other is not code}
    switch_off(code, monkeypatch)
    passed = {other for other, judged in others.items() if judged().outcome is Outcome.GOOD}
    assert not passed


@pytest.mark.parametrize(
    "code", sorted({case[1] for case in (test_message_checks.CASES | test_certificate_checks.CASES).values()})
)
def test_the_by_laws_of_a_check_fail_once_it_is_switched_off(
    pki: Pki, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [_message_case(name) for name, case in test_message_checks.CASES.items() if case[1] == code]
    own += [
        _certificate_case(name) for name, case in test_certificate_checks.CASES.items() if case[1] == code
    ]
    judged = [case(pki) for case in own]
    assert all(one().outcome is Outcome.BAD for one in judged)
    switch_off(CheckCode(code), monkeypatch)
    assert any(one().outcome is Outcome.GOOD for one in judged)
