"""After the first claim for child allowance: more or fewer children, changes, the end, what was left unpaid, instructions."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.jidou_teate import genkyou, henkou, kaitei, mibarai, moushide, shoumetsu
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.registers.catalogue import check_items

PARAMETERS = load_parameters()
MOTHER = "0000000001"
ENTRY = {
    "claimed_on": "2024-10-01",
    "start_month": "2024-10",
    "monthly_amount": 20000,
    "category": "jidou_teate",
    "recipient_kind": "parent",
    "children": [],
    "bank_name": "みなと信用金庫",
    "valid_from": "2024-10-01",
    "valid_until": None,
}
ELDER = {
    "key": "8",
    "rank": 1,
    "stage": "junior_high",
    "amount": 10000,
    "name": "葉山　翼",
    "birth": "2014-01-20",
}
YOUNGER = {
    "key": "9",
    "rank": 2,
    "stage": "primary",
    "amount": 10000,
    "name": "葉山　陽菜",
    "birth": "2019-04-20",
}
RECIPIENT = {
    "applicant": MOTHER,
    "entitlement": ENTRY,
    "entitled_children": [ELDER, YOUNGER],
    "counted_children": [],
    "resident_here": True,
}
NOBODY = {"applicant": MOTHER, "entitlement": {}}
NEW_BABY = {
    "id": "i1",
    "name": {"name": "葉山　ひなた"},
    "birth_date": "2026-11-18",
    "lives_with_claimant": True,
    "cared_for": True,
    "shares_livelihood": True,
    "in_facility": False,
    "residence": "japan",
}
NOVEMBER = date(2026, 11, 24)


def decided(
    rule: Any, answers: dict[str, Any], known: dict[str, Any], on: date = NOVEMBER, **more: Any
) -> Decision:
    application = {"procedure": more.get("procedure", ""), "answers": answers, "applicant": {"role": "self"}}
    decision: Decision = rule.decide(application, rule.facts_from(application, known, on), on, PARAMETERS)
    for effect in decision.effects:
        check_items(effect.register, effect.items)
    return decision


def born(**changes: Any) -> dict[str, Any]:
    said = {
        "direction": "increase",
        "claim_reason": "birth",
        "event_date": "2026-11-18",
        "children": [NEW_BABY],
    }
    return said | changes


def fewer(child: dict[str, Any], on: str) -> dict[str, Any]:
    gone = [{"id": "i1", "name": {"name": child["name"]}, "birth_date": child["birth"]}]
    return {
        "direction": "decrease",
        "decrease_reason": "facility",
        "event_date": on,
        "removed_children": gone,
    }


def test_a_third_child_makes_the_amount_rise_from_the_month_after() -> None:
    decision = decided(kaitei, born(), RECIPIENT)
    assert decision.outcome == "eligible", decision.codes()
    results = decision.results
    assert (results["start_month"], results["previous_amount"], results["monthly_amount"]) == (
        "2026-12",
        20000,
        50000,
    )
    effect = decision.effects[0]
    assert (effect.subject, effect.valid_from) == (MOTHER, date(2026, 12, 1))
    assert (effect.items["revised_month"], effect.items["bank_name"]) == ("2026-12", "みなと信用金庫")
    assert effect.items["start_month"] == "2024-10", "the first month paid stays what it was"


@pytest.mark.parametrize(
    ("claimed", "start"),
    [
        (date(2026, 11, 30), "2026-11"),  # born on 31 October, claimed on the 30th day after it: too late
        (date(2026, 11, 16), "2026-11"),  # the fifteenth day is a Sunday: Monday still counts
        (date(2026, 11, 17), "2026-12"),
    ],
)
def test_a_claim_within_fifteen_days_keeps_the_month_of_the_birth(claimed: date, start: str) -> None:
    answers = born(event_date="2026-10-31", children=[NEW_BABY | {"birth_date": "2026-10-31"}])
    found = decided(kaitei, answers, RECIPIENT, claimed).results["start_month"]
    assert found == ("2026-12" if claimed == date(2026, 11, 30) else start)


def test_who_receives_nothing_is_told_to_claim_first() -> None:
    decision = decided(kaitei, born(), NOBODY)
    assert (decision.outcome, decision.codes()) == ("not_eligible", ("not_a_recipient",))


def test_nobody_is_judged_before_the_register_was_looked_at() -> None:
    assert decided(kaitei, born(), {}).codes() == ("recipient_unknown",)


def test_a_child_that_does_not_raise_the_amount_is_no_ground_for_a_claim() -> None:
    abroad = NEW_BABY | {"residence": "abroad"}
    decision = decided(kaitei, born(children=[abroad]), RECIPIENT)
    assert decision.outcome == "not_eligible"
    assert {"child_abroad", "no_increase"} <= set(decision.codes())


def test_a_child_already_paid_for_is_not_added_again() -> None:
    known = RECIPIENT | {
        "children": {"i1": {"atena": "9", "birth": "2026-11-18"}},
        "granted": {"9": {"holder": "0000000002", "since": "2026-11-01"}},
    }
    decision = decided(kaitei, born(), known)
    assert (decision.outcome, "child_granted_to_other" in decision.codes()) == ("cannot_tell", True)


def test_an_older_child_named_now_moves_the_order_of_the_others() -> None:
    student = {
        "id": "i2", "name": {"name": "葉山　湊"}, "birth_date": "2006-09-12", "occupation": "student",
        "lives_with_claimant": True, "cared_for": True, "shares_livelihood": True,
    }  # fmt: skip
    answers = {
        "direction": "increase", "claim_reason": "became_entitled", "has_older_children": True,
        "older_children": [student],
    }  # fmt: skip
    decision = decided(kaitei, answers, RECIPIENT)
    assert decision.outcome == "eligible", decision.codes()
    assert decision.results["monthly_amount"] == 40000
    assert decision.effects[0].items["counted"] == [{"key": "i2"}]


def test_where_the_register_does_not_name_the_older_children_a_person_looks() -> None:
    third = {**YOUNGER, "rank": 3, "amount": 30000}
    known = RECIPIENT | {"entitled_children": [{**ELDER, "rank": 2}, third]}
    decision = decided(kaitei, born(), known)
    assert (decision.outcome, "older_children_unconfirmed" in decision.codes()) == ("cannot_tell", True)


def test_fewer_children_count_from_the_month_after_the_event_however_late_it_is_told() -> None:
    decision = decided(kaitei, fewer(YOUNGER, "2026-08-10"), RECIPIENT)
    assert decision.outcome == "eligible", decision.codes()
    assert (decision.results["start_month"], decision.results["monthly_amount"]) == ("2026-09", 10000)
    assert "paid_too_much_possible" in decision.codes()


def test_a_child_nobody_knows_is_looked_for_by_a_person() -> None:
    decision = decided(kaitei, fewer({"name": "誰か", "birth": "2020-01-01"}, "2026-11-10"), RECIPIENT)
    assert decision.codes() == ("child_not_on_record",)


def test_without_a_child_left_it_is_the_end_and_no_change() -> None:
    known = RECIPIENT | {"entitled_children": [ELDER]}
    decision = decided(kaitei, fewer(ELDER, "2026-11-10"), known)
    assert (decision.outcome, "no_child_left" in decision.codes()) == ("cannot_tell", True)


def test_an_entitlement_ends_with_the_month_of_the_event() -> None:
    decision = decided(shoumetsu, {"end_cause": "moved_out", "event_date": "2026-12-05"}, RECIPIENT)
    assert (decision.outcome, decision.results["end_month"]) == ("eligible", "2026-12")
    assert "claim_where_you_moved" in decision.codes()
    effect = decision.effects[0]
    assert (effect.valid_from, effect.items["monthly_amount"]) == (date(2027, 1, 1), 0)
    ended = RECIPIENT | {"entitlement": dict(effect.items)}
    assert decided(kaitei, born(), ended).codes() == ("not_a_recipient",)


@pytest.mark.parametrize("cause", ["became_civil_servant", "no_longer_cares", "child_died"])
def test_every_cause_is_told_in_words(cause: str) -> None:
    decision = decided(shoumetsu, {"end_cause": cause, "event_date": "2026-11-20"}, RECIPIENT)
    assert decision.outcome == "eligible"
    assert "<" not in "".join(reason.text.easy for reason in decision.reasons)


def test_a_new_account_must_be_the_recipients_own() -> None:
    account = {"bank_name": "A銀行", "account_number": "1"}
    answers = {
        "changes": ["account"],
        "changed_on": "2026-11-20",
        "account_choice": "other",
        "account": account,
    }
    assert decided(henkou, answers, RECIPIENT).codes() == ("account_unchecked",)
    assert decided(henkou, answers, RECIPIENT | {"account_is_own": False}).outcome == "not_eligible"
    granted = decided(henkou, answers, RECIPIENT | {"account_is_own": True})
    assert granted.effects[0].items["bank_name"] == "A銀行"
    assert granted.effects[0].items["monthly_amount"] == 20000


def test_the_public_account_needs_no_check_and_takes_the_old_one_out() -> None:
    answers = {"changes": ["account"], "changed_on": "2026-11-20", "account_choice": "public"}
    items = decided(henkou, answers, RECIPIENT).effects[0].items
    assert (items["public_account"], "bank_name" in items) == (True, False)


def test_who_moved_out_of_town_notifies_the_end_instead() -> None:
    answers = {"changes": ["own_address"], "changed_on": "2026-11-01"}
    assert "moved_out_is_an_end" in decided(henkou, answers, RECIPIENT | {"resident_here": False}).codes()
    assert "resident_record_suffices" in decided(henkou, answers, RECIPIENT).codes()


CHECKED = {
    "was_recipient": True,
    "raised": True,
    "unpaid": 20000,
    "account_is_childs": True,
    "applicant": "7",
}
DEATH = {"deceased_name": {"name": "森戸　修"}, "died_on": "2026-10-15", "children": []}


def test_what_was_left_unpaid_goes_to_the_child() -> None:
    decision = decided(mibarai, DEATH, CHECKED)
    assert (decision.outcome, decision.results["unpaid_yen"], decision.effects[0].subject) == (
        "eligible",
        20000,
        "7",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"was_recipient": False}, "dead_no_recipient"),
        ({"raised": False}, "dead_did_not_raise"),
        ({"unpaid": 0}, "nothing_unpaid"),
        ({"account_is_childs": False}, "account_not_the_childs"),
    ],
)
def test_what_stands_against_a_claim_for_the_unpaid(change: dict[str, Any], code: str) -> None:
    decision = decided(mibarai, DEATH, CHECKED | change)
    assert (decision.outcome, decision.codes()) == ("not_eligible", (code,))


@pytest.mark.parametrize(("day", "barred"), [(date(2028, 10, 15), False), (date(2028, 10, 16), True)])
def test_the_right_lapses_after_two_years(day: date, barred: bool) -> None:
    assert ("claim_barred" in decided(mibarai, DEATH, CHECKED, day).codes()) is barred


def report(**changes: Any) -> dict[str, Any]:
    children = [
        NEW_BABY | {"id": "a", "name": {"name": one["name"]}, "birth_date": one["birth"]}
        for one in (ELDER, YOUNGER)
    ]
    return {
        "year": 2026,
        "grounds": ["apart"],
        "children": children,
        "claimant_pension": "employees",
    } | changes


def test_a_report_that_says_the_same_goes_on() -> None:
    decision = decided(genkyou, report(), RECIPIENT, date(2026, 6, 10))
    assert decision.outcome == "eligible", decision.codes()
    assert decision.results["report_needed"] is True
    assert (decision.effects[0].items["confirmed_year"], decision.effects[0].items["insured_kind"]) == (
        "2026",
        "employee",
    )


def test_a_report_nobody_needed_says_so() -> None:
    decision = decided(genkyou, report(grounds=["none"]), RECIPIENT, date(2026, 6, 10))
    assert (decision.outcome, decision.results["report_needed"]) == ("eligible", False)
    assert "report_not_needed" in decision.codes()


def test_a_report_with_another_amount_changes_nothing_by_itself() -> None:
    decision = decided(genkyou, report(children=report()["children"][:1]), RECIPIENT, date(2026, 6, 10))
    assert (decision.outcome, "amount_differs" in decision.codes()) == ("cannot_tell", True)


def test_a_report_before_the_first_of_june_is_too_early() -> None:
    assert "report_too_early" in decided(genkyou, report(), RECIPIENT, date(2026, 5, 31)).codes()


def test_a_corporation_reports_on_paper() -> None:
    decision = decided(genkyou, report(grounds=["corporate_guardian"]), RECIPIENT, date(2026, 6, 10))
    assert (decision.outcome, decision.codes()) == ("cannot_tell", ("corporation_on_paper",))


def instructed(
    procedure: str, known: dict[str, Any] | None = None, on: date = NOVEMBER, **answers: Any
) -> Decision:
    said = {"from_month": "12", "repeats": "every", "share": "part", "each_yen": 5000} | answers
    return decided(moushide, said, RECIPIENT | (known or {}), on, procedure=procedure)


def test_a_donation_begins_with_the_next_payment_of_that_month() -> None:
    decision = instructed("jidou-teate-kifu")
    assert (decision.outcome, decision.results["from_month"]) == ("eligible", "2026-12")
    assert decision.effects[0].items["each_yen"] == 5000
    assert decision.effects[0].register == "jidou_teate_moushide"


def test_a_donation_after_the_payment_month_began_is_too_late() -> None:
    assert "after_the_limit" in instructed("jidou-teate-kifu", on=date(2026, 12, 1)).codes()


def test_no_more_than_a_payment_can_be_donated() -> None:
    assert instructed("jidou-teate-kifu", each_yen=40000).outcome == "eligible"
    assert "more_than_is_paid" in instructed("jidou-teate-kifu", each_yen=40001).codes()


def test_only_what_stands_can_be_changed() -> None:
    assert instructed("jidou-teate-kifu-henkou").codes() == ("instruction_unknown",)
    assert instructed("jidou-teate-kifu-henkou", {"instruction": {}}).codes() == ("no_instruction_stands",)
    standing = {"instruction": {"kind": "kifu", "status": "standing"}}
    withdrawn = instructed("jidou-teate-kifu-henkou", standing, change="withdraw")
    assert (withdrawn.outcome, withdrawn.effects[0].items["status"]) == ("eligible", "withdrawn")


def test_school_lunch_is_for_children_up_to_junior_high_school() -> None:
    def lunch(birth: str) -> Decision:
        child = {"name": {"name": "葉山　陽菜"}, "birth_date": birth}
        return instructed("jidou-teate-kyushoku", {"owed": True}, costs=["school_lunch"], children=[child])

    assert lunch("2011-04-02").outcome == "eligible"
    assert "past_junior_high" in lunch("2011-04-01").codes()


def test_an_instruction_is_the_recipients_own() -> None:
    application = {
        "procedure": "jidou-teate-kifu",
        "answers": {"from_month": "12", "share": "all"},
        "applicant": {"role": "proxy_by_mandate"},
    }
    facts = moushide.facts_from(application, RECIPIENT, NOVEMBER)
    assert "only_the_recipient" in moushide.decide(application, facts, NOVEMBER, PARAMETERS).codes()
