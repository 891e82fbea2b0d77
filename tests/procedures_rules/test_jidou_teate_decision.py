"""The claim for child allowance: who gets it, from which month, when it is paid, and what cannot be told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.jidou_teate import (
    Child,
    Event,
    Facts,
    Spouse,
    claim_deadline,
    decide,
    start_month,
)
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.office_days import is_closed
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
TODAY = date(2026, 11, 23)
BABY = Child("baby", "ひなた", date(2026, 10, 30))
SCHOOLBOY = Child("boy", "はると", date(2016, 6, 1))
HANAKO = Facts(
    "hanako",
    date(2026, 11, 12),
    (SCHOOLBOY, BABY),
    event=Event("birth", date(2026, 10, 30)),
    income=4_000_000,
)


def _decide(facts: Facts, application: dict[str, Any] | None = None, as_of: date = TODAY) -> Decision:
    return decide(application or {}, facts, as_of, PARAMETERS)


def _child(**changes: Any) -> Facts:
    return replace(HANAKO, children=(replace(SCHOOLBOY, **changes),), event=None)


def test_a_birth_at_the_end_of_a_month_claimed_in_time_is_paid_from_the_next_month() -> None:
    decision = _decide(HANAKO)
    assert decision.outcome == "eligible"
    assert decision.results["start_month"] == "2026-11"
    assert decision.results["monthly_amount"] == 25_000
    assert decision.results["claim_deadline"] == "2026-11-16", "the 14th is a Saturday"
    assert decision.due == date(2026, 12, 12)


def test_the_decision_writes_one_entry_from_the_first_month() -> None:
    (effect,) = _decide(HANAKO).effects
    assert (effect.register, effect.subject, effect.valid_from) == (
        "jidou_teate",
        "hanako",
        date(2026, 11, 1),
    )
    assert effect.items["monthly_amount"] == 25_000
    assert effect.items["children"] == [
        {"key": "boy", "rank": 1, "stage": "primary", "amount": 10_000},
        {"key": "baby", "rank": 2, "stage": "under_three", "amount": 15_000},
    ]


def test_payments_fall_in_even_months_for_the_two_months_before() -> None:
    payments: Any = _decide(HANAKO).results["payments"]
    assert payments[0] == {"month": "2026-12", "covers": ["2026-11"], "amount": 25_000}
    assert payments[1] == {"month": "2027-02", "covers": ["2026-12", "2027-01"], "amount": 50_000}


def test_before_the_reform_payments_fell_in_three_months_of_the_year() -> None:
    facts = replace(_child(), claimed_on=date(2023, 5, 10), limit_income=3_000_000)
    payments: Any = _decide(facts, as_of=date(2023, 5, 20)).results["payments"]
    assert [each["month"] for each in payments] == [
        *("2023-10", "2024-02", "2024-06", "2024-10", "2024-12", "2025-02"),
    ]
    assert payments[3]["covers"] == ["2024-06", "2024-07", "2024-08", "2024-09"]
    assert payments[4]["covers"] == ["2024-10", "2024-11"]


def test_a_late_decision_pays_the_months_that_passed_with_the_first_payment() -> None:
    payments: Any = _decide(HANAKO, as_of=date(2027, 3, 5)).results["payments"]
    assert payments[0]["month"] == "2027-04"
    assert payments[0]["covers"] == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]


@pytest.mark.parametrize(
    ("born", "claimed", "month", "code"),
    [
        (date(2024, 4, 30), date(2024, 5, 15), "2024-05", "start_after_event"),
        (date(2024, 4, 30), date(2024, 5, 16), "2024-06", "start_late"),
        (date(2026, 10, 1), date(2026, 10, 30), "2026-11", "start_after_claim"),
        (date(2026, 12, 25), date(2027, 1, 12), "2027-01", "start_after_event"),
        (date(2026, 12, 25), date(2027, 1, 13), "2027-02", "start_late"),
        (date(2026, 12, 20), date(2027, 1, 4), "2027-01", "start_after_event"),
        (date(2028, 2, 29), date(2028, 3, 15), "2028-03", "start_after_event"),
        (date(2028, 2, 29), date(2028, 3, 16), "2028-04", "start_late"),
    ],
)
def test_fifteen_days_from_the_day_after_the_birth(born: date, claimed: date, month: str, code: str) -> None:
    """The first two are 江戸川区's own examples (its page on the 15日特例)."""
    facts = replace(
        HANAKO,
        claimed_on=claimed,
        children=(replace(BABY, birth=born),),
        event=Event("birth", born),
        limit_income=3_000_000,
    )
    start = start_month(facts, PARAMETERS)
    assert (str(start.month), start.code) == (month, code)


