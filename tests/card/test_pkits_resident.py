"""NIST's suite before the residents' core: nothing is accepted falsely, and each check in charge says what NIST says.

The core judges one hop below a pinned root and asks for JPKI's profile. No certificate of the suite has that
profile (its policies are not critical), so none may pass; what a check alone says of each case is compared.
"""

import gc
import time
from collections.abc import Mapping

import pytest
from benchmarks.driver import pkits
from benchmarks.driver import pkits_resident as resident

from yakuba.card.outcomes import CheckCode

TESTS = {test.number: test for test in pkits.tests()}
CPU_SECONDS_AT_MOST = 0.25

OBJECTS: Mapping[str, CheckCode] = {
    "4.1.2": CheckCode.ISSUER,
    "4.1.3": CheckCode.CERTIFICATE_SIGNATURE,
    "4.2.1": CheckCode.ISSUER_VALIDITY,
    "4.2.2": CheckCode.VALIDITY,
    "4.2.5": CheckCode.ISSUER_VALIDITY,
    "4.2.6": CheckCode.VALIDITY,
    "4.3.1": CheckCode.ISSUER,
    "4.3.2": CheckCode.ISSUER,
    "4.4.1": CheckCode.REVOCATION_SCOPE,
    "4.4.4": CheckCode.REVOCATION_SCOPE,
    "4.4.5": CheckCode.REVOCATION_SCOPE,
    "4.4.6": CheckCode.REVOCATION_SCOPE,
    "4.4.9": CheckCode.REVOCATION_SCOPE,
    "4.4.10": CheckCode.REVOCATION_SCOPE,
    "4.14.2": CheckCode.REVOCATION,
    "4.14.3": CheckCode.REVOCATION_SCOPE,
    "4.14.8": CheckCode.REVOCATION_SCOPE,
    "4.16.2": CheckCode.CRITICAL_EXTENSIONS,
}
"""Invalid cases whose fault lies in the end certificate, its issuer or its list: the check that must object."""

AGREES: Mapping[str, CheckCode] = {
    "4.1.1": CheckCode.CERTIFICATE_SIGNATURE,
    "4.2.3": CheckCode.VALIDITY,
    "4.2.8": CheckCode.VALIDITY,
    "4.3.7": CheckCode.ISSUER,
    "4.3.8": CheckCode.ISSUER,
    "4.3.9": CheckCode.ISSUER,
    "4.4.14": CheckCode.ISSUER,
    "4.4.16": CheckCode.ISSUER,
    "4.4.17": CheckCode.ISSUER,
    "4.14.1": CheckCode.REVOCATION,
    "4.16.1": CheckCode.CRITICAL_EXTENSIONS,
}
"""Valid cases made to lead a reader astray just there: the check that must not object."""

NARROWER: Mapping[str, tuple[str, ...]] = {
    "issuer": ("4.1.4", "4.1.5", "4.3.3", "4.3.4", "4.3.5", "4.3.10", "4.3.11"),
    "not_a_ca": ("4.6.8", "4.6.14", "4.8.6.1", "4.8.6.2", "4.14.13"),
    "unread": ("4.2.4", "4.3.6"),
}
"""Valid cases the profile refuses beyond policy and list: DSA, and names compared octet by octet (issuer);
authorities as end certificates; GeneralizedTime before 2050 and unique identifiers (unread)."""
_PROFILE = {"certificate_policy", "distribution_point", "revocation_scope", "key_usage", "public_key"}


@pytest.mark.parametrize("number", TESTS)
def test_no_certificate_of_the_suite_passes_and_none_costs_more_than_a_quarter_second(number: str) -> None:
    gc.disable()  # to clear up after other tests is not the verdict's work, nor is what other threads do
    begin = time.thread_time()
    found = resident.judged(TESTS[number])
    spent = time.thread_time() - begin
    gc.enable()
    assert spent < CPU_SECONDS_AT_MOST
    assert found.unread or "certificate_policy" in found.not_good


@pytest.mark.parametrize("number", OBJECTS)
def test_the_check_in_charge_of_a_fault_objects(number: str) -> None:
    assert not TESTS[number].good
    assert resident.judged(TESTS[number]).objects(OBJECTS[number])


@pytest.mark.parametrize("number", AGREES)
def test_the_check_in_charge_takes_no_offence_at_what_is_right(number: str) -> None:
    assert TESTS[number].good
    assert not resident.judged(TESTS[number]).objects(AGREES[number])


def test_what_the_profile_refuses_of_the_suites_valid_paths_is_known() -> None:
    refused: dict[str, list[str]] = {}
    for number, test in TESTS.items():
        found = resident.judged(test)
        if not test.good:
            continue
        for code in ["unread"] if found.unread else sorted(found.not_good - _PROFILE):
            refused.setdefault(code, []).append(number)
    assert {code: tuple(numbers) for code, numbers in refused.items()} == dict(NARROWER)
