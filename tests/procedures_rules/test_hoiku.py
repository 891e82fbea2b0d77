"""Certification of childcare need: classes, hours, reasons of every guardian, documents, validity, points."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.hoiku import Child, Facts, Guardian, decide, need_reasons, points
from yakuba.procedures.rules.parameters import MunicipalSettingError, load_parameters

PARAMETERS = load_parameters()
TODAY = date(2026, 12, 10)
MOTHER = Guardian("mother", "さくら", "work", 140, documents=frozenset({"employment_certificate"}))
FATHER = Guardian("father", "けん", "work", 168, documents=frozenset({"employment_certificate"}))
TODDLER = Child("toddler", "あおい", date(2024, 9, 9), ("中央保育園", "海辺保育園"))
ELDER = Child("elder", "そら", date(2022, 6, 1), ("中央保育園",))
FAMILY = Facts(date(2026, 11, 20), date(2027, 4, 1), (TODDLER,), (MOTHER, FATHER))


def _decide(facts: Facts, role: str = "self", **settings: Any) -> Decision:
    return decide({"applicant": {"role": role}}, facts, TODAY, PARAMETERS.with_municipal(settings))


def _row(decision: Decision, index: int = 0) -> dict[str, Any]:
    rows: Any = decision.results["children"]
    return dict(rows[index])


def _with(**changes: Any) -> Facts:
    return replace(FAMILY, guardians=(replace(MOTHER, **changes), FATHER))


def test_two_parents_at_work_get_standard_hours() -> None:
    decision = _decide(FAMILY)
    assert decision.outcome == "eligible"
    assert _row(decision) == {
        "key": "toddler",
        "classification": "3",
        "hours": "standard",
        "hours_a_day": 11,
        "certified_from": "2027-04-01",
        "certified_until": "2027-09-07",
        "points": 37,
    }
    assert decision.due == date(2026, 12, 20)


def test_the_register_gets_an_entry_for_each_child() -> None:
    effects = _decide(replace(FAMILY, children=(ELDER, TODDLER), siblings="same_facility")).effects
    assert [effect.subject for effect in effects] == ["elder", "toddler"]
    assert [effect.items["classification"] for effect in effects] == ["2", "3"]
    assert effects[1].items["choices"] == [
        {"rank": 1, "facility": "中央保育園"},
        {"rank": 2, "facility": "海辺保育園"},
    ]
    assert effects[0].items["siblings_together"] == "same_facility"
    assert effects[0].register == "kodomo_kosodate"


@pytest.mark.parametrize(
    ("birth", "classification", "until"),
    [
        (date(2024, 4, 3), "3", "2027-04-01"),
        (date(2024, 4, 2), "2", "2031-03-31"),
        (date(2024, 4, 1), "2", "2030-03-31"),
        (date(2021, 4, 2), "2", "2028-03-31"),
        (date(2024, 5, 1), "3", "2027-04-29"),
    ],
)
def test_class_three_ends_two_days_before_the_third_birthday(
    birth: date, classification: str, until: str
) -> None:
    """満3歳に達する日 is the day before the birthday, and class 3 ends the day before that (施行規則8条)."""
    row = _row(_decide(replace(FAMILY, children=(replace(TODDLER, birth=birth),))))
    assert (row["classification"], row["certified_until"]) == (classification, until)


@pytest.mark.parametrize(("birth", "told"), [(date(2021, 4, 1), "at_school"), (date(2027, 4, 2), "not_born")])
def test_neither_school_age_nor_the_unborn_are_certified(birth: date, told: str) -> None:
    decision = _decide(replace(FAMILY, children=(replace(TODDLER, birth=birth),)))
    assert (decision.codes()[-1], decision.effects) == (told, ())
    assert decision.outcome != "eligible"


@pytest.mark.parametrize(
    ("hours", "outcome", "length"),
    [
        (160, "eligible", "standard"),
        (120, "eligible", "standard"),
        (119, "eligible", "short"),
        (64, "eligible", "short"),
    ],
)
def test_a_hundred_and_twenty_hours_of_work_make_standard_hours(
    hours: int, outcome: str, length: str
) -> None:
    decision = _decide(_with(hours=hours))
    assert (decision.outcome, _row(decision)["hours"]) == (outcome, length)


def test_the_lower_limit_of_work_is_the_municipalitys() -> None:
    few = _with(hours=50)
    refused = _decide(few)
    assert (refused.outcome, refused.codes()[0]) == ("not_eligible", "hours_too_few")
    assert _decide(few, **{"hoiku.minimum_work_hours": 48}).outcome == "eligible"
    with pytest.raises(MunicipalSettingError, match="from 48 to 64"):
        PARAMETERS.with_municipal({"hoiku.minimum_work_hours": 80})


@given(st.integers(64, 250), st.integers(64, 250))
def test_more_work_never_shortens_care(hours: int, others: int) -> None:
    facts = replace(FAMILY, guardians=(replace(MOTHER, hours=hours), replace(FATHER, hours=others)))
    longer = replace(FAMILY, guardians=(replace(MOTHER, hours=hours + 1), replace(FATHER, hours=others)))
    assert _row(_decide(facts))["hours_a_day"] <= _row(_decide(longer))["hours_a_day"]
    assert _row(_decide(facts))["points"] <= _row(_decide(longer))["points"]


def test_there_are_ten_reasons_in_the_order_of_the_ordinance() -> None:
    numbers = [reason.number for reason in need_reasons(TODAY, PARAMETERS).values()]
    assert numbers == list(range(1, 11))


@pytest.mark.parametrize(
    ("changes", "length", "until"),
    [
        ({"reason": "childbirth", "until": date(2027, 3, 10)}, "standard", "2027-05-31"),
        ({"reason": "childbirth", "until": date(2027, 2, 5)}, "standard", "2027-04-30"),
        ({"reason": "disaster", "hours": None}, "standard", "2027-09-07"),
        ({"reason": "abuse", "hours": None}, "standard", "2027-09-07"),
        ({"reason": "job_search", "hours": None}, "short", "2027-06-30"),
        ({"reason": "study", "hours": 130, "until": date(2027, 6, 10)}, "standard", "2027-06-30"),
        ({"reason": "nursing", "hours": 70}, "short", "2027-09-07"),
        ({"reason": "illness", "hours": 130}, "standard", "2027-09-07"),
        ({"reason": "childcare_leave", "until": date(2027, 7, 14)}, "short", "2027-07-14"),
        ({"reason": "other", "hours": 90, "until": date(2027, 5, 5)}, "short", "2027-05-05"),
    ],
    ids=str,
)
def test_each_reason_has_its_hours_and_its_end(changes: dict[str, Any], length: str, until: str) -> None:
    documents = frozenset(
        code for codes in PARAMETERS.value("hoiku.documents", TODAY).values() for code in codes
    )
    row = _row(_decide(_with(documents=documents, **changes)))
    assert (row["hours"], row["certified_until"]) == (length, until)


def test_eight_weeks_count_from_the_day_of_birth_itself() -> None:
    """Example of a town: born on 10 July, certified until 30 September."""
    born = date(2027, 7, 10)
    documents = frozenset({"maternity_handbook"})
    row = _row(_decide(_with(reason="childbirth", until=born, documents=documents)))
    assert row["certified_until"] == "2027-09-07", "the child turns three first"
    elder = replace(_with(reason="childbirth", until=born, documents=documents), children=(ELDER,))
    assert _row(_decide(elder))["certified_until"] == "2027-09-30"


def test_how_long_care_is_while_looking_for_work_is_the_municipalitys_choice() -> None:
    facts = _with(reason="job_search", hours=None, documents=frozenset({"job_search_statement"}))
    own = {"hoiku.hours.job_search": "standard", "hoiku.job_search_days": 60}
    row = _row(_decide(facts, **own))
    assert (row["hours"], row["certified_until"]) == ("standard", "2027-05-31")
    with pytest.raises(MunicipalSettingError, match="standard or short"):
        PARAMETERS.with_municipal({"hoiku.hours.job_search": "long"})


def test_every_guardian_needs_a_reason() -> None:
    decision = _decide(_with(reason="none"))
    assert (decision.outcome, "not_needed" in decision.codes(), decision.effects) == (
        "not_eligible",
        True,
        (),
    )


def test_a_lone_guardian_needs_only_the_own_reason() -> None:
    decision = _decide(replace(FAMILY, guardians=(MOTHER,)))
    assert decision.outcome == "eligible"
    assert _row(decision)["points"] == 17 * 2 + 20


def test_from_three_on_education_is_offered_where_care_is_not_needed() -> None:
    facts = replace(_with(reason="none"), children=(ELDER,))
    assert "education_possible" in _decide(facts).codes()
    assert "education_possible" not in _decide(_with(reason="none")).codes()


def test_education_is_certified_without_any_reason_from_three_on() -> None:
    school = replace(_with(reason="none"), wants="education", children=(ELDER,))
    row = _row(_decide(school))
    assert (row["classification"], row["hours"], row["certified_until"]) == ("1", None, "2029-03-31")
    young = _decide(replace(school, children=(TODDLER,)))
    assert (young.outcome, young.codes()) == ("not_eligible", ("education_from_three",))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"documents": frozenset()}, "document_missing"),
        ({"reason": None}, "reason_unknown"),
        ({"hours": None}, "hours_unknown"),
    ],
)
def test_what_is_not_known_leaves_the_decision_open(changes: dict[str, Any], code: str) -> None:
    decision = _decide(_with(**changes))
    assert (decision.outcome, code in decision.codes()) == ("cannot_tell", True)


def test_missing_documents_are_listed_by_guardian() -> None:
    decision = _decide(_with(reason="nursing", documents=frozenset()))
    assert decision.results["documents_missing"] == {
        "mother": ["nursing_statement", "medical_certificate"],
        "father": [],
    }


def test_a_municipality_may_ask_for_fewer_documents() -> None:
    documents = dict(PARAMETERS.value("hoiku.documents", TODAY)) | {"work": []}
    assert _decide(_with(documents=frozenset()), **{"hoiku.documents": documents}).outcome == "eligible"


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"resident_here": False}, "not_eligible", "not_resident_here"),
        ({"resident_here": None}, "cannot_tell", "residence_unknown"),
        ({"guardians": ()}, "cannot_tell", "no_guardian"),
        ({"children": ()}, "not_eligible", "no_child"),
    ],
    ids=str,
)
def test_what_stands_against_an_application(changes: dict[str, Any], outcome: str, code: str) -> None:
    decision = _decide(replace(FAMILY, **changes))
    assert (decision.outcome, code in decision.codes()) == (outcome, True)


def test_a_child_without_a_certain_day_of_birth_leaves_it_open() -> None:
    decision = _decide(replace(FAMILY, children=(replace(TODDLER, birth=None),)))
    assert (decision.outcome, "birth_unknown" in decision.codes()) == ("cannot_tell", True)


def test_a_family_may_ask_for_short_hours() -> None:
    assert _row(_decide(replace(FAMILY, hours_wanted="short")))["hours_a_day"] == 8


def test_care_is_not_certified_before_the_application() -> None:
    early = replace(FAMILY, wanted_from=date(2026, 11, 1))
    assert _row(_decide(early))["certified_from"] == "2026-11-20"


def test_a_reason_that_ends_before_the_day_wanted_certifies_nothing() -> None:
    facts = _with(reason="childbirth", until=date(2026, 12, 20), documents=frozenset({"maternity_handbook"}))
    decision = _decide(facts)
    assert (decision.outcome, "already_over" in decision.codes()) == ("not_eligible", True)


def test_the_familys_situation_adds_points() -> None:
    both = replace(FAMILY, children=(TODDLER, replace(ELDER, with_disability=True)))
    plain = points(TODDLER, FAMILY, PARAMETERS)
    assert points(TODDLER, both, PARAMETERS) == plain + 2
    assert points(both.children[1], both, PARAMETERS) == plain + 2 + 5
    helped = replace(FAMILY, situation=frozenset({"public_assistance", "sibling_enrolled"}))
    assert points(TODDLER, helped, PARAMETERS) == plain + 15


def test_points_are_the_municipalitys_own_and_marked_so() -> None:
    assert "hoiku.points.reasons" in _decide(FAMILY).unsure
    table = dict(PARAMETERS.value("hoiku.points.reasons", TODAY)) | {"work": [[0, 1]]}
    own = PARAMETERS.with_municipal({"hoiku.points.reasons": table})
    assert points(TODDLER, FAMILY, own) == 2
    assert "hoiku.points.reasons" not in decide({}, FAMILY, TODAY, own).unsure


def test_a_proxy_without_mandate_cannot_apply() -> None:
    assert _decide(replace(FAMILY, proof_shown=False), "proxy_by_mandate").outcome == "not_eligible"
    assert _decide(FAMILY, "household").outcome == "eligible"


def test_an_application_from_before_the_data_is_not_guessed() -> None:
    assert _decide(replace(FAMILY, applied_on=date(2014, 6, 2))).codes() == ("law_not_in_data",)


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_every_place_in_the_words_is_filled(language: Any) -> None:
    cases = (
        FAMILY,
        _with(documents=frozenset()),
        _with(hours=20),
        replace(FAMILY, children=(ELDER, TODDLER)),
    )
    for facts in (*cases, replace(FAMILY, wants="education", children=(ELDER,))):
        assert not any("<" in sentence for sentence in _decide(facts).in_words(language))
