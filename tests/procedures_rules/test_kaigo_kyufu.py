"""Equipment bought, works on the home, second certificates, and who makes the care plan."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.kaigo_futan import insurance_card, reissue, share_card
from yakuba.procedures.rules.kaigo_kyufu import equipment, plan, works
from yakuba.procedures.rules.kaigo_kyufu.paying import payment
from yakuba.procedures.rules.kaigo_kyufu.works_limit import Used, risen, room_left
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
AS_OF = date(2026, 12, 20)
APPLICATION = {"applicant": {"role": "self", "for": None}}
ENTRY = {
    "status": "certified",
    "care_level": "care_1",
    "certified_from": "2025-11-01",
    "certified_until": "2027-10-31",
}
UNTAXED = ({"birth": "1940-02-03", "juminzei": {"taxation": "exempt"}},)
HOME = "葉山町堀内1"
LEVELS = ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5")
RESETS = {  # 介護の必要の程度の段階: first level → from which level on the limit begins anew
    "support_1": "care_3", "support_2": "care_4", "care_1": "care_4", "care_2": "care_5",
    "care_3": None, "care_4": None, "care_5": None,
}  # fmt: skip


@pytest.mark.parametrize(("first", "anew"), RESETS.items())
def test_the_limit_of_works_begins_anew_after_three_steps(first: str, anew: str | None) -> None:
    found = [level for level in LEVELS if risen(first, level, AS_OF, PARAMETERS)]  # type: ignore[arg-type]
    assert found == (list(LEVELS[LEVELS.index(anew) :]) if anew else [])


def test_support_two_and_care_one_are_one_step() -> None:
    assert not risen("support_1", "care_2", AS_OF, PARAMETERS)
    assert risen("support_1", "care_3", AS_OF, PARAMETERS)


@pytest.mark.parametrize(
    ("used", "level", "remaining", "reset"),
    [
        (None, "care_1", 200_000, "none"),
        (Used(HOME, 150_000, "care_1"), "care_1", 50_000, "none"),
        (Used(HOME, 150_000, "care_1"), "care_4", 200_000, "three_steps"),
        (Used(HOME, 150_000, "support_1", reset=True), "care_5", 50_000, "none"),  # once only
        (Used("横須賀市本町1", 200_000, "care_1"), "care_1", 200_000, "moved"),
        (Used(HOME, 200_000, "care_1"), "care_3", 0, "none"),
    ],
)
def test_what_is_left_for_works(used: Used | None, level: str, remaining: int, reset: str) -> None:
    room = room_left(used, HOME, level, AS_OF, PARAMETERS)  # type: ignore[arg-type]
    assert room
    assert (room.remaining, room.reset) == (remaining, reset)


def test_what_is_left_is_not_told_where_it_hangs_on_an_unknown_level() -> None:
    assert room_left(Used(HOME, 150_000, "care_1"), HOME, None, AS_OF, PARAMETERS) is None
    assert room_left(Used(HOME, 150_000, None), HOME, "care_5", AS_OF, PARAMETERS) is None


@pytest.mark.parametrize(
    ("cost", "remaining", "percent", "paid", "after"),
    [
        (98_000, 200_000, 10, 88_200, 102_000),
        (264_000, 200_000, 10, 180_000, 0),
        (264_000, 200_000, 20, 160_000, 0),
        (264_000, 200_000, 30, 140_000, 0),
        (33_333, 100_000, 10, 29_999, 66_667),  # a fraction of a yen is dropped
        (50_000, 0, 10, 0, 0),
    ],
)
def test_what_is_paid_of_a_cost(cost: int, remaining: int, percent: int, paid: int, after: int) -> None:
    found = payment(cost, remaining, percent)
    assert (found.paid, found.remains) == (paid, after)


@given(st.integers(0, 10**7), st.integers(0, 200_000), st.sampled_from([10, 20, 30]), st.integers(0, 10_000))
def test_more_cost_is_never_paid_less_and_never_more_than_the_limit(
    cost: int, remaining: int, percent: int, more: int
) -> None:
    one, another = payment(cost, remaining, percent), payment(cost + more, remaining, percent)
    assert 0 <= one.paid <= another.paid <= remaining * (100 - percent) // 100
    assert one.counts + one.remains == remaining
    assert payment(cost, remaining, min(30, percent + 10)).paid <= one.paid


@pytest.mark.parametrize(("cost", "percent"), [(-1, 10), (1, 15)])
def test_a_strange_amount_or_share_is_refused(cost: int, percent: int) -> None:
    with pytest.raises(ValueError, match=r"yen|percent"):
        payment(cost, 100, percent)


WORKS = works.Facts(
    "ume", date(2026, 11, 23), "before", 98_000, ("handrail",), HOME, True, date(2026, 12, 25),
    entry=ENTRY, members=UNTAXED, insured_here=True, needed=True,
)  # fmt: skip
DONE = replace(
    WORKS,
    stage="after",
    cost=264_000,
    begins_on=date(2026, 11, 2),
    paid_on=date(2026, 11, 15),
    approved_on=date(2026, 10, 20),
)


def _works(facts: works.Facts) -> Decision:
    return works.decide(APPLICATION, facts, AS_OF, PARAMETERS)


def test_works_are_approved_first_and_nothing_is_used_yet() -> None:
    decision = _works(WORKS)
    assert (decision.outcome, decision.codes()[0]) == ("eligible", "works_approved")
    (effect,) = decision.effects
    assert effect.items == {
        "benefit": "works_plan",
        "address": HOME,
        "approved_on": "2026-12-20",
        "cost": 98_000,
    }


def test_works_are_paid_after_them_and_the_approval_is_spent() -> None:
    decision = _works(DONE)
    assert (decision.outcome, decision.results["payable_amount"]) == ("eligible", 180_000)
    used, spent = decision.effects
    assert (used.items["used"], used.items["first_level"], used.items["reset"]) == (200_000, "care_1", False)
    assert spent.items == {"benefit": "works_plan"}


def test_a_reset_by_need_counts_anew_and_only_once() -> None:
    heavier = replace(
        DONE, entry={**ENTRY, "care_level": "care_4"}, used=Used(HOME, 180_000, "care_1"), cost=50_000
    )
    decision = _works(heavier)
    assert "limit_anew_by_need" in decision.codes()
    assert (decision.effects[0].items["used"], decision.effects[0].items["reset"]) == (50_000, True)
    assert decision.effects[0].items["first_level"] == "care_1"


@pytest.mark.parametrize(
    ("facts", "code", "outcome"),
    [
        (replace(WORKS, begins_on=date(2026, 11, 1)), "begun_before_approval", "not_eligible"),
        (replace(DONE, begins_on=date(2026, 10, 19)), "begun_before_approval", "not_eligible"),
        (replace(DONE, approved_on=None), "not_approved", "cannot_tell"),
        (replace(DONE, approved_on=None, hindered=False), "begun_before_approval", "not_eligible"),
        (replace(WORKS, kinds=("other",)), "kind_not_covered", "not_eligible"),
        (replace(WORKS, at_home=False), "not_the_home", "not_eligible"),
        (replace(WORKS, needed=None), "works_need_checking", "cannot_tell"),
        (replace(WORKS, needed=False), "works_not_needed", "not_eligible"),
        (replace(WORKS, used=Used(HOME, 200_000, "care_1")), "limit_used_up", "not_eligible"),
        (replace(WORKS, members=()), "share_unknown", "cannot_tell"),
        (replace(WORKS, entry={**ENTRY, "certified_until": "2026-11-30"}), "not_certified", "not_eligible"),
        (replace(WORKS, entry=None), "certification_unclear", "cannot_tell"),
        (replace(DONE, paid_on=date(2024, 11, 23)), "time_barred", "not_eligible"),
    ],
)
def test_why_works_are_not_paid(facts: works.Facts, code: str, outcome: str) -> None:
    decision = _works(facts)
    assert (code in decision.codes(), decision.outcome, decision.effects) == (True, outcome, ())


def test_a_hindrance_makes_up_for_the_approval() -> None:
    decision = _works(replace(DONE, approved_on=None, hindered=True))
    assert (decision.outcome, "late_application_excused" in decision.codes()) == ("eligible", True)


CHAIR = equipment.Bought("bath", 33_000, date(2026, 11, 5))
BOUGHT = equipment.Facts(
    "ume", date(2026, 11, 23), (CHAIR,), ENTRY, UNTAXED, insured_here=True, designated=True
)


def _equipment(facts: equipment.Facts) -> Decision:
    return equipment.decide(APPLICATION, facts, AS_OF, PARAMETERS)


def test_equipment_is_paid_within_the_years_limit() -> None:
    decision = _equipment(BOUGHT)
    assert (decision.results["payable_amount"], decision.results["remaining_yen"]) == (29_700, 67_000)
    assert decision.effects[0].items["benefit"] == "equipment_2026"


def test_what_was_paid_this_year_is_taken_from_the_limit_and_last_years_is_not() -> None:
    held = {
        "equipment_2026": {"used": 80_000, "kinds": "seat"},
        "equipment_2025": {"used": 100_000, "kinds": "bath"},
    }
    decision = _equipment(replace(BOUGHT, held=held))
    assert (decision.results["counts_yen"], decision.results["payable_amount"]) == (20_000, 18_000)
    assert decision.effects[0].items["kinds"] == "seat bath"


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 3, 31), 2026)]
)
def test_the_equipments_year_begins_in_april(day: date, year: int) -> None:
    assert equipment.fiscal_year(day, PARAMETERS) == year


@pytest.mark.parametrize(
    ("facts", "code", "outcome"),
    [
        (replace(BOUGHT, held={"equipment_2026": {"used": 100_000, "kinds": "seat"}}), "year_limit_used_up", "not_eligible"),
        (replace(BOUGHT, held={"equipment_2026": {"used": 10_000, "kinds": "bath"}}), "bought_again", "cannot_tell"),
        (replace(BOUGHT, bought=(CHAIR, CHAIR), again_explained=False), "bought_again_refused", "not_eligible"),
        (replace(BOUGHT, bought=(equipment.Bought("other", 9_000, CHAIR.on),)), "not_equipment", "not_eligible"),
        (replace(BOUGHT, bought=(equipment.Bought("ramp", 9_000, date(2024, 3, 31)),), applied_on=date(2024, 5, 1)), "not_equipment", "not_eligible"),
        (replace(BOUGHT, designated=None), "seller_unchecked", "cannot_tell"),
        (replace(BOUGHT, designated=False), "seller_not_designated", "not_eligible"),
        (replace(BOUGHT, bought=(equipment.Bought("bath", 9_000, None),)), "bought_on_unknown", "cannot_tell"),
        (replace(BOUGHT, bought=(CHAIR, equipment.Bought("seat", 9_000, date(2026, 3, 1)))), "two_years_at_once", "cannot_tell"),
        (replace(BOUGHT, applied_on=date(2028, 11, 5)), "time_barred", "not_eligible"),
    ],
)  # fmt: skip
def test_why_equipment_is_not_paid(facts: equipment.Facts, code: str, outcome: str) -> None:
    decision = _equipment(facts)
    assert (code in decision.codes(), decision.outcome, decision.effects) == (True, outcome, ())


def test_a_clerks_explanation_lets_the_same_kind_be_paid_again() -> None:
    again = replace(BOUGHT, held={"equipment_2026": {"used": 10_000, "kinds": "bath"}}, again_explained=True)
    assert _equipment(again).outcome == "eligible"


ASKS = reissue.Facts("ume", date(2026, 11, 23), "lost", ENTRY, UNTAXED, insured_here=True)


@pytest.mark.parametrize("decide", [share_card.decide, insurance_card.decide])
def test_a_lost_card_is_issued_again_a_torn_one_against_the_old_one(decide: Any) -> None:
    assert decide(APPLICATION, ASKS, AS_OF, PARAMETERS).outcome == "eligible"
    torn = replace(ASKS, why="torn")
    assert decide(APPLICATION, torn, AS_OF, PARAMETERS).outcome == "cannot_tell"
    assert decide(APPLICATION, replace(torn, old_handed_in=True), AS_OF, PARAMETERS).outcome == "eligible"
    elsewhere = replace(ASKS, insured_here=False)
    assert decide(APPLICATION, elsewhere, AS_OF, PARAMETERS).outcome == "not_eligible"


def test_a_share_card_says_the_share_or_leaves_it_to_people() -> None:
    decision = share_card.decide(APPLICATION, ASKS, AS_OF, PARAMETERS)
    assert (decision.results["share"], decision.effects[0].items["until"]) == ("1割", "2027-07-31")
    unknown = share_card.decide(APPLICATION, replace(ASKS, members=()), AS_OF, PARAMETERS)
    assert "share_unknown" in unknown.codes()
    found = share_card.decide(APPLICATION, replace(ASKS, members=(), own_percent=20), AS_OF, PARAMETERS)
    assert found.results["share"] == "2割"
    without = share_card.decide(APPLICATION, replace(ASKS, entry=None), AS_OF, PARAMETERS)
    assert "certification_unclear" in without.codes()


def test_a_card_between_forty_and_sixty_four_is_looked_at() -> None:
    younger = replace(ASKS, entry={"insured_class": "2", "status": "not_certified"})
    assert "not_entitled_to_card" in insurance_card.decide(APPLICATION, younger, AS_OF, PARAMETERS).codes()


PLAN = plan.Facts(
    "ume", date(2026, 11, 23), "care_management", "見本ケアプラン", date(2026, 12, 1), "滝の坂 優", ENTRY,
    insured_here=True, designated=True,
)  # fmt: skip


def _plan(facts: plan.Facts) -> Decision:
    return plan.decide(APPLICATION, facts, AS_OF, PARAMETERS)


def test_the_new_planner_is_noted_beside_what_the_register_holds() -> None:
    (effect,) = _plan(PLAN).effects
    assert (effect.items["care_manager_office"], effect.items["care_level"]) == ("見本ケアプラン", "care_1")
    assert (effect.valid_from, effect.valid_until) == (date(2026, 12, 1), date(2027, 10, 31))


def test_a_notification_may_come_before_the_certification() -> None:
    decision = _plan(replace(PLAN, entry=None, applying=True))
    assert (decision.outcome, decision.effects) == ("eligible", ())


@pytest.mark.parametrize(
    ("facts", "code", "outcome"),
    [
        (replace(PLAN, planner="community_centre"), "planner_does_not_fit", "cannot_tell"),
        (replace(PLAN, designated=False), "office_not_designated", "not_eligible"),
        (replace(PLAN, designated=None), "office_unchecked", "cannot_tell"),
        (replace(PLAN, starts_on=None), "start_unknown", "cannot_tell"),
        (replace(PLAN, starts_on=date(2027, 11, 1)), "not_certified", "not_eligible"),
    ],
)
def test_why_a_planner_is_not_noted(facts: plan.Facts, code: str, outcome: str) -> None:
    decision = _plan(facts)
    assert (code in decision.codes(), decision.outcome, decision.effects) == (True, outcome, ())


def test_who_plans_alone_needs_no_designation() -> None:
    assert _plan(replace(PLAN, planner="self", office="本人", designated=None)).outcome == "eligible"
