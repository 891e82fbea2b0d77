"""Whole applications, as the forms' own examples write them, decided with what a town would know."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures.registry import all_procedures, versions
from yakuba.procedures.rules import hoiku, kaigo, risai
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.registry import decided, rules
from yakuba.registers.catalogue import check_items

PARAMETERS = load_parameters()
EXAMPLES = {
    (one.id, example.id): (one, example)
    for name in rules()
    for one in versions(name)
    for example in one.examples
}
DISASTERS = [
    {
        "id": "2026-typhoon-21",
        "name": "令和8年台風第21号（見本）",
        "declared_on": "2026-10-23",
        "until": "2027-01-31",
    },
    {"id": "2026-earthquake-11", "name": {"ja": "令和8年11月の地震（見本）"}, "declared_on": "2026-11-11"},
]
RESIDENT = {"applicant": "1000000017", "resident_here": True, "already_recipient": False}
COUPLE = RESIDENT | {"income": 5_000_000, "spouse_income": 3_000_000}
BOARD = {"level": "care_1", "on": "2026-12-10"}


def _application(procedure: str, example_id: str) -> dict[str, Any]:
    _, example = EXAMPLES[procedure, example_id]
    return {
        "procedure": procedure,
        "answers": dict(example.answers),
        "attachments": [{"slot": slot} for slot in example.attachments],
        "applicant": {"role": example.role, "for": example.applicant_for},
    }


def _decided(procedure: str, example_id: str, known: dict[str, Any]) -> Decision:
    today = EXAMPLES[procedure, example_id][1].today
    return decided(_application(procedure, example_id), known, today, today, PARAMETERS)


def test_every_procedure_in_the_registry_has_its_rules() -> None:
    assert {one.id for one in all_procedures(date(2026, 11, 23))} >= set(rules())


@pytest.mark.parametrize(("procedure", "example_id"), sorted(EXAMPLES))
def test_without_a_register_no_example_is_granted(procedure: str, example_id: str) -> None:
    decision = _decided(procedure, example_id, {})
    assert decision.outcome != "eligible"
    assert decision.effects == ()
    assert decision.reasons


CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("jidou-teate-nintei", "birth", COUPLE, "eligible", "start_after_claim"),
    (
        "jidou-teate-nintei",
        "birth",
        COUPLE | {"spouse_income": 9_000_000},
        "cannot_tell",
        "spouse_earns_more",
    ),
    ("jidou-teate-nintei", "moved_in_apart", RESIDENT, "eligible", "start_after_event"),
    ("jidou-teate-nintei", "by_mandate", RESIDENT | {"proof_shown": True}, "eligible", "entitled"),
    (
        "jidou-teate-nintei",
        "by_mandate",
        RESIDENT | {"proof_shown": False},
        "not_eligible",
        "mandate_missing",
    ),
    ("jidou-teate-nintei", "before_reform", RESIDENT | {"limit_income": 4_000_000}, "eligible", "entitled"),
    (
        "jidou-teate-nintei",
        "before_reform",
        RESIDENT | {"limit_income": 9_500_000},
        "not_eligible",
        "over_income_ceiling",
    ),
    (
        "risai-shoumei",
        "self_assessed_roof",
        RESIDENT | {"disasters": DISASTERS, "photos_confirmed": True},
        "eligible",
        "by_self_assessment",
    ),
    (
        "risai-shoumei",
        "self_assessed_roof",
        RESIDENT | {"disasters": DISASTERS},
        "cannot_tell",
        "photos_unseen",
    ),
    (
        "risai-shoumei",
        "flooded_tenant",
        RESIDENT | {"disasters": DISASTERS, "survey": {"percent": 27, "on": "2026-11-24", "method": "first"}},
        "eligible",
        "by_survey",
    ),
    (
        "risai-shoumei",
        "vacant_house_by_mandate",
        {"disasters": DISASTERS, "in_town": True, "proof_shown": True},
        "not_eligible",
        "not_a_dwelling",
    ),
    ("risai-shoumei", "self_assessed_roof", RESIDENT, "not_eligible", "no_disaster_open"),
    (
        "kaigo-nintei",
        "self_at_home",
        {"insured": "1000000033", "insured_here": True, "judgement": BOARD},
        "eligible",
        "certified",
    ),
    (
        "kaigo-nintei",
        "family_hospital",
        {"insured": "1000000033", "insured_here": True, "judgement": BOARD},
        "eligible",
        "certified",
    ),
    (
        "kaigo-nintei",
        "care_manager_second_class",
        {
            "insured": "1000000041",
            "insured_here": True,
            "agent_designated": True,
            "judgement": BOARD | {"disease_confirmed": True},
        },
        "eligible",
        "certified",
    ),
    (
        "kaigo-nintei",
        "care_manager_second_class",
        {"insured": "1000000041", "insured_here": True},
        "cannot_tell",
        "agent_unchecked",
    ),
    ("hoiku-moushikomi", "one_child_two_jobs", RESIDENT, "eligible", "certified"),
    ("hoiku-moushikomi", "siblings_single_parent", RESIDENT, "eligible", "siblings_together"),
    (
        "hoiku-moushikomi",
        "education_only",
        RESIDENT | {"proof_shown": True},
        "eligible",
        "certified_education",
    ),
]


@pytest.mark.parametrize(("procedure", "example_id", "known", "outcome", "code"), CASES)
def test_the_examples_of_the_forms_are_decided(
    procedure: str, example_id: str, known: dict[str, Any], outcome: str, code: str
) -> None:
    decision = _decided(procedure, example_id, known)
    assert (decision.outcome, code in decision.codes()) == (outcome, True), decision.codes()


def test_a_third_child_counts_with_a_student_and_a_boarder() -> None:
    decision = _decided("jidou-teate-nintei", "moved_in_apart", RESIDENT)
    lines: Any = decision.results["children"]
    assert [(line["rank"], line["amount"]) for line in lines] == [(2, 10_000), (3, 30_000)]
    assert decision.results["start_month"] == "2026-11", "the hindrance began on 22 October"


def test_the_register_gets_the_persons_own_number() -> None:
    decision = _decided(
        "hoiku-moushikomi", "one_child_two_jobs", RESIDENT | {"children": {"i0000003": {"atena": "7"}}}
    )
    assert [effect.subject for effect in decision.effects] == ["7"]
    assert decision.effects[0].items["guardian"] == "1000000017"


def test_who_is_yet_to_move_in_is_left_to_a_person() -> None:
    application = _application("hoiku-moushikomi", "one_child_two_jobs")
    application["answers"]["moving_in_on"] = "2027-03-20"
    today = date(2026, 11, 23)
    decision = decided(application, RESIDENT | {"resident_here": False}, today, today, PARAMETERS)
    assert (decision.outcome, "residence_unknown" in decision.codes()) == ("cannot_tell", True)


def test_only_the_guardians_own_files_count_as_the_guardians_documents() -> None:
    application = _application("hoiku-moushikomi", "one_child_two_jobs")
    application["attachments"] = [{"slot": "guardians-i0000001-employment_certificate"}]
    facts = hoiku.facts_from(application, RESIDENT, date(2026, 11, 23))
    assert [guardian.documents for guardian in facts.guardians] == [{"employment_certificate"}, frozenset()]


def test_an_application_without_the_day_wanted_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="2027-04-01"):
        hoiku.facts_from({"answers": {}}, {}, date(2026, 11, 23))


def test_another_address_than_home_must_be_looked_at() -> None:
    application = _application("risai-shoumei", "vacant_house_by_mandate")
    facts = risai.facts_from(application, RESIDENT, date(2026, 11, 20))
    assert facts.in_town is None
    assert facts.address == "神奈川県三浦郡葉山町長柄210番地"


def test_identity_is_settled_when_the_person_was_found() -> None:
    application = _application("kaigo-nintei", "self_at_home")
    received = date(2026, 11, 23)
    assert not kaigo.facts_from(application, {}, received).identity_settled
    assert kaigo.facts_from(application, {"insured": "1000000033"}, received).identity_settled


def test_the_registers_birth_goes_before_an_uncertain_one() -> None:
    application = _application("kaigo-nintei", "family_hospital")
    facts = kaigo.facts_from(application, {"birth": date(1935, 3, 9)}, date(2026, 11, 24))
    assert facts.birth == date(1935, 3, 9)


@pytest.mark.parametrize("judgement", [{"level": "care_6", "on": "2026-12-10"}, {"level": "care_1"}])
def test_a_judgement_the_law_does_not_know_is_refused_with_an_example(judgement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="care_2"):
        kaigo.facts_from({"answers": {}}, {"judgement": judgement}, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("procedure", "example_id", "known"), [case[:3] for case in CASES if case[3] == "eligible"]
)
def test_every_effect_fits_the_data_items_of_its_register(
    procedure: str, example_id: str, known: dict[str, Any]
) -> None:
    effects = _decided(procedure, example_id, known).effects
    assert effects
    for effect in effects:
        check_items(effect.register, effect.items)


def test_bare_answers_are_no_application() -> None:
    with pytest.raises(KeyError, match="answers"):
        kaigo.facts_from({"insured_birth_date": "1940-01-01"}, {}, date(2026, 11, 24))


@pytest.mark.parametrize(("procedure", "example_id", "known"), [case[:3] for case in CASES])
def test_every_result_is_plain_json(procedure: str, example_id: str, known: dict[str, Any]) -> None:
    decision = _decided(procedure, example_id, known)
    values: list[Any] = [dict(decision.results), *(dict(effect.items) for effect in decision.effects)]
    while values:
        value = values.pop()
        assert value is None or isinstance(value, str | int | bool | list | dict)
        values += value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
