"""Raw signatures: what NIST calls right and made with SHA-256 verifies, nothing else does, and weak keys are never used."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from tests.card.suites import wycheproof
from tests.card.suites.signatures import RawSignature, vectors
from yakuba.card import derwrite as w
from yakuba.card import oids
from yakuba.card.certificate import WrongForm, rsa_public_key
from yakuba.card.trust import signature_is_right

VECTORS = list(vectors())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_signature_verifies_only_if_it_is_right_and_of_the_profiles_digest(vector: RawSignature) -> None:
    key = RSAPublicNumbers(vector.exponent, vector.modulus).public_key()
    expected = vector.right and vector.digest == "SHA256"
    assert signature_is_right(key, vector.signature, vector.message) == expected, vector.why


def _accepted(vector: wycheproof.Vector) -> bool:
    info = w.sequence(oids.RSA, w.bits(w.sequence(w.integer(vector.modulus), w.integer(vector.exponent))))
    assert vector.key_der in (b"", info)
    try:
        key = rsa_public_key(info, smallest=2048, largest=4096)
    except WrongForm:
        return False
    return signature_is_right(key, vector.signature, vector.message)


def _right_for_us(vector: wycheproof.Vector) -> bool:
    """Right, made with SHA-256, by a key of the profile. "Acceptable" (a digest without its NULL, a short key) is not.

    Each file for another digest has one vector that is wrong only in being a right signature with SHA-256.
    """
    fits = vector.exponent == 65_537 and 2048 <= vector.modulus.bit_length() <= 4096
    with_sha256 = vector.why == f"The message is hashed with SHA-256 instead of {vector.digest}."
    return fits and ((vector.result == "valid" and vector.digest == "SHA-256") or with_sha256)


@pytest.mark.parametrize("file", wycheproof.files())
def test_of_wycheproof_all_that_is_right_is_accepted_and_nothing_else(file: str) -> None:
    vectors = list(wycheproof.vectors(file))
    assert {one.number for one in vectors if _accepted(one)} == {
        one.number for one in vectors if _right_for_us(one)
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_key_outside_the_profile_never_comes_to_a_signature(vector: RawSignature) -> None:
    info = w.sequence(oids.RSA, w.bits(w.sequence(w.integer(vector.modulus), w.integer(vector.exponent))))
    fits = vector.exponent == 65_537 and 2048 <= vector.modulus.bit_length() <= 4096
    if fits:
        assert rsa_public_key(info, smallest=2048, largest=4096).public_numbers().n == vector.modulus
    else:
        with pytest.raises(WrongForm):
            rsa_public_key(info, smallest=2048, largest=4096)


def test_the_suite_is_whole_and_every_kind_of_fault_is_met() -> None:
    assert len(VECTORS) == 600
    assert sum(vector.right and vector.digest == "SHA256" for vector in VECTORS) >= 15
    faults = {vector.why[:5] for vector in VECTORS if not vector.right}
    assert faults == {f"F ({kind} " for kind in range(1, 6)}
    assert len(wycheproof.files()) == 29
    results = [one.result for file in wycheproof.files() for one in wycheproof.vectors(file)]
    assert (len(results), results.count("invalid")) == (6_360, 6_005)
