"""Certification alone, the reports on childcare and on 児童扶養手当, and the notification of a pregnancy."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures import registry
from yakuba.procedures.rules import ninshin
from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.registry import decided
from yakuba.registers.catalogue import check_items

PARAMETERS = load_parameters()
RESIDENT = {"applicant": "0000000001", "resident_here": True}


def decide(
    procedure: str, example: str, known: dict[str, Any], on: date | None = None, **answers: Any
) -> Decision:
    chosen = next(one for one in registry.procedure(procedure).examples if one.id == example)
    application = {
        "procedure": procedure,
        "answers": {**chosen.answers, **answers},
        "attachments": [{"slot": slot} for slot in chosen.attachments],
        "applicant": {"role": chosen.role},
    }
    day = on or chosen.today
    found = decided(application, known, day, day, PARAMETERS)
    for effect in found.effects:
        check_items(effect.register, effect.items)
    return found


TAX = {"fiscal_year": "2026", "income_levy": 60_000, "taxation": "taxed"}


def guardians(**tax: Any) -> dict[str, Any]:
    return {"guardians": {key: {"atena": key, "juminzei": TAX | tax} for key in ("i0000001", "i0000002")}}


def test_certification_alone_asks_for_no_place_and_shows_the_ceiling_of_the_fee() -> None:
    found = decide("kyouiku-hoiku-nintei", "both_work", RESIDENT | guardians())
    assert found.outcome == "eligible", found.codes()
    row: Any = found.results["children"][0]  # type: ignore[index,call-overload]
    assert (row["classification"], row["hours"], row["fee_ceiling_yen"]) == ("3", "standard", 44_500)
    assert not {"status", "wanted_from", "score", "choices"} & set(found.effects[0].items)


def test_the_fee_is_not_told_from_another_years_tax_or_an_unknown_one() -> None:
    for known in (RESIDENT, RESIDENT | guardians(fiscal_year="2025")):
        found = decide("kyouiku-hoiku-nintei", "both_work", known)
        row: Any = found.results["children"][0]  # type: ignore[index,call-overload]
        assert row["fee_ceiling_yen"] is None


def test_a_household_without_resident_tax_pays_nothing_under_three() -> None:
    found = decide(
        "kyouiku-hoiku-nintei", "both_work", RESIDENT | guardians(taxation="exempt", income_levy=0)
    )
    row: Any = found.results["children"][0]  # type: ignore[index,call-overload]
    assert row["fee_ceiling_yen"] == 0


def test_education_is_from_three() -> None:
    found = decide("kyouiku-hoiku-nintei", "too_young_for_education", RESIDENT)
    assert (found.outcome, "education_from_three" in found.codes()) == ("not_eligible", True)


def certified(hours: str = "standard", classification: str = "3") -> dict[str, Any]:
    record = {"classification": classification, "hours": hours, "guardian": "0000000001", "status": "placed"}
    return RESIDENT | {
        "children": {"i0000003": {"atena": "7", "birth": "2024-06-30", "kodomo_kosodate": record}}
    }


def test_a_need_that_stands_goes_on_with_the_place_as_it_is() -> None:
    found = decide("hoiku-genkyou", "same", certified())
    assert (found.outcome, "goes_on" in found.codes()) == ("eligible", True), found.codes()
    assert (found.effects[0].items["status"], found.effects[0].valid_from) == ("placed", date(2026, 12, 1))


def test_another_length_is_a_change_for_a_person() -> None:
    found = decide("hoiku-genkyou", "same", certified(hours="short"))
    assert (found.outcome, "changes" in found.codes(), found.effects) == ("cannot_tell", True, ())


def test_without_a_reason_nothing_is_withdrawn_before_the_family_is_heard() -> None:
    found = decide("hoiku-genkyou", "no_reason", certified(hours="short"))
    assert (found.outcome, "need_in_doubt" in found.codes()) == ("cannot_tell", True), found.codes()


def test_a_child_without_certification_reports_nothing() -> None:
    known = RESIDENT | {"children": {"i0000003": {"atena": "7", "kodomo_kosodate": {}}}}
    assert decide("hoiku-genkyou", "same", known).outcome == "not_eligible"


ALLOWANCE = RESIDENT | {
    "allowance": {"band": "full", "monthly_amount": 45_500, "children": 1},
    "income": 1_200_000,
    "wages": 2_000_000,
}
SEEN = ALLOWANCE | {
    "interviewed_on": "2025-08-20",
    "still_entitled": True,
    "deductions": 0,
    "dependants": 1,
    "family_over": False,
    "five_years": False,
}


def test_a_report_sent_ahead_waits_for_the_interview() -> None:
    found = decide("jidou-fuyou-genkyou", "one_child", ALLOWANCE)
    assert (found.outcome, found.codes()) == ("cannot_tell", ("interview_needed",))


def test_after_the_interview_the_amount_from_november_is_worked_out() -> None:
    found = decide("jidou-fuyou-genkyou", "one_child", SEEN)
    assert (found.outcome, found.results["band"], found.results["monthly_amount"]) == (
        "eligible",
        "full",
        46_690,
    )
    assert (found.effects[0].valid_from, found.effects[0].items["confirmed_year"]) == (
        date(2025, 11, 1),
        "2025",
    )
    more = decide("jidou-fuyou-genkyou", "with_parents", SEEN)
    assert more.results["counted_income_yen"] == 1_200_000 + 288_000 - 180_000
    assert more.results["band"] == "partial"


@pytest.mark.parametrize(
    ("change", "code", "outcome"),
    [
        ({"still_entitled": False}, "no_longer_entitled", "not_eligible"),
        ({"deductions": None}, "income_unknown", "cannot_tell"),
        ({"family_over": None}, "family_income_unknown", "cannot_tell"),
        ({"five_years": True}, "five_years_reduction", "cannot_tell"),
        ({"allowance": {}}, "not_a_recipient", "not_eligible"),
    ],
)
def test_what_keeps_a_report_from_its_end(change: dict[str, Any], code: str, outcome: str) -> None:
    found = decide("jidou-fuyou-genkyou", "one_child", SEEN | change)
    assert (found.outcome, code in found.codes()) == (outcome, True), found.codes()


def test_family_over_the_limit_stops_the_payment_and_not_the_entitlement() -> None:
    found = decide("jidou-fuyou-genkyou", "one_child", SEEN | {"family_over": True})
    assert (found.outcome, found.results["band"], found.results["monthly_amount"]) == ("eligible", "none", 0)


def test_a_year_whose_amounts_were_not_seen_is_left_to_a_person_with_the_band() -> None:
    found = decide("jidou-fuyou-genkyou", "one_child", SEEN, date(2027, 8, 5), year=2027)
    assert (found.outcome, found.results["band"]) == ("cannot_tell", "full")
    assert "amount_not_in_data" in found.codes()


def test_july_is_too_early() -> None:
    assert "too_early" in decide("jidou-fuyou-genkyou", "too_early", SEEN).codes()


def test_a_pregnancy_is_entered_with_a_handbook_for_each_baby() -> None:
    found = decide("ninshin-todokede", "twins", RESIDENT)
    assert (found.outcome, found.effects[0].items["handbooks"]) == ("eligible", 2)
    assert "not_examined" in decide("ninshin-todokede", "not_examined", RESIDENT).codes()


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"resident_here": False}, "lives_elsewhere"),
        ({}, "residence_unknown"),
        (RESIDENT | {"pregnancy": {"due_on": "2027-06-28"}}, "known_already"),
    ],
)
def test_what_stands_against_a_notification(known: dict[str, Any], code: str) -> None:
    found = decide("ninshin-todokede", "first_child", known)
    assert code in found.codes()
    assert found.outcome != "eligible"


def test_a_notification_without_weeks_is_asked_about() -> None:
    facts = ninshin.facts_from({"answers": {}}, RESIDENT, date(2026, 11, 24))
    assert "weeks_unknown" in ninshin.decide({}, facts, date(2026, 11, 24), PARAMETERS).codes()
