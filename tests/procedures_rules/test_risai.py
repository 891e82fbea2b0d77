"""The certificate of disaster damage: classes by day of the disaster, surveys, self-assessment, proxies."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.risai import Disaster, Facts, SelfAssessment, Survey, class_of, classes, decide

PARAMETERS = load_parameters()
TODAY = date(2026, 11, 23)
TYPHOON = Disaster(
    "2026-t18",
    "令和8年台風18号",
    accepts_from=date(2026, 10, 12),
    occurred_from=date(2026, 10, 10),
    occurred_until=date(2026, 10, 11),
    accepts_until=date(2027, 1, 31),
)
TARO = Facts("taro", date(2026, 10, 20), TYPHOON, date(2026, 10, 10), "葉山町堀内1", relation="owner")
SEEN = SelfAssessment(agreed=True, photos=3, confirmed=True)


def _decide(facts: Facts, role: str = "self", **settings: Any) -> Decision:
    application = {"applicant": {"role": role, "for": None}}
    return decide(application, facts, TODAY, PARAMETERS.with_municipal(settings))


@pytest.mark.parametrize(
    ("percent", "code"),
    [
        (100, "total"),
        (50, "total"),
        (49, "large_half"),
        (40, "large_half"),
        (39, "medium_half"),
        (30, "medium_half"),
        (29, "half"),
        (20, "half"),
        (19, "near_half"),
        (10, "near_half"),
        (9, "less"),
        (0, "less"),
    ],
)
def test_the_survey_decides_the_class(percent: int, code: str) -> None:
    decision = _decide(replace(TARO, survey=Survey(percent, date(2026, 11, 1))))
    assert decision.outcome == "eligible"
    assert decision.results["damage_class"] == code
    (effect,) = decision.effects
    assert (effect.register, effect.subject, effect.valid_from) == ("hisaisha", "taro", TODAY)
    assert effect.items["damage_class"] == code
    assert effect.items["damage_rate"] == percent


@pytest.mark.parametrize(
    ("day", "percent", "code"),
    [
        (date(2018, 7, 7), 35, "half"),
        (date(2018, 7, 7), 15, "less"),
        (date(2020, 5, 1), 35, "half"),
        (date(2020, 5, 1), 15, "near_half"),
        (date(2020, 7, 4), 35, "medium_half"),
        (date(2020, 12, 4), 35, "medium_half"),
        (date(2024, 1, 1), 35, "medium_half"),
    ],
)
def test_the_classes_are_those_of_the_day_of_the_disaster(day: date, percent: int, code: str) -> None:
    assert class_of(percent, day, PARAMETERS).code == code


@given(st.integers(0, 99), st.dates(date(2013, 6, 21), date(2030, 12, 31)))
def test_more_damage_is_never_a_lighter_class(percent: int, day: date) -> None:
    heaviest_first = [each.code for each in classes(day, PARAMETERS)]
    lighter, heavier = class_of(percent, day, PARAMETERS), class_of(percent + 1, day, PARAMETERS)
    assert heaviest_first.index(heavier.code) <= heaviest_first.index(lighter.code)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_share_of_damage_outside_nought_to_a_hundred_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        class_of(percent, TODAY, PARAMETERS)


def test_without_a_survey_the_damage_cannot_be_told() -> None:
    decision = _decide(TARO)
    assert (decision.outcome, decision.codes()) == ("cannot_tell", ("survey_outstanding",))
    assert decision.effects == ()
    assert decision.due == date(2026, 11, 19)


def test_a_survey_without_its_figure_is_not_a_result() -> None:
    assert _decide(replace(TARO, survey=Survey(None, date(2026, 11, 1)))).outcome == "cannot_tell"


def test_self_assessment_gives_only_the_lowest_class() -> None:
    decision = _decide(replace(TARO, self_assessment=SEEN))
    assert (decision.outcome, decision.results["damage_class"]) == ("eligible", "less")
    assert decision.results["method"] == "self_assessed"
    assert decision.codes() == ("certified", "by_self_assessment")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreed": False}, "not_agreed"),
        ({"photos": 0}, "photos_missing"),
        ({"confirmed": None}, "photos_unseen"),
        ({"confirmed": False}, "photos_show_more"),
    ],
)
def test_self_assessment_needs_agreement_and_photos_that_a_clerk_has_seen(
    changes: dict[str, Any], code: str
) -> None:
    decision = _decide(replace(TARO, self_assessment=replace(SEEN, **changes)))
    assert (decision.outcome, decision.codes()) == ("cannot_tell", (code,))


def test_a_disaster_may_be_without_self_assessment() -> None:
    facts = replace(TARO, disaster=replace(TYPHOON, self_assessment=False), self_assessment=SEEN)
    assert _decide(facts).codes() == ("self_assessment_closed",)


def test_a_survey_goes_before_the_residents_own_assessment() -> None:
    facts = replace(TARO, self_assessment=SEEN, survey=Survey(45, date(2026, 11, 1), "second"))
    decision = _decide(facts)
    assert decision.results["damage_class"] == "large_half"
    assert decision.results["method"] == "second"


SURVEYED = replace(TARO, survey=Survey(22, date(2026, 11, 1)))


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"disaster": None}, "not_eligible", "no_disaster_open"),
        ({"applied_on": date(2026, 10, 11)}, "not_eligible", "not_yet_open"),
        ({"applied_on": date(2027, 2, 1)}, "not_eligible", "closed"),
        ({"damaged_on": date(2026, 10, 9)}, "not_eligible", "damage_outside_disaster"),
        ({"damaged_on": date(2026, 10, 12)}, "not_eligible", "damage_outside_disaster"),
        ({"damaged_on": None}, "cannot_tell", "damage_day_unknown"),
        ({"in_town": False}, "not_eligible", "outside_town"),
        ({"in_town": None}, "cannot_tell", "address_unclear"),
        ({"is_dwelling": False}, "not_eligible", "not_a_dwelling"),
        ({"is_dwelling": None}, "cannot_tell", "dwelling_unclear"),
    ],
    ids=str,
)
def test_what_stands_against_a_certificate(changes: dict[str, Any], outcome: str, code: str) -> None:
    decision = _decide(replace(SURVEYED, **changes))
    assert (decision.outcome, code in decision.codes(), decision.effects) == (outcome, True, ())


@pytest.mark.parametrize("applied", [date(2026, 10, 12), date(2027, 1, 31)])
def test_the_first_and_the_last_day_are_open(applied: date) -> None:
    assert _decide(replace(SURVEYED, applied_on=applied)).outcome == "eligible"


def test_a_mayor_may_cover_more_than_dwellings() -> None:
    shed = replace(SURVEYED, is_dwelling=False)
    assert _decide(shed, **{"risai.covers_non_dwellings": True}).outcome == "eligible"


@pytest.mark.parametrize(
    ("role", "proof", "outcome"),
    [
        ("household", None, "eligible"),
        ("proxy_by_mandate", True, "eligible"),
        ("proxy_by_mandate", False, "not_eligible"),
        ("proxy_by_mandate", None, "cannot_tell"),
        ("care_manager", True, "not_eligible"),
    ],
)
def test_a_proxy_without_mandate_gets_no_certificate(role: str, proof: bool | None, outcome: str) -> None:
    assert _decide(replace(SURVEYED, proof_shown=proof), role).outcome == outcome


def test_classes_of_an_uncertain_day_are_marked_unsure() -> None:
    summer = Disaster("r2-07", "令和2年7月豪雨", date(2020, 7, 10), occurred_from=date(2020, 7, 3))
    old = replace(SURVEYED, disaster=summer, damaged_on=date(2020, 7, 4), applied_on=date(2020, 8, 1))
    assert "risai.classes" in _decide(old).unsure
    assert "risai.classes" not in _decide(SURVEYED).unsure


def test_a_disaster_before_the_law_is_not_guessed() -> None:
    old = Disaster("h23", "平成23年", date(2011, 3, 20))
    facts = replace(SURVEYED, disaster=old, damaged_on=date(2011, 3, 11), applied_on=date(2013, 7, 1))
    assert _decide(facts).codes() == ("law_not_in_data",)


@pytest.mark.parametrize("language", ["ja", "en", "easy"])
def test_every_place_in_the_words_is_filled(language: Any) -> None:
    late = replace(SURVEYED, applied_on=date(2027, 2, 1), damaged_on=date(2026, 1, 1))
    for facts in (SURVEYED, late, replace(TARO, self_assessment=SEEN)):
        assert not any("<" in sentence for sentence in _decide(facts).in_words(language))
