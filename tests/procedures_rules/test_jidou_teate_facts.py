"""From the answers of the form and the registers to the facts of a claim for child allowance."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures.rules import answers as read
from yakuba.procedures.rules.jidou_teate import Event, Spouse, decide, facts_from
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
RECEIVED = date(2026, 11, 20)
CHILD = {
    "id": "i1",
    "name": {"name": "葉山　陽菜", "kana": "ハヤマ ヒナ"},
    "birth_date": "2026-11-03",
    "lives_with_claimant": True,
    "cared_for": True,
    "shares_livelihood": True,
    "in_facility": False,
    "residence": "japan",
}
STUDENT = {
    "id": "i2",
    "name": {"name": "葉山　蓮"},
    "birth_date": "2006-09-12",
    "occupation": "student",
    "lives_with_claimant": False,
    "cared_for": True,
    "shares_livelihood": True,
}
ANSWERS: dict[str, Any] = {
    "claim_reason": "birth",
    "event_date": "2026-11-03",
    "claimant_capacity": "parent",
    "claimant_occupation": "employee",
    "has_spouse": True,
    "spouse_receives_allowance": False,
    "children": [CHILD],
    "older_children": [STUDENT],
}
KNOWN: dict[str, Any] = {
    "applicant": "1000000017",
    "resident_here": True,
    "already_recipient": False,
    "income": 5_000_000,
    "spouse_income": 3_000_000,
    "children": {"i1": {"atena": "1000000025", "birth": date(2026, 11, 3)}},
}


def test_answers_and_register_together_are_enough_to_decide() -> None:
    facts = facts_from({"answers": ANSWERS}, KNOWN, RECEIVED)
    decision = decide({}, facts, RECEIVED, PARAMETERS)
    assert decision.outcome == "eligible"
    assert decision.effects[0].subject == "1000000017"
    assert [child.key for child in facts.children] == ["1000000025", "i2"]
    assert decision.results["counted_only"] == ["i2"]


@pytest.mark.parametrize(
    ("to_claimant", "outcome", "code"),
    [(True, "not_eligible", "child_granted_already"), (False, "cannot_tell", "child_granted_to_other")],
)
def test_a_child_on_the_register_is_not_granted_twice(to_claimant: bool, outcome: str, code: str) -> None:
    granted = {"1000000025": {"holder": "1000000017" if to_claimant else "1000000033", "since": "2026-12-01"}}
    known = {**KNOWN, "granted": granted}
    decision = decide({}, facts_from({"answers": ANSWERS}, known, RECEIVED), RECEIVED, PARAMETERS)
    assert (decision.outcome, code in decision.codes()) == (outcome, True)
    assert any("令和8年12月" in words and "児童手当法" in words for words in decision.in_words("ja"))


def test_a_child_found_in_an_entry_elsewhere_is_known_by_its_item() -> None:
    known = {**KNOWN, "granted": {"i1": {"holder": "1000000033", "since": "2026-12-01"}}}
    decision = decide({}, facts_from({"answers": ANSWERS}, known, RECEIVED), RECEIVED, PARAMETERS)
    assert (decision.outcome, "child_granted_to_other" in decision.codes()) == ("cannot_tell", True)


def test_without_a_register_nothing_is_taken_for_granted() -> None:
    facts = facts_from({"answers": ANSWERS}, {}, RECEIVED)
    assert (facts.resident_here, facts.already_recipient, facts.income) == (None, None, None)
    decision = decide({}, facts, RECEIVED, PARAMETERS)
    assert decision.outcome == "cannot_tell"
    assert {"residence_unknown", "incomes_unknown"} <= set(decision.codes())


def test_what_the_register_knows_goes_before_what_was_written() -> None:
    known = {"children": {"i1": {"birth": "2023-01-05", "in_facility": True}}, "spouse_receives": True}
    facts = facts_from({"answers": ANSWERS}, known, RECEIVED)
    assert facts.children[0].birth == date(2023, 1, 5)
    assert facts.children[0].in_facility is True
    assert facts.spouse == Spouse(None, True)


@pytest.mark.parametrize(
    ("occupation", "expected"),
    [("civil_servant", True), ("seconded", False), ("employee", False), (None, None)],
)
def test_staff_seconded_elsewhere_is_not_paid_by_the_employer(
    occupation: str | None, expected: bool | None
) -> None:
    assert (
        facts_from({"answers": {**ANSWERS, "claimant_occupation": occupation}}, KNOWN, RECEIVED).civil_servant
        is expected
    )


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({}, Event("birth", date(2026, 11, 3))),
        ({"claim_reason": "moved_in"}, Event("move", date(2026, 11, 3))),
        ({"claim_reason": "left_public_service"}, Event("other", date(2026, 11, 3))),
        ({"claim_reason": "became_entitled"}, None),
        ({"event_date": ""}, None),
        (
            {"was_hindered": True, "hindrance_began_on": "2026-11-05", "hindrance_ended_on": "2026-11-18"},
            Event("hindrance", date(2026, 11, 5), date(2026, 11, 18)),
        ),
        (
            {"was_hindered": True, "hindrance_began_on": "2026-10-05", "hindrance_ended_on": "2026-11-18"},
            Event("hindrance", date(2026, 11, 3), date(2026, 11, 18)),
        ),
    ],
)
def test_why_the_claim_is_made_now(changes: dict[str, Any], event: Event | None) -> None:
    assert facts_from({"answers": {**ANSWERS, **changes}}, KNOWN, RECEIVED).event == event


def test_a_child_without_a_certain_day_of_birth_leaves_the_claim_open() -> None:
    uncertain = {**CHILD, "id": "i9", "birth_date": "2026-11-00"}
    facts = facts_from({"answers": {**ANSWERS, "children": [uncertain]}}, KNOWN, RECEIVED)
    decision = decide({}, facts, RECEIVED, PARAMETERS)
    assert (decision.outcome, "child_unclear" in decision.codes()) == ("cannot_tell", True)


def test_who_has_no_spouse_has_none_in_the_facts() -> None:
    assert facts_from({"answers": {**ANSWERS, "has_spouse": False}}, KNOWN, RECEIVED).spouse is None


@pytest.mark.parametrize(
    ("value", "expected"), [("2026-02-29", None), ("", None), (None, None), ("2028-02-29", date(2028, 2, 29))]
)
def test_an_unreadable_day_is_an_unknown_one(value: object, expected: date | None) -> None:
    assert read.day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1,200", 1200), (120, 120), ("-5", -5), ("x", None), (True, None)]
)
def test_numbers_are_read_as_people_write_them(value: object, expected: int | None) -> None:
    assert read.number(value) == expected


def test_names_and_addresses_are_read_from_their_fields() -> None:
    assert read.name({"name": "葉山　健太", "kana": "ハヤマ"}) == "葉山　健太"
    assert read.address({"address": "堀内1", "building": "ハイツ2"}) == "堀内1 ハイツ2"
    assert (read.name("健太"), read.name(None), read.address(None)) == ("健太", "—", "")
