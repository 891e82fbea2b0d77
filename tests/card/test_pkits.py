"""Other PKIs' paths: every test of NIST's PKITS comes out as its document demands, and nothing false is accepted."""

from collections.abc import Iterator

import pytest
from benchmarks.driver import pkits

from yakuba.card.outcomes import Outcome
from yakuba.card.paths import PathJudge

TESTS = pkits.tests()


@pytest.fixture(scope="module")
def judge() -> Iterator[PathJudge]:
    with PathJudge() as one:
        yield one


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test.number}-{test.title}")
def test_a_path_is_judged_as_nists_document_demands(judge: PathJudge, test: pkits.PkitsTest) -> None:
    verdict = judge.verdict(test.question())
    assert (verdict.outcome is Outcome.GOOD) == test.good, (verdict.reason, verdict.said)
    assert verdict.reason not in ("engine_failed", "limit_reached")


def test_the_suite_is_whole() -> None:
    by_section: dict[int, set[str]] = {}
    for test in TESTS:
        by_section.setdefault(int(test.number.split(".")[1]), set()).add(".".join(test.number.split(".")[:3]))
    assert [len(by_section[section]) for section in range(1, 17)] == [
        6, 8, 11, 21, 8, 17, 5, 20, 8, 14, 11, 10, 38, 35, 10, 2,
    ]  # fmt: skip
    assert len(TESTS) == 247