@pytest.mark.parametrize(
    ("event", "deadline"),
    [
        (date(2026, 10, 20), date(2026, 11, 4)),
        (date(2026, 10, 19), date(2026, 11, 4)),
        (date(2026, 10, 16), date(2026, 11, 2)),
        (date(2026, 12, 14), date(2027, 1, 4)),
        (date(2026, 9, 4), date(2026, 9, 24)),
    ],
)
def test_a_fifteenth_day_on_which_the_town_hall_is_closed_moves_to_the_next_open_day(
    event: date, deadline: date
) -> None:
    """地方自治法4条の2第4項; 池田市 publishes the same for the long closure of 2019."""
    assert claim_deadline(Event("birth", event), PARAMETERS) == deadline


def test_after_a_hindrance_the_days_count_from_its_end_and_the_month_from_its_beginning() -> None:
    event = Event("hindrance", date(2026, 8, 20), ended_on=date(2026, 11, 2))
    start = start_month(replace(HANAKO, claimed_on=date(2026, 11, 17), event=event), PARAMETERS)
    assert str(start.month) == "2026-09"
    late = start_month(replace(HANAKO, claimed_on=date(2026, 11, 18), event=event), PARAMETERS)
    assert str(late.month) == "2026-12"


EVENTS = st.dates(date(2022, 2, 1), date(2030, 10, 1))


@given(EVENTS, st.integers(0, 60))
def test_nothing_is_paid_for_the_month_of_the_event_or_before(event_day: date, days: int) -> None:
    claimed = event_day + timedelta(days=days)
    facts = replace(_child(), claimed_on=claimed, event=Event("move", event_day), limit_income=3_000_000)
    start = start_month(facts, PARAMETERS)
    assert Month.of(event_day) < start.month <= Month.of(claimed).plus(1)


@given(EVENTS, st.integers(0, 40))
def test_a_day_later_never_starts_earlier(event_day: date, days: int) -> None:
    facts = replace(_child(), event=Event("move", event_day), limit_income=3_000_000)
    claimed = event_day + timedelta(days=days)
    earlier = start_month(replace(facts, claimed_on=claimed), PARAMETERS)
    later = start_month(replace(facts, claimed_on=claimed + timedelta(days=1)), PARAMETERS)
    assert earlier.month <= later.month


@given(EVENTS)
def test_the_deadline_is_an_open_day_fifteen_days_off_or_more(event_day: date) -> None:
    deadline = claim_deadline(Event("birth", event_day), PARAMETERS)
    assert not is_closed(deadline, PARAMETERS)
    assert deadline - event_day >= timedelta(days=15)


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"resident_here": False}, "not_eligible", "not_resident_here"),
        ({"resident_here": None}, "cannot_tell", "residence_unknown"),
        ({"lives_in_japan": False}, "not_eligible", "not_in_japan"),
        ({"civil_servant": True}, "not_eligible", "civil_servant"),
        ({"civil_servant": None}, "cannot_tell", "civil_servant_unknown"),
        ({"already_recipient": True}, "not_eligible", "already_recipient"),
        ({"spouse": Spouse(income=6_000_000)}, "cannot_tell", "spouse_earns_more"),
        ({"spouse": Spouse()}, "cannot_tell", "incomes_unknown"),
        ({"spouse": Spouse(income=1, receives_allowance=True)}, "cannot_tell", "spouse_receives"),
        ({"spouse": Spouse(income=9_000_000), "main_earner": False}, "not_eligible", "not_main_earner"),
        ({"children": ()}, "not_eligible", "no_payable_child"),
    ],
    ids=str,
)
def test_what_stands_against_a_claimant(changes: dict[str, Any], outcome: str, code: str) -> None:
    decision = _decide(replace(HANAKO, **changes))
    assert decision.outcome == outcome
    assert code in decision.codes()
    assert decision.effects == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"spouse": Spouse(income=4_000_000)},
        {"spouse": Spouse(income=0)},
        {"spouse": Spouse(income=9_000_000), "main_earner": True},
        {"spouse": Spouse(income=9_000_000), "separated": True},
        {"spouse": Spouse(income=9_000_000), "role": "carer"},
    ],
    ids=str,
)
def test_the_main_earner_or_the_parent_at_home_may_claim(changes: dict[str, Any]) -> None:
    assert _decide(replace(HANAKO, **changes)).outcome == "eligible"


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"cared_for": False}, "not_eligible", "child_not_cared_for"),
        ({"shares_livelihood": False}, "not_eligible", "child_not_cared_for"),
        ({"cared_for": None}, "cannot_tell", "child_unclear"),
        ({"residence": None}, "cannot_tell", "child_unclear"),
        ({"residence": "abroad"}, "not_eligible", "child_abroad"),
        ({"in_facility": True}, "not_eligible", "child_in_facility"),
        ({"in_facility": None}, "cannot_tell", "child_unclear"),
        ({"birth": date(2004, 3, 1)}, "not_eligible", "child_too_old"),
        ({"birth": date(2006, 3, 1)}, "not_eligible", "child_counted_only"),
        ({"lives_with_claimant": False, "apart_reason": "work"}, "eligible", "child_apart"),
    ],
    ids=str,
)
def test_how_a_child_stands(changes: dict[str, Any], outcome: str, code: str) -> None:
    decision = _decide(_child(**changes))
    assert (decision.outcome, code in decision.codes()) == (outcome, True)


