"""Beside OpenSSL and pyHanko: every verdict that differs is of a kind explained in docs/verdicts.md."""

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.card import differential
from tests.card.cast import Pki
from yakuba.card.outcomes import CheckCode, Outcome

SEED = 20261123
# All 4,000 certificates and 900 messages with `make proofs`; each test run takes the first of them from the same seed.
WHOLE = bool(os.environ.get("YAKUBA_PROOFS"))
PART = 1 if WHOLE else 5
_DOCS = Path(__file__).parents[2] / "docs" / "verdicts.md"
pytestmark = [pytest.mark.timeout(900)]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """pyHanko logs a trace for each message it refuses."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def explained(what: str) -> set[tuple[str, str]]:
    """The rows of the table for ``certificates`` or ``messages``: judge and check."""
    text = _DOCS.read_text(encoding="utf-8")
    match = re.search(rf"<!-- differential: {what} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert match, f"docs/verdicts.md has no table for {what}"
    rows = [line.strip("| ").split(" | ") for line in match[1].splitlines()[2:]]
    assert all(len(row) == 3 and row[2] for row in rows)
    return {(row[0], row[1]) for row in rows}


def _unexplained(judged: list[differential.Judged], what: str) -> dict[tuple[str, str], tuple[int, str]]:
    found = differential.disagreements(judged)
    return {name: (len(found[name]), found[name][0].raw.hex()) for name in found.keys() - explained(what)}


def test_certificates_are_judged_alike_but_for_what_is_explained(pki: Pki, tmp_path: Path) -> None:
    found = list(differential.certificates(pki, SEED, signed=3_000 // PART, octets=1_000 // PART))
    judged = differential.judge_certificates(pki, found, tmp_path, also_pyhanko=3)
    assert judged[0].ours.outcome is Outcome.GOOD
    assert set(judged[0].theirs.values()) == {differential.ACCEPTED}
    assert len(judged) > 3_500 // PART
    assert sum(one.ours.outcome is Outcome.GOOD for one in judged) > 100 // PART
    assert not _unexplained(judged, "certificates")


def test_messages_are_judged_alike_but_for_what_is_explained(pki: Pki, tmp_path: Path) -> None:
    found = list(differential.messages(pki, SEED, built=600 // PART, octets=300 // PART))
    judged = differential.judge_messages(pki, found, tmp_path)
    assert judged[0].ours.outcome is Outcome.GOOD
    assert set(judged[0].theirs.values()) == {differential.ACCEPTED}
    assert sum(one.ours.outcome is Outcome.GOOD for one in judged) > 30 // PART
    assert not _unexplained(judged, "messages")


def test_a_disagreement_of_a_new_kind_is_noticed(pki: Pki) -> None:
    right = next(differential.messages(pki, SEED, built=0, octets=0))
    verdict = pki.judge(right, content=b"other")
    odd = differential.Judged(right, verdict, {"openssl": differential.ACCEPTED})
    assert _unexplained([odd], "messages").keys() == {("openssl", "message_digest")}


@pytest.mark.parametrize("what", ["certificates", "messages"])
def test_no_table_explains_away_what_signatures_dates_and_revocation_say(what: str) -> None:
    never = {
        CheckCode.CERTIFICATE_SIGNATURE, CheckCode.SIGNATURE, CheckCode.MESSAGE_DIGEST, CheckCode.REVOCATION,
        CheckCode.VALIDITY, CheckCode.ISSUER_VALIDITY, CheckCode.REVOCATION_FRESHNESS,
    }  # fmt: skip
    assert not {code for _, code in explained(what)} & never
