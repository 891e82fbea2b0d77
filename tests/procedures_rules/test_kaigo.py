"""Certification of care need: who is insured, who may apply, how long it is valid, and until when to decide."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.base.dates import UncertainDate
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.kaigo import (
    Facts,
    Judgement,
    decide,
    insured_class,
    is_specified_disease,
    validity,
)
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
TODAY = date(2026, 11, 23)
BOARD = Judgement("care_2", date(2026, 11, 20))
UME = Facts(
    "ume",
    date(1940, 2, 3),
    date(2026, 11, 2),
    surveyed_on=date(2026, 11, 9),
    opinion_on=date(2026, 11, 12),
    judgement=BOARD,
)
KEN = replace(
    UME,
    insured="ken",
    birth=date(1975, 5, 5),
    disease="als",
    judgement=replace(BOARD, disease_confirmed=True),
)


def _decide(facts: Facts, role: str = "self") -> Decision:
    return decide({"applicant": {"role": role, "for": None}}, facts, TODAY, PARAMETERS)


def test_the_certification_reaches_back_to_the_day_of_application() -> None:
    decision = _decide(UME)
    assert decision.outcome == "eligible"
    assert decision.results["care_level"] == "care_2"
    assert (decision.results["certified_from"], decision.results["certified_until"]) == (
        "2026-11-02",
        "2027-05-31",
    )
    assert decision.due == date(2026, 12, 2)


def test_the_register_gets_the_level_and_the_days() -> None:
    (effect,) = _decide(UME).effects
    assert (effect.register, effect.subject) == ("kaigo_hoken", "ume")
    assert (effect.valid_from, effect.valid_until) == (date(2026, 11, 2), date(2027, 5, 31))
    assert effect.items["status"] == "certified"
    assert effect.items["insured_class"] == "1"
    assert effect.items["decide_by"] == "2026-12-02"


@pytest.mark.parametrize(
    ("applied", "months", "until"),
    [
        (date(2026, 11, 1), None, date(2027, 4, 30)),
        (date(2026, 11, 2), None, date(2027, 5, 31)),
        (date(2026, 11, 30), None, date(2027, 5, 31)),
        (date(2026, 8, 31), None, date(2027, 2, 28)),
        (date(2027, 8, 31), None, date(2028, 2, 29)),
        (date(2026, 11, 2), 3, date(2027, 2, 28)),
        (date(2026, 11, 2), 12, date(2027, 11, 30)),
        (date(2026, 11, 1), 12, date(2027, 10, 31)),
    ],
)
def test_the_rest_of_the_month_then_whole_months(applied: date, months: int | None, until: date) -> None:
    assert validity(applied, months, PARAMETERS).valid_until == until


@given(st.dates(date(2012, 4, 1), date(2040, 1, 1)), st.integers(3, 12))
def test_a_certification_ends_with_a_month_and_never_falls_short(applied: date, months: int) -> None:
    period = validity(applied, months, PARAMETERS)
    assert (period.valid_until + timedelta(days=1)).day == 1
    assert 28 * months <= (period.valid_until - applied).days + 1 <= 31 * (months + 1)


@given(st.dates(date(2012, 4, 1), date(2040, 1, 1)))
def test_who_applies_a_day_later_is_not_certified_for_less(applied: date) -> None:
    earlier = validity(applied, None, PARAMETERS).valid_until
    assert validity(applied + timedelta(days=1), None, PARAMETERS).valid_until >= earlier


@pytest.mark.parametrize("months", [2, 13, 48])
def test_the_board_may_not_leave_the_range_of_the_ordinance(months: int) -> None:
    with pytest.raises(ValueError, match="3 to 12 months"):
        validity(TODAY, months, PARAMETERS)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(1961, 11, 2), "1"),
        (date(1961, 11, 3), "1"),
        (date(1961, 11, 4), "2"),
        (date(1986, 11, 3), "2"),
        (date(1986, 11, 4), None),
    ],
)
def test_the_class_changes_on_the_day_before_the_birthday(birth: date, expected: str | None) -> None:
    assert insured_class(birth, date(2026, 11, 2), PARAMETERS) == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [("1935-03-00", "1"), ("1961-10-00", "1"), ("1970-00-00", "2"), ("1990-00-00", None)],
)
def test_an_uncertain_birth_is_enough_where_every_day_means_the_same(
    birth: str, expected: str | None
) -> None:
    assert insured_class(UncertainDate.parse(birth), date(2026, 11, 2), PARAMETERS) == expected


@pytest.mark.parametrize("birth", ["1961-11-00", "1961-00-00", "0000-00-00"])
def test_an_uncertain_birth_that_leaves_the_class_open_is_left_to_a_person(birth: str) -> None:
    decision = _decide(replace(UME, birth=UncertainDate.parse(birth)))
    assert (decision.outcome, decision.codes(), decision.due) == (
        "cannot_tell",
        ("birth_uncertain",),
        date(2026, 12, 2),
    )


def test_there_are_sixteen_specified_diseases() -> None:
    diseases = PARAMETERS.value("kaigo.specified_diseases", TODAY)
    assert len({each["code"] for each in diseases}) == 16
    assert all(is_specified_disease(each["code"], TODAY, PARAMETERS) for each in diseases)
    assert not is_specified_disease("other", TODAY, PARAMETERS)


def test_with_a_specified_disease_the_second_class_is_certified() -> None:
    decision = _decide(KEN)
    assert (decision.outcome, decision.results["insured_class"]) == ("eligible", "2")


@pytest.mark.parametrize(
    ("facts", "outcome", "code"),
    [
        (replace(UME, insured_here=False), "not_eligible", "insured_elsewhere"),
        (replace(UME, insured_here=None), "cannot_tell", "insured_unclear"),
        (replace(UME, certified_until=date(2027, 1, 31)), "not_eligible", "already_certified"),
        (replace(UME, birth=date(1990, 1, 1)), "not_eligible", "too_young"),
        (replace(UME, judgement=None), "cannot_tell", "judgement_outstanding"),
        (replace(UME, judgement=None, surveyed_on=None), "cannot_tell", "survey_outstanding"),
        (replace(UME, judgement=None, opinion_on=None), "cannot_tell", "opinion_outstanding"),
        (replace(KEN, disease=None), "cannot_tell", "disease_unknown"),
        (replace(KEN, disease="other"), "not_eligible", "not_a_specified_disease"),
        (replace(KEN, has_medical_insurance=False), "not_eligible", "no_medical_insurance"),
        (replace(KEN, has_medical_insurance=None), "cannot_tell", "medical_insurance_unclear"),
        (replace(KEN, judgement=BOARD), "cannot_tell", "disease_unconfirmed"),
    ],
)
def test_what_stands_against_certification(facts: Facts, outcome: str, code: str) -> None:
    decision = _decide(facts)
    assert (decision.outcome, code in decision.codes(), decision.effects) == (outcome, True, ())


def test_from_sixty_five_on_no_disease_is_asked_for() -> None:
    assert _decide(replace(UME, disease="other", has_medical_insurance=False)).outcome == "eligible"


def test_a_certification_that_has_ended_does_not_stand_in_the_way() -> None:
    assert _decide(replace(UME, certified_until=date(2026, 11, 1))).outcome == "eligible"


def test_no_need_of_care_is_a_refusal_that_the_register_keeps() -> None:
    decision = _decide(replace(UME, judgement=replace(BOARD, level="not_applicable")))
    assert (decision.outcome, decision.codes()[0]) == ("not_eligible", "not_in_need")
    (effect,) = decision.effects
    assert effect.items["status"] == "not_certified"
    assert "certified_until" not in effect.items


@pytest.mark.parametrize(
    ("role", "changes", "outcome", "code"),
    [
        ("household", {}, "eligible", "certified"),
        ("care_manager", {"agent_designated": True}, "eligible", "certified"),
        ("care_manager", {"agent_designated": False}, "not_eligible", "agent_not_named_by_law"),
        ("care_manager", {}, "cannot_tell", "agent_unchecked"),
        ("proxy_by_mandate", {"proof_shown": True}, "eligible", "certified"),
        ("proxy_by_mandate", {"proof_shown": False}, "not_eligible", "mandate_missing"),
        ("proxy_by_law", {}, "cannot_tell", "mandate_unchecked"),
    ],
)
def test_who_may_apply_for_the_insured(role: str, changes: dict[str, Any], outcome: str, code: str) -> None:
    decision = _decide(replace(UME, **changes), role)
    assert (decision.outcome, code in decision.codes()) == (outcome, True)


def test_the_personal_number_is_not_asked_for_where_identity_is_settled() -> None:
    decision = _decide(UME)
    assert decision.results["my_number_needed"] is False
    assert "my_number_not_needed" in decision.codes()


def test_without_settled_identity_the_application_stands_all_the_same() -> None:
    decision = _decide(replace(UME, identity_settled=False))
    assert (decision.outcome, "my_number_may_be_asked" in decision.codes()) == ("eligible", True)


def test_a_postponed_limit_replaces_the_thirty_days() -> None:
    assert _decide(replace(UME, postponed_until=date(2026, 12, 20))).due == date(2026, 12, 20)


def test_an_application_from_before_the_data_is_not_guessed() -> None:
    assert _decide(replace(UME, applied_on=date(2003, 1, 6))).codes() == ("law_not_in_data",)


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_every_place_in_the_words_is_filled(language: Any) -> None:
    for facts in (UME, KEN, replace(UME, certified_until=date(2027, 1, 31))):
        assert not any("<" in sentence for sentence in _decide(facts).in_words(language))
