"""The desk's own rules as functions of values: who the applicant is, what differs, which files are the signed ones."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.casework import evidence
from yakuba.casework.addresses import plain, same_place
from yakuba.casework.clock_rules import flag, resumed
from yakuba.casework.comparison import Mark, mark_of
from yakuba.casework.matching import REASONS, Candidate, Conclusion, Evidence, conclude
from yakuba.casework.results_shown import results_in_words
from yakuba.casework.steps import kinds_for
from yakuba.gateway.envelope import AttachmentRef
from yakuba.registers.names import Likeness

KENTA, MISAKI, STRANGER = Candidate("1", 1), Candidate("2", 1), Candidate("9", 1, name=Likeness.DIFFERENT)
SELF = Evidence("good", "self", signers=(KENTA,))
HOUSEHOLD = Evidence(
    "good", "household", signers=(STRANGER,), claimants=(MISAKI,), household=frozenset({"2", "9"})
)
MANDATE = Evidence("good", "proxy_by_mandate", claimants=(MISAKI,), mandate_attached=True)
BY_LAW = Evidence("good", "proxy_by_law", signers=(STRANGER,), claimants=(MISAKI,), wards=frozenset({"2"}))


@pytest.mark.parametrize(
    ("evidence_", "reason"),
    [
        (SELF, None),
        (HOUSEHOLD, None),
        (MANDATE, None),
        (BY_LAW, None),
        (Evidence("good", "care_manager", claimants=(MISAKI,)), None),
        (replace(SELF, verdict="bad"), "signature_bad"),
        (replace(SELF, verdict="unknown"), "could_not_tell"),
        (replace(SELF, signed_as_required=False), "signature_missing"),
        (replace(SELF, signers=()), "no_match"),
        (replace(SELF, signers=(KENTA, MISAKI)), "several_matches"),
        (replace(SELF, signers=(replace(KENTA, certificate_active=False),)), "lapsed_certificate"),
        (replace(SELF, signers=(replace(KENTA, resident=False),)), "not_resident"),
        (replace(SELF, signers=(STRANGER,)), "signer_is_not_claimant"),
        (replace(SELF, signers=(replace(KENTA, birth_fits=False),)), "signer_is_not_claimant"),
        (replace(HOUSEHOLD, household=frozenset({"9"})), "signer_is_not_claimant"),
        (replace(HOUSEHOLD, claimants=()), "signer_is_not_claimant"),
        (replace(MANDATE, mandate_attached=False), "proxy_without_mandate"),
        (replace(MANDATE, claimants=()), "claimant_not_found"),
        (replace(MANDATE, claimants=(replace(MISAKI, address_fits=False),)), "claimant_not_found"),
        (replace(MANDATE, claimants=(MISAKI, KENTA)), "several_claimants"),
        (replace(MANDATE, signers=(replace(STRANGER, certificate_active=False),)), "lapsed_certificate"),
        (replace(BY_LAW, wards=frozenset()), "guardianship_not_found"),
    ],
)
def test_who_the_applicant_is(evidence_: Evidence, reason: str | None) -> None:
    concluded = conclude(evidence_)
    assert concluded.reason == reason
    assert (concluded.person is None) == (reason is not None)
    assert reason is None or reason in REASONS


_candidates = st.builds(
    Candidate, st.sampled_from(["1", "2", "3"]), st.just(1), st.booleans(), st.booleans(),
    st.sampled_from(Likeness), st.booleans(), st.booleans(),
)  # fmt: skip


@given(
    st.builds(
        Evidence, st.sampled_from(["good", "bad", "unknown"]),
        st.sampled_from(["self", "household", "proxy_by_law", "proxy_by_mandate", "care_manager", "nonsense", ""]),
        st.booleans(), st.lists(_candidates, max_size=3).map(tuple), st.lists(_candidates, max_size=3).map(tuple),
        st.frozensets(st.sampled_from(["1", "2"])), st.frozensets(st.sampled_from(["1", "2"])), st.booleans(),
    )
)  # fmt: skip
def test_nobody_is_identified_by_a_verdict_that_is_not_good_or_a_name_that_differs(
    evidence_: Evidence,
) -> None:
    person = conclude(evidence_).person
    if person is not None:
        assert evidence_.verdict == "good"
        assert evidence_.signed_as_required
        assert evidence_.role != "self" or len(evidence_.signers) == 1
        assert person.may_be_claimant or evidence_.role == "household"
        assert evidence_.role != "proxy_by_mandate" or evidence_.mandate_attached


def test_a_conclusion_is_a_person_or_a_reason_never_both_nor_neither() -> None:
    for wrong in ({"reason": None}, {"reason": "no_match", "person": KENTA}):
        with pytest.raises(ValueError, match="never both"):
            Conclusion(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "said", "known", "mark"),
    [
        ("juki.name", "葉山 健太", "葉山　健太", Mark.SAME),
        ("juki.name", "高橋 健太", "髙橋　健太", Mark.MAY_DIFFER),
        ("juki.name", "高橋 健太", "葉山　健太", Mark.DIFFERENT),
        ("juki.name", "高橋 健太", "", Mark.NOT_KNOWN),
        ("juki.kana", "ハヤマケンタ", "ハヤマ　ケンタ", Mark.SAME),
        ("juki.kana", "ハヤシ ケンタ", "ハヤマ　ケンタ", Mark.DIFFERENT),
        ("juki.birth_date", "1995-06-18", "1995-06-18", Mark.SAME),
        ("juki.birth_date", "1945-03-05", "1945-03-00", Mark.MAY_DIFFER),
        ("juki.birth_date", "1945-04-05", "1945-03-00", Mark.DIFFERENT),
        ("juki.address", "神奈川県三浦郡葉山町堀内1234番地5", "神奈川県三浦郡葉山町堀内1234番地5", Mark.SAME),
        ("juki.address", "葉山町堀内1234-5", "神奈川県三浦郡葉山町堀内1234番地5", Mark.MAY_DIFFER),
        ("juki.address", "葉山町堀内1234-6", "神奈川県三浦郡葉山町堀内1234番地5", Mark.DIFFERENT),
        ("juki.postal_code", "240-0112", "2400112", Mark.SAME),
        ("kaigo_hoken.physician", "", "葉山 一郎", Mark.NONE),
    ],
)
def test_answers_beside_the_register(item: str, said: str, known: str, mark: Mark) -> None:
    assert mark_of(item, said, known) is mark


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("神奈川県三浦郡葉山町堀内2135番地", "葉山町堀内2135", True),
        ("葉山町堀内２１３５番地の１", "葉山町堀内2135-1", True),
        ("葉山町一色二丁目3番4号", "葉山町一色2-3-4", True),
        ("葉山町堀内123", "葉山町堀内1234", False),
        ("葉山町堀内1234番地5 一色ハイツ203", "葉山町堀内1234番地5", True),
        ("葉山町堀内1", "二宮町堀内1", False),
        ("", "葉山町堀内1", False),
    ],
)
def test_one_place_is_one_place_however_it_is_written(left: str, right: str, same: bool) -> None:
    assert same_place(left, right) is same_place(right, left) is same
    assert plain(plain(left)) == plain(left)


def ref(slot: str, data: bytes, **changed: Any) -> AttachmentRef:
    before, after = hashlib.sha256(data).hexdigest(), hashlib.sha256(b"clean" + data).hexdigest()
    made = AttachmentRef(slot, "a.jpg", "image/jpeg", 9, after, None, {"before": before, "after": after})
    return replace(made, **changed)


def line(slot: str, data: bytes) -> dict[str, Any]:
    return {"slot": slot, "filename": "a.jpg", "media_type": "image/jpeg", "size": 4, "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip


def states(signed: object, *refs: AttachmentRef, carried: tuple[evidence.Attachment, ...] = ()) -> list[str]:
    return [one.state for one in evidence.judge(signed, refs, carried)]


def test_a_file_is_the_signed_one_by_the_digest_before_sanitising() -> None:
    assert states([line("a", b"1")], ref("a", b"1")) == ["ok"]
    assert states([line("a", b"1")], ref("a", b"2")) == ["mismatch"]
    assert states([line("a", b"1")], ref("b", b"1")) == ["missing", "unsigned"]
    assert states([line("a", b"1"), line("a", b"2")], ref("a", b"2"), ref("a", b"1")) == ["ok", "ok"]
    assert states([line("a", b"1")], ref("a", b"1", evidence=None)) == ["mismatch"]
    assert states([line("a", b"1")], ref("a", b"1", sha256="0" * 64)) == ["mismatch"]
    assert states("nonsense", ref("a", b"1")) == ["unsigned"]


def test_a_refused_file_counts_as_refused_only_if_it_is_the_signed_one() -> None:
    original = hashlib.sha256(b"1").hexdigest()
    refused = ref("a", b"1", refused="encrypted", sha256=original, evidence=None)
    assert states([line("a", b"1")], refused) == ["refused"]
    assert states([line("a", b"2")], refused) == ["mismatch"]


def test_a_file_of_the_corrected_application_stands_if_signed_again_unchanged() -> None:
    (before,) = evidence.judge([line("a", b"1")], [ref("a", b"1")])
    assert states([line("a", b"1")], carried=(before,)) == ["ok"]
    assert states([line("a", b"2")], carried=(before,)) == ["missing"]
    assert states([line("a", b"1")], carried=(replace(before, state="refused"),)) == ["missing"]


def test_the_clock_warns_five_days_before_and_not_while_it_stands_still() -> None:
    due = date(2026, 12, 23)
    assert flag(due, None, date(2026, 12, 17)) == ""
    assert flag(due, None, date(2026, 12, 18)) == flag(due, None, due) == "due_soon"
    assert flag(due, None, date(2026, 12, 24)) == "overdue"
    assert flag(due, date(2026, 12, 1), date(2026, 12, 24)) == flag(None, None, due) == ""
    assert resumed(due, date(2026, 12, 1), date(2026, 12, 8)) == date(2026, 12, 30)


def test_every_step_rests_on_a_law_and_a_proxys_power_is_a_step_only_for_proxies() -> None:
    for procedure in ("jidou-teate-nintei", "risai-shoumei", "kaigo-nintei", "hoiku-moushikomi"):
        own = kinds_for(procedure, "self")
        assert all(kind.law and kind.fields for kind in own)
        assert [one.kind for one in kinds_for(procedure, "proxy_by_mandate")] == [
            "mandate",
            *(k.kind for k in own),
        ]


def test_results_are_shown_in_words_without_raw_codes() -> None:
    shown = dict(
        results_in_words("x", {"monthly_amount": 15000, "damage_class_name": {"ja": "半壊"}, "months": None})
    )
    assert shown == {"月額": "15,000円", "被害の程度": "半壊"}