@pytest.mark.parametrize(
    ("left", "before", "outcome"),
    [
        (date(2024, 9, 1), True, "eligible"),
        (date(2023, 11, 1), True, "not_eligible"),
        (date(2024, 9, 1), False, "not_eligible"),
        (None, True, "cannot_tell"),
        (date(2024, 9, 1), None, "cannot_tell"),
    ],
)
def test_a_child_abroad_to_study_counts_for_three_years(
    left: date | None, before: bool | None, outcome: str
) -> None:
    facts = _child(residence="studying_abroad", left_japan_on=left, lived_in_japan_before=before)
    assert _decide(facts).outcome == outcome


def test_when_parents_live_apart_the_one_at_home_with_the_child_is_the_recipient() -> None:
    apart = _child(with_other_parent=True, lives_with_claimant=False, apart_reason="separation")
    assert _decide(replace(apart, separated=True)).codes()[0] == "child_with_other_parent"
    working_elsewhere = _child(with_other_parent=True, lives_with_claimant=False, apart_reason="work")
    assert _decide(working_elsewhere).outcome == "eligible"


def test_one_child_that_is_excluded_does_not_take_the_others_with_it() -> None:
    facts = replace(HANAKO, children=(replace(SCHOOLBOY, in_facility=True), BABY))
    decision = _decide(facts)
    assert decision.outcome == "eligible"
    assert decision.results["monthly_amount"] == 15_000
    assert decision.results["excluded"] == [{"key": "boy", "reason": "child_in_facility"}]


@pytest.mark.parametrize(
    ("role", "proof", "outcome", "code"),
    [
        ("self", None, "eligible", "entitled"),
        ("proxy_by_mandate", True, "eligible", "entitled"),
        ("proxy_by_mandate", False, "not_eligible", "mandate_missing"),
        ("proxy_by_mandate", None, "cannot_tell", "mandate_unchecked"),
        ("proxy_by_law", None, "cannot_tell", "mandate_unchecked"),
        ("care_manager", True, "not_eligible", "may_not_apply"),
    ],
)
def test_a_proxy_without_mandate_cannot_claim(role: str, proof: bool | None, outcome: str, code: str) -> None:
    decision = _decide(replace(HANAKO, proof_shown=proof), {"applicant": {"role": role, "for": None}})
    assert decision.outcome == outcome
    assert code in decision.codes()


@pytest.mark.parametrize(
    ("born", "income", "claimed", "month", "code"),
    [
        (date(2007, 6, 1), 3_000_000, date(2025, 3, 31), "2024-10", "start_at_reform"),
        (date(2007, 6, 1), 3_000_000, date(2025, 4, 1), "2025-05", "start_after_claim"),
        (date(2015, 6, 1), 12_000_000, date(2025, 2, 3), "2024-10", "start_at_reform"),
        (date(2015, 6, 1), 3_000_000, date(2025, 2, 3), "2025-03", "start_after_claim"),
    ],
)
def test_who_the_reform_made_eligible_could_claim_back_to_october_2024(
    born: date, income: int, claimed: date, month: str, code: str
) -> None:
    facts = replace(_child(birth=born), claimed_on=claimed, limit_income=income)
    decision = _decide(facts, as_of=claimed)
    assert decision.results["start_month"] == month
    assert code in decision.codes()
    assert ("jidou_teate.reform_claim_until" in decision.unsure) == (code == "start_at_reform")


def test_before_the_reform_an_income_over_the_ceiling_got_nothing() -> None:
    facts = replace(_child(), claimed_on=date(2023, 5, 10), limit_income=12_000_000)
    decision = _decide(facts, as_of=date(2023, 5, 20))
    assert (decision.outcome, "over_income_ceiling" in decision.codes()) == ("not_eligible", True)


def test_before_the_reform_an_unknown_income_leaves_it_open() -> None:
    facts = replace(_child(), claimed_on=date(2023, 5, 10))
    assert _decide(facts, as_of=date(2023, 5, 20)).outcome == "cannot_tell"


def test_a_claim_from_before_the_data_is_not_guessed() -> None:
    decision = _decide(replace(_child(), claimed_on=date(2010, 5, 10)))
    assert decision.outcome == "cannot_tell"
    assert decision.codes() == ("law_not_in_data",)


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_every_place_in_the_words_is_filled(language: Any) -> None:
    unclear = replace(SCHOOLBOY, key="x", residence=None, cared_for=None)
    for facts in (HANAKO, replace(HANAKO, children=(unclear, BABY)), replace(HANAKO, claimed_on=TODAY)):
        assert not any("<" in sentence for sentence in _decide(facts).in_words(language))
