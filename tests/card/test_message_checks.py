"""Each check on the message is necessary: a message that is wrong only there is refused, for that reason."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from tests.card.cast import CHALLENGE, CONTENT, NOW, Pki, not_good, session
from tests.card.forge import Message, message
from tests.card.test_certificate_checks import CASES as CERTIFICATE_CASES
from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.certificate import Extension
from yakuba.card.outcomes import CheckCode, Outcome, Reason
from yakuba.card.pki_profile import key_identifier
from yakuba.card.signing import attribute
from yakuba.card.testca import Issued

_SHA1 = w.sequence(w.oid("1.3.14.3.2.26"), w.null())
_SHA512 = w.sequence(w.oid("2.16.840.1.101.3.4.2.3"))
_PSS = w.sequence(w.oid("1.2.840.113549.1.1.10"))
_SIGNED_BY = oids.SIGNING_CERTIFICATE_V2

CASES: Mapping[str, tuple[Callable[[Message], Message], str, str]] = {
    "version 3": (lambda m: replace(m, version=3), "structure", "wrong_structure"),
    "signer version 3": (lambda m: replace(m, signer_version=3), "structure", "wrong_structure"),
    "embedded revocation lists": (
        lambda m: replace(m, after_certificates=w.explicit(1)), "structure", "wrong_structure"
    ),
    "unsigned attributes": (
        lambda m: replace(m, after_signature=w.explicit(1, attribute(oids.SIGNING_TIME, w.time(NOW)))),
        "structure", "wrong_structure",
    ),
    "embedded certificates out of order": (
        lambda m: replace(m, certificates=tuple(sorted((*m.certificates, w.sequence()), reverse=True))),
        "structure", "wrong_structure",
    ),
    "a heap of certificates": (
        lambda m: replace(m, certificates=tuple(sorted((*m.certificates, *(w.sequence(w.integer(n)) for n in range(9)))))),
        "structure", "wrong_structure",
    ),
    "a signing time that is none": (
        lambda m: m.with_attribute(oids.SIGNING_TIME, w.integer(1)), "structure", "wrong_structure"
    ),
    "the content inside": (
        lambda m: replace(m, content_info=(*m.content_info, w.explicit(0, w.octets(CONTENT)))),
        "detached", "not_detached",
    ),
    "no signer": (lambda m: replace(m, signers=0), "one_signer", "not_one_signer"),
    "two signers": (lambda m: replace(m, signers=2), "one_signer", "not_one_signer"),
    "SHA-1": (
        lambda m: replace(m, digest_algorithm=_SHA1, digest_algorithms=(_SHA1,)), "algorithms", "wrong_algorithm"
    ),
    "SHA-512 named": (
        lambda m: replace(m, digest_algorithm=_SHA512, digest_algorithms=(_SHA512,)),
        "algorithms", "wrong_algorithm",
    ),
    "PSS named": (lambda m: replace(m, signature_algorithm=_PSS), "algorithms", "wrong_algorithm"),
    "digests named twice": (
        lambda m: replace(m, digest_algorithms=(oids.SHA256, _SHA1)), "algorithms", "wrong_algorithm"
    ),
    "an algorithm other than the protected one": (
        lambda m: replace(m, signature_algorithm=oids.RSA), "algorithms", "wrong_algorithm"
    ),
    "no signed attributes": (
        lambda m: replace(m, attributes=()), "signed_attributes", "wrong_signed_attributes"
    ),
    "no content type": (
        lambda m: m.without(oids.CONTENT_TYPE), "signed_attributes", "wrong_signed_attributes"
    ),
    "no message digest": (
        lambda m: m.without(oids.MESSAGE_DIGEST), "signed_attributes", "wrong_signed_attributes"
    ),
    "no signing time": (lambda m: m.without(oids.SIGNING_TIME), "signed_attributes", "wrong_signed_attributes"),
    "no signing certificate": (lambda m: m.without(_SIGNED_BY), "signed_attributes", "wrong_signed_attributes"),
    "an attribute nobody knows": (
        lambda m: m.with_attribute("2.999.5", w.null()), "signed_attributes", "wrong_signed_attributes"
    ),
    "an attribute twice": (
        lambda m: replace(m, attributes=(*m.attributes, attribute(oids.SIGNING_TIME, w.time(NOW)))),
        "signed_attributes", "wrong_signed_attributes",
    ),
    "two message digests": (
        lambda m: m.with_attribute(oids.MESSAGE_DIGEST, w.octets(hashlib.sha256(CONTENT).digest()), w.octets(b"2")),
        "signed_attributes", "wrong_signed_attributes",
    ),
    "attributes out of order": (
        lambda m: replace(m, attributes=tuple(sorted(m.attributes, reverse=True)), attributes_in_order=False),
        "signed_attributes", "wrong_signed_attributes",
    ),
    "no certificate": (
        lambda m: replace(m, certificates=()), "signer_certificate", "signer_certificate_missing"
    ),
    "the certificate twice": (
        lambda m: replace(m, certificates=m.certificates * 2), "signer_certificate", "signer_certificate_missing"
    ),
    "a serial that is not embedded": (
        lambda m: replace(m, named=w.sequence(w.sequence(), w.integer(1))),
        "signer_certificate", "signer_certificate_missing",
    ),
    "content type other than data": (
        lambda m: m.with_attribute(oids.CONTENT_TYPE, w.oid(oids.SIGNED_DATA)), "content_type", "wrong_content_type"
    ),
    "encapsulated type other than data": (
        lambda m: replace(m, content_info=(w.oid(oids.SIGNED_DATA),)), "content_type", "wrong_content_type"
    ),
    "the digest of other bytes": (
        lambda m: m.with_attribute(oids.MESSAGE_DIGEST, w.octets(hashlib.sha256(b"other").digest())),
        "message_digest", "content_changed",
    ),
    "a short digest": (
        lambda m: m.with_attribute(oids.MESSAGE_DIGEST, w.octets(hashlib.sha256(CONTENT).digest()[:31])),
        "message_digest", "content_changed",
    ),
    "made with another certificate": (
        lambda m: m.with_attribute(_SIGNED_BY, w.sequence(w.sequence(w.sequence(w.octets(bytes(32)))))),
        "signing_certificate", "signing_certificate_differs",
    ),
    "made with another algorithm's hash": (
        lambda m: m.with_attribute(_SIGNED_BY, w.sequence(w.sequence(w.sequence(_SHA512, w.octets(bytes(64)))))),
        "signing_certificate", "signing_certificate_differs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_message_wrong_in_one_place_is_refused_for_that(pki: Pki, case: str) -> None:
    change, check, reason = CASES[case]
    verdict = pki.judge(change(message(pki.hanako())).encoded())
    assert verdict.outcome is Outcome.BAD
    assert not_good(verdict) == {check: reason}


def test_a_signature_over_other_bytes_is_told_apart_from_a_broken_one(pki: Pki) -> None:
    verdict = pki.judge(message(pki.hanako()).encoded(), content=CONTENT + b" ")
    assert not_good(verdict) == {"message_digest": "content_changed"}


def test_a_signature_by_another_persons_key_is_refused(pki: Pki) -> None:
    verdict = pki.judge(replace(message(pki.hanako()), key=pki.keys[1]).encoded())
    assert not_good(verdict) == {"signature": "signature_wrong"}


def test_a_signature_of_another_persons_card_names_that_person(pki: Pki) -> None:
    """The core says who signed; that it must be the person who logged in is for the portal to compare."""
    request = replace(pki.request(), serial=0x7777)
    verdict = pki.judge(message(pki.issued("sign", request)).encoded())
    assert verdict.signer is not None
    assert verdict.signer.serial == "7777"


def test_swapping_the_embedded_certificate_for_another_of_the_same_key_is_refused(pki: Pki) -> None:
    """The signature says with which certificate it was made (RFC 5035): a renewed one over the same key differs."""
    first, renewed = pki.hanako(), pki.hanako()
    verdict = pki.judge(message(renewed, hashed=first.certificate).encoded())
    assert not_good(verdict) == {"signing_certificate": "signing_certificate_differs"}


def test_further_embedded_certificates_change_nothing(pki: Pki) -> None:
    made = message(pki.hanako())
    more = (*made.certificates, pki.authority.root("sign").certificate.raw, w.sequence())
    verdict = pki.judge(replace(made, certificates=tuple(sorted(more))).encoded())
    assert verdict.outcome is Outcome.GOOD


def test_algorithms_may_be_named_in_each_way_the_standard_allows(pki: Pki) -> None:
    made = message(pki.hanako()).without(oids.ALGORITHM_PROTECTION)
    for digest in (oids.SHA256, oids.SHA256_WITH_NULL):
        for signature in (oids.RSA, oids.SHA256_WITH_RSA):
            one = replace(
                made, digest_algorithm=digest, digest_algorithms=(digest,), signature_algorithm=signature
            )
            assert pki.judge(one.encoded()).outcome is Outcome.GOOD


def test_a_signer_named_by_key_identifier_is_found_by_it_alone(pki: Pki) -> None:
    key_id = key_identifier(pki.keys[0].public_key())
    request = pki.request()
    named = replace(
        request,
        extensions={**request.extensions, oids.SUBJECT_KEY_IDENTIFIER: Extension(False, w.octets(key_id))},
    )
    made = replace(message(pki.issued("sign", named)), version=3, signer_version=3)
    assert pki.judge(replace(made, named=w.implicit(0, key_id)).encoded()).outcome is Outcome.GOOD
    wrong = pki.judge(replace(made, named=w.implicit(0, bytes(20))).encoded())
    assert not_good(wrong) == {"signer_certificate": "signer_certificate_missing"}


def _login(issued: Issued, challenge: bytes = CHALLENGE) -> bytes:
    return session(issued).sign_digest(hashlib.sha256(challenge).digest())


@pytest.mark.parametrize("octets", [0, 15, 4_097])
def test_a_challenge_must_be_long_enough_to_be_new_and_no_longer_than_one(pki: Pki, octets: int) -> None:
    issued, challenge = pki.hanako("auth"), b"c" * octets
    verdict = pki.judge_login(_login(issued, challenge), issued.certificate, challenge=challenge)
    assert not_good(verdict) == {"challenge": "challenge_length"}


def test_a_login_over_another_challenge_is_refused(pki: Pki) -> None:
    issued = pki.hanako("auth")
    verdict = pki.judge_login(_login(issued, b"an older challenge, replayed"), issued.certificate)
    assert not_good(verdict) == {"signature": "signature_wrong"}


def test_a_login_with_another_persons_certificate_is_refused(pki: Pki) -> None:
    request = replace(pki.request("auth"), public_key=pki.authority.root("auth").certificate.public_key_info)
    raw = pki.authority.certify("auth", request)
    verdict = pki.judge_login(_login(pki.hanako("auth")), raw)
    assert not_good(verdict) == {"signature": "signature_wrong"}


def test_every_reason_a_message_can_be_refused_for_has_a_case() -> None:
    covered = {reason for _, _, reason in (*CASES.values(), *CERTIFICATE_CASES.values())}
    elsewhere = {
        Reason.NOT_DER, Reason.TOO_LARGE, Reason.CHALLENGE_LENGTH, Reason.WRONG_CERTIFICATE_FORM, Reason.CERTIFICATE_FORGED,
        Reason.ISSUER_EXPIRED, Reason.WEAK_KEY, Reason.REVOCATION_NOT_CHECKED, Reason.REVOCATION_OUT_OF_SCOPE,
        Reason.REVOCATION_STALE, Reason.REVOKED, Reason.ON_HOLD, Reason.SIGNATURE_WRONG,
    }  # fmt: skip
    assert covered | elsewhere == set(Reason)
    assert {CheckCode(check) for _, check, _ in CASES.values()} <= set(CheckCode)
