"""Paths of other PKIs beyond NIST's suite: caps, limits, and what "could not tell" is."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from benchmarks.driver import pkits
from cryptography.x509.ocsp import OCSPCertStatus
from pyhanko_certvalidator.errors import PathValidationError

from tests.card.suites import ocsp_pki
from tests.card.suites.foreign import AT, holder
from yakuba.card.outcomes import Outcome
from yakuba.card.paths import PathJudge, PathLimits, PathQuestion, PathReason, engine
from yakuba.card.paths.outcomes import CLAUSES, PathVerdict
from yakuba.card.paths.question import read_question

GOOD = next(test for test in pkits.tests() if test.number == "4.1.1").question()


@pytest.fixture(scope="module")
def judge() -> Iterator[PathJudge]:
    with PathJudge() as one:
        yield one


def test_a_good_path_names_its_certificates_from_the_anchor_down_and_its_policies(judge: PathJudge) -> None:
    verdict = judge.verdict(GOOD)
    assert verdict.outcome is Outcome.GOOD
    assert verdict.chain[0] == hashlib.sha256(GOOD.anchors[0]).hexdigest()
    assert verdict.chain[-1] == hashlib.sha256(GOOD.target).hexdigest()
    assert verdict.policies == ("2.16.840.1.101.3.2.1.48.1",)
    assert judge.cpu_seconds < 2


def test_without_lists_nothing_passes_and_nothing_is_called_bad(judge: PathJudge) -> None:
    verdict = judge.verdict(replace(GOOD, lists=()))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNKNOWN, PathReason.REVOCATION_NOT_CHECKED)


def test_after_the_lists_time_is_over_nobody_can_tell(judge: PathJudge) -> None:
    test = next(test for test in pkits.tests() if test.number == "4.4.11")
    assert judge.verdict(test.question()).outcome is Outcome.UNKNOWN


def test_an_anchor_past_its_time_carries_nobody(judge: PathJudge) -> None:
    verdict = judge.verdict(replace(GOOD, at=GOOD.at + timedelta(days=3650)))
    assert (verdict.outcome, verdict.reason) == (Outcome.BAD, PathReason.ANCHOR_NOT_VALID)


def test_an_anchor_nobody_pinned_carries_nobody(judge: PathJudge) -> None:
    embedded = replace(
        GOOD, anchors=(pkits.certificate("GoodsubCACert"),), others=(*GOOD.others, *GOOD.anchors)
    )
    verdict = judge.verdict(embedded)
    assert (verdict.outcome, verdict.reason) == (Outcome.BAD, PathReason.NO_PATH)


def test_short_dsa_keys_and_sha1_pass_in_no_real_question(judge: PathJudge) -> None:
    test = next(test for test in pkits.tests() if test.number == "4.1.4")
    question = replace(test.question(), settings=GOOD.settings)
    assert judge.verdict(question).reason is PathReason.WEAK_ALGORITHM


def test_more_embedded_certificates_than_the_cap_are_not_even_sent_to_the_engine(judge: PathJudge) -> None:
    verdict = judge.verdict(replace(GOOD, others=GOOD.others * 9))
    assert (verdict.outcome, verdict.reason) == (Outcome.BAD, PathReason.TOO_MANY_CERTIFICATES)


def test_certificates_that_are_not_der_or_too_large_are_bad(judge: PathJudge) -> None:
    assert judge.verdict(replace(GOOD, target=GOOD.target + b"\0")).reason is PathReason.MALFORMED
    assert judge.verdict(replace(GOOD, target=b"\x30\x03\x02\x01\x05")).reason is PathReason.MALFORMED
    assert judge.verdict(replace(GOOD, others=(b"\x30" * 70_000,))).reason is PathReason.TOO_LARGE


@pytest.mark.parametrize(
    "limits",
    [
        PathLimits(wall_seconds=0.0),
        PathLimits(cpu_seconds=0),
        PathLimits(revocation=10),
    ],
    ids=["wall clock", "CPU", "size of lists"],
)
def test_an_engine_that_runs_into_a_limit_could_not_tell_and_the_next_question_is_answered(
    judge: PathJudge, limits: PathLimits
) -> None:
    verdict = judge.verdict(replace(GOOD, limits=limits))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason is PathReason.LIMIT_REACHED
    assert judge.verdict(GOOD).outcome is Outcome.GOOD


def test_an_engine_that_needs_more_memory_than_it_may_have_could_not_tell(judge: PathJudge) -> None:
    """The process the cell is forked from has some memory to spare, so the list must be larger than that."""
    anchor = holder("anchor", None, authority=True)
    leaf, large = holder("leaf", anchor, authority=False), anchor.revokes(*range(1, 6_001))
    question = PathQuestion(leaf.der, AT, (anchor.der,), lists=(large,))
    assert judge.verdict(question).outcome is Outcome.GOOD
    verdict = judge.verdict(replace(question, limits=PathLimits(memory=1 << 20)))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNKNOWN, PathReason.LIMIT_REACHED)
    assert judge.verdict(question).outcome is Outcome.GOOD


def test_an_engine_process_that_was_killed_is_started_again() -> None:
    with PathJudge() as judge:
        assert judge.verdict(GOOD).outcome is Outcome.GOOD
        process = judge._process
        assert process is not None
        process.kill()
        process.wait()
        assert judge.verdict(GOOD).outcome is Outcome.GOOD


def test_lists_of_rubbish_are_not_a_pass(judge: PathJudge) -> None:
    for rubbish in (b"", b"\x30\x80", b"not a list", GOOD.target):
        verdict = judge.verdict(replace(GOOD, lists=(rubbish,)))
        assert verdict.outcome is Outcome.UNKNOWN


def test_a_question_is_read_as_it_was_written() -> None:
    assert read_question(GOOD.written()) == GOOD


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4.3.1", PathReason.NO_PATH), ("4.6.1", PathReason.NOT_AN_AUTHORITY), ("4.6.5", PathReason.NOT_AN_AUTHORITY),
        ("4.8.5", PathReason.POLICY), ("4.13.2", PathReason.NAME_CONSTRAINTS),
        ("4.16.2", PathReason.CRITICAL_EXTENSION),
    ],
)  # fmt: skip
def test_what_nist_makes_wrong_is_named(judge: PathJudge, number: str, reason: PathReason) -> None:
    question = next(test for test in pkits.tests() if test.number == number).question()
    assert judge.verdict(question).reason is reason


class _LaterWords(PathValidationError):
    def __init__(self, words: str) -> None:
        Exception.__init__(self, words)


def test_what_the_engine_says_in_words_we_do_not_know_is_bad_all_the_same() -> None:
    reason = engine._reason(_LaterWords("words of a later version"))
    assert reason is PathReason.NOT_VALID
    assert PathVerdict(reason).outcome is Outcome.BAD


def test_every_reason_names_its_clause() -> None:
    assert set(CLAUSES) == set(PathReason)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (OCSPCertStatus.GOOD, Outcome.GOOD, None),
        (OCSPCertStatus.REVOKED, Outcome.BAD, PathReason.REVOKED),
        (OCSPCertStatus.UNKNOWN, Outcome.UNKNOWN, PathReason.REVOCATION_NOT_CHECKED),
    ],
)
def test_an_ocsp_answer_by_the_issuer_says_what_the_list_would(
    judge: PathJudge, status: OCSPCertStatus, outcome: Outcome, reason: PathReason | None
) -> None:
    verdict = judge.verdict(ocsp_pki.question(status))
    assert (verdict.outcome, verdict.reason) == (outcome, reason), verdict.said


def test_an_ocsp_answer_signed_by_anybody_else_says_nothing(judge: PathJudge) -> None:
    verdict = judge.verdict(ocsp_pki.question(OCSPCertStatus.GOOD, by_stranger=True))
    assert verdict.outcome is Outcome.UNKNOWN
