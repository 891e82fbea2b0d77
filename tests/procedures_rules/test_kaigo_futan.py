"""What the insured pay: the share, the monthly caps, and the limit of meals and room.

The tables are those that towns and the ministry explain the law by (負担割合の判定, 高額介護サービス費 from August 2021,
負担限度額 from August 2021, rooms from August 2024).
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.procedures.rules.decision import Decision
from yakuba.procedures.rules.kaigo_futan import high_cost, limit_decision
from yakuba.procedures.rules.kaigo_futan.caps import Caps, caps, refund
from yakuba.procedures.rules.kaigo_futan.household import Household, Member
from yakuba.procedures.rules.kaigo_futan.limits import amounts, asset_bound, benefit_year, stage
from yakuba.procedures.rules.kaigo_futan.share import share
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
ON = date(2026, 6, 1)
APPLICATION = {"applicant": {"role": "self", "for": None}}
yen = st.integers(0, 12_000_000)


def old(income: int, pensions: int = 0, taxed: bool = True, taxable: int = 0) -> Member:
    """Somebody of 65 or more whose pensions leave no income of their own, for figures that are easy to follow."""
    return Member(True, taxed, income, pensions, 0, 0, taxable)


SPOUSE = old(0)


def _share(household: Household, on: date = ON) -> int | None:
    return share(household, False, on, PARAMETERS).percent


@pytest.mark.parametrize(
    ("income", "others", "percent"),
    [
        (1_599_999, (), 10),
        (1_600_000, (), 10),  # receipts below 2,800,000
        (2_199_999, (), 10),
        (2_800_000, (), 20),  # own 2.2 million or more, receipts below 3,400,000
        (3_399_999, (), 20),
        (3_400_000, (), 30),
        (3_400_000, (SPOUSE,), 10),  # two insured: receipts below 3,460,000
        (3_460_000, (SPOUSE,), 20),
        (4_629_999, (SPOUSE,), 20),
        (4_630_000, (SPOUSE,), 30),
    ],
)
def test_the_share_by_own_income_and_the_households_receipts(
    income: int, others: tuple[Member, ...], percent: int
) -> None:
    assert _share(Household(old(income), others)) == percent


def test_below_two_million_two_hundred_thousand_the_share_is_never_thirty() -> None:
    rich_spouse = old(9_000_000)
    assert _share(Household(old(2_199_999), (rich_spouse,))) == 20
    assert _share(Household(old(2_200_000), (rich_spouse,))) == 30


@pytest.mark.parametrize(
    ("on", "percent"),
    [(date(2015, 7, 31), 10), (date(2015, 8, 1), 20), (date(2018, 7, 31), 20), (date(2018, 8, 1), 30)],
)
def test_the_shares_came_one_after_the_other(on: date, percent: int) -> None:
    assert _share(Household(old(5_000_000)), on) == percent


def test_who_is_younger_untaxed_or_on_welfare_pays_a_tenth() -> None:
    rich = Household(old(9_000_000))
    assert _share(Household(replace(rich.own, first_class=False))) == 10
    assert _share(Household(replace(rich.own, taxed=False))) == 10
    assert share(rich, True, ON, PARAMETERS).percent == 10


@pytest.mark.parametrize("unknown", ["first_class", "taxed", "total_income", "pensions"])
def test_what_is_not_known_is_not_guessed(unknown: str) -> None:
    found = share(Household(replace(old(9_000_000), **{unknown: None})), False, ON, PARAMETERS)
    assert (found.percent, found.reason.tells) == (None, "cannot_tell")
    assert share(None, False, ON, PARAMETERS).percent is None


@given(yen, yen, st.booleans(), yen)
def test_more_income_never_means_a_smaller_share(
    income: int, more: int, with_spouse: bool, spouse: int
) -> None:
    others = (old(spouse),) if with_spouse else ()
    less_pays, more_pays = (
        _share(Household(old(income), others)),
        _share(Household(old(income + more), others)),
    )
    assert less_pays is not None
    assert more_pays is not None
    assert less_pays <= more_pays


# -- 高額介護サービス費 --------------------------------------------------------------------------------


def _caps(household: Household, on: date = ON, welfare: bool = False, pension: bool = False) -> Caps | None:
    return caps(household, welfare, pension, on, PARAMETERS)


@pytest.mark.parametrize(
    ("taxable", "cap_2021_07", "cap_2021_08"),
    [
        (3_799_999, 44_400, 44_400),
        (3_800_000, 44_400, 93_000),
        (6_899_999, 44_400, 93_000),
        (6_900_000, 44_400, 140_100),
    ],
)
def test_the_caps_of_taxed_households_before_and_after_august_2021(
    taxable: int, cap_2021_07: int, cap_2021_08: int
) -> None:
    household = Household(old(0), (old(9_000_000, taxable=taxable),))
    for on, cap in ((date(2021, 7, 1), cap_2021_07), (date(2021, 8, 1), cap_2021_08)):
        found = _caps(household, on)
        assert found
        assert (found.household, found.person) == (cap, None)


@pytest.mark.parametrize(
    ("on", "pensions", "person"),
    [
        (date(2025, 7, 1), 800_000, 15_000),
        (date(2025, 7, 1), 800_001, None),
        (date(2025, 8, 1), 809_000, 15_000),
        (date(2025, 8, 1), 809_001, None),
        (date(2026, 7, 1), 809_001, None),
        (date(2026, 8, 1), 826_500, 15_000),
        (date(2026, 8, 1), 826_501, None),
    ],
)
def test_untaxed_households_and_the_persons_cap_by_low_income(
    on: date, pensions: int, person: int | None
) -> None:
    found = _caps(Household(old(0, pensions, taxed=False)), on)
    assert found
    assert (found.household, found.person) == (24_600, person)


def test_welfare_and_the_old_age_welfare_pension_have_the_persons_cap() -> None:
    untaxed = Household(old(0, 2_000_000, taxed=False))
    assert _caps(untaxed, welfare=True) == Caps("welfare", 15_000, 15_000)
    assert _caps(untaxed, pension=True) == Caps("low_income", 24_600, 15_000)


def test_a_young_high_earner_taxes_the_household_but_does_not_raise_the_cap() -> None:
    son = Member(first_class=False, taxed=True, taxable=9_000_000)
    found = _caps(Household(old(0, 700_000, taxed=False), (son,)))
    assert found == Caps("taxed", 44_400, None)


def test_where_minors_could_lower_the_cap_people_look() -> None:
    """施行令22条の2の2: a householder deducts from the taxable income for members under 19."""
    grandson = Member(first_class=False, taxed=False, minor=True)
    close, far = old(9_000_000, taxable=4_129_999), old(9_000_000, taxable=4_130_000)
    assert _caps(Household(close, (grandson,))) is None
    assert _caps(Household(close)) == Caps("taxed_middle", 93_000, None)
    assert _caps(Household(far, (grandson,))) == Caps("taxed_middle", 93_000, None)


@pytest.mark.parametrize(
    ("birth", "minor"), [("2020-01-01", True), ("2006-06-03", True), ("2006-06-02", False)]
)
def test_who_may_be_under_nineteen_in_the_year_that_counts(birth: str, minor: bool) -> None:
    assert Member.from_known({"birth": birth}, ON, PARAMETERS).minor is minor


def test_an_unknown_tax_leaves_the_cap_unknown_unless_somebody_is_surely_taxed() -> None:
    assert _caps(Household(old(0, 700_000, taxed=False), (Member(first_class=True),))) is None


@pytest.mark.parametrize(
    ("own", "others", "of", "back"),
    [
        (50_000, (), Caps("taxed", 44_400, None), 5_600),
        (44_400, (), Caps("taxed", 44_400, None), 0),
        (30_000, (30_000,), Caps("taxed", 44_400, None), 7_800),  # 15,600 over, halved
        (
            20_000,
            (10_000,),
            Caps("low_income", 24_600, 15_000),
            5_000,
        ),  # own excess over 15,000 is more than 3,600
        (10_000, (20_000,), Caps("low_income", 24_600, 15_000), 1_800),
        (15_001, (), Caps("welfare", 15_000, 15_000), 1),
        (0, (90_000,), Caps("taxed", 44_400, None), 0),
    ],
)
def test_the_excess_is_divided_by_what_each_paid(
    own: int, others: tuple[int, ...], of: Caps, back: int
) -> None:
    assert refund(own, others, of) == back


paid = st.integers(0, 300_000)


@given(paid, st.lists(paid, max_size=3), st.integers(0, 3), st.integers(0, 5_000))
def test_a_refund_never_exceeds_what_was_paid_and_grows_with_it(
    own: int, others: list[int], which: int, more: int
) -> None:
    of = (Caps("taxed", 44_400, None), Caps("taxed_high", 140_100, None), Caps("low_income", 24_600, 15_000),
          Caps("welfare", 15_000, 15_000))[which]  # fmt: skip
    back = refund(own, others, of)
    assert 0 <= back <= own
    assert refund(own + more, others, of) >= back
    together = [*others, own]
    total = sum(
        refund(one, [*together[:place], *together[place + 1 :]], of) for place, one in enumerate(together)
    )
    if of.person is None:  # no fraction is paid twice, and none but fractions is kept
        assert (
            max(0, sum(together) - of.household) - len(together)
            < total
            <= max(0, sum(together) - of.household)
        )


CLAIM = high_cost.Facts(
    "ume",
    date(2026, 7, 10),
    Month(2026, 5),
    (
        {
            "birth": "1940-02-03",
            "juminzei": {
                "taxation": "exempt",
                "total_income": 0,
                "pension_income": 700_000,
                "pension_gain": 0,
            },
        },
    ),
    insured_here=True,
    own=40_000,
)


def _claim(facts: high_cost.Facts) -> Decision:
    return high_cost.decide(APPLICATION, facts, date(2026, 7, 20), PARAMETERS)


def test_a_months_refund_is_decided_and_kept_under_its_month() -> None:
    decision = _claim(CLAIM)
    assert (decision.outcome, decision.results["refund_amount"]) == ("eligible", 25_000)
    assert decision.effects[0].items == {
        "benefit": "high_cost_2026-05", "month": "2026-05", "paid": 40_000, "amount": 25_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "code", "outcome"),
    [
        (replace(CLAIM, own=15_000), "below_cap", "not_eligible"),
        (replace(CLAIM, own=None), "claims_outstanding", "cannot_tell"),
        (replace(CLAIM, members=()), "household_unknown", "cannot_tell"),
        (replace(CLAIM, paid_before=True), "paid_before", "not_eligible"),
        (replace(CLAIM, month=Month(2026, 7)), "month_not_over", "not_eligible"),
        (replace(CLAIM, month=Month(2024, 6)), "time_barred", "not_eligible"),
        (replace(CLAIM, month=None), "month_unknown", "cannot_tell"),
    ],
)
def test_why_a_month_is_not_refunded(facts: high_cost.Facts, code: str, outcome: str) -> None:
    decision = _claim(facts)
    assert (code in decision.codes(), decision.outcome, decision.effects) == (True, outcome, ())


def test_the_right_lapses_two_years_after_the_first_of_the_next_month() -> None:
    at_last = replace(CLAIM, month=Month(2024, 6), claimed_on=date(2026, 6, 30))
    assert _claim(at_last).outcome == "eligible"
    assert "time_barred" in _claim(replace(at_last, claimed_on=date(2026, 7, 1))).codes()


# -- 負担限度額 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("receipts", "expected"),
    [(0, "2"), (809_000, "2"), (809_001, "3_1"), (1_200_000, "3_1"), (1_200_001, "3_2")],
)
def test_the_stages_by_receipts(receipts: int, expected: str) -> None:
    assert stage(receipts, False, False, ON, PARAMETERS) == expected


def test_close_to_a_bound_that_is_not_certain_no_stage_is_told() -> None:
    later = date(2027, 8, 1)
    assert stage(826_500, False, False, later, PARAMETERS) == "2"
    assert stage(830_000, False, False, later, PARAMETERS) is None
    assert stage(880_000, False, False, later, PARAMETERS) == "3_1"


@pytest.mark.parametrize(
    ("of", "single", "couple"),
    [
        ("1", 10_000_000, 20_000_000),
        ("2", 6_500_000, 16_500_000),
        ("3_1", 5_500_000, 15_500_000),
        ("3_2", 5_000_000, 15_000_000),
    ],
)
def test_the_bounds_of_savings(of: str, single: int, couple: int) -> None:
    bounds = [asset_bound(of, False, both, False, ON, PARAMETERS) for both in (False, True)]  # type: ignore[arg-type]
    assert bounds == [single, couple]
    assert asset_bound(of, True, False, False, ON, PARAMETERS) == 10_000_000  # type: ignore[arg-type]
    assert asset_bound(of, False, False, True, ON, PARAMETERS) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "of", "stay", "room", "food", "room_yen"),
    [
        (date(2024, 7, 31), "2", "facility", "unit_single", 390, 820),
        (date(2024, 8, 1), "2", "facility", "unit_single", 390, 880),
        (date(2026, 7, 31), "3_2", "facility", "shared", 1_360, 430),
        (date(2026, 7, 31), "3_1", "short_stay", "single_nursing", 1_000, 880),
        (date(2026, 8, 1), "2", "short_stay", "shared", 600, 430),
        (date(2026, 8, 1), "3_1", "facility", "shared", 680, 430),
        (date(2026, 8, 1), "3_1", "short_stay", "unit_single", 1_030, 1_370),
        (date(2026, 8, 1), "3_2", "facility", "unit_single", 1_420, 1_470),
        (date(2026, 8, 1), "3_2", "facility", "unit_semi", 1_420, 1_470),
        (date(2026, 8, 1), "3_2", "short_stay", "single_nursing", 1_360, 980),
        (date(2026, 8, 1), "3_2", "facility", "single_health", 1_420, 1_470),
        (date(2026, 8, 1), "3_2", "facility", "shared", 1_420, 530),
        (
            date(2026, 8, 1),
            "3_2",
            "facility",
            "shared_health",
            1_420,
            430,
        ),  # no charge for the room: unchanged
    ],
)
def test_the_amounts_a_day(
    on: date, of: str, stay: str, room: str, food: int | None, room_yen: int | None
) -> None:
    found = amounts(of, stay, room, on, PARAMETERS)  # type: ignore[arg-type]
    assert (found.food, found.room) == (food, room_yen)


@settings(max_examples=40)
@given(yen, yen, st.dates(date(2021, 8, 1), date(2026, 7, 31)))
def test_more_income_never_means_a_lower_stage_or_smaller_amounts(receipts: int, more: int, on: date) -> None:
    lower, higher = (stage(one, False, False, on, PARAMETERS) for one in (receipts, receipts + more))
    assert lower
    assert higher
    assert lower <= higher
    for stay in ("facility", "short_stay"):
        less, most = (amounts(one, stay, "shared", on, PARAMETERS).food for one in (lower, higher))  # type: ignore[arg-type]
        assert less is not None
        assert most is not None
        assert less <= most


def test_the_benefit_year_ends_with_july() -> None:
    assert benefit_year(date(2026, 7, 31), PARAMETERS) == (date(2026, 7, 1), date(2026, 7, 31))
    assert benefit_year(date(2026, 8, 1), PARAMETERS) == (date(2026, 8, 1), date(2027, 7, 31))


LIMITED = limit_decision.Facts(
    "ume",
    date(2026, 6, 10),
    members=CLAIM.members,
    insured_here=True,
    untaxed_pensions=0,
    saved=2_000_000,
    savings_checked=True,
)


def _limit(facts: limit_decision.Facts) -> Decision:
    return limit_decision.decide(APPLICATION, facts, date(2026, 6, 20), PARAMETERS)


def test_meals_and_room_are_limited_until_the_end_of_july() -> None:
    decision = _limit(LIMITED)
    assert (decision.outcome, decision.results["stage"]) == ("eligible", "2")
    assert (decision.effects[0].valid_from, decision.effects[0].valid_until) == (
        date(2026, 6, 1),
        date(2026, 7, 31),
    )


TAXED = ({**CLAIM.members[0], "juminzei": {**CLAIM.members[0]["juminzei"], "taxation": "taxed"}},)


@pytest.mark.parametrize(
    ("facts", "code", "outcome"),
    [
        (replace(LIMITED, members=TAXED), "household_taxed", "not_eligible"),
        (
            replace(LIMITED, couple=True, spouse_elsewhere=True, spouse_taxed=True),
            "spouse_taxed",
            "not_eligible",
        ),
        (replace(LIMITED, couple=True, spouse_elsewhere=True), "tax_unknown", "cannot_tell"),
        (replace(LIMITED, saved=6_500_001), "too_much_saved", "not_eligible"),
        (replace(LIMITED, savings_checked=None), "savings_unchecked", "cannot_tell"),
        (replace(LIMITED, untaxed_pensions=None), "income_unknown", "cannot_tell"),
        (replace(LIMITED, members=()), "tax_unknown", "cannot_tell"),
    ],
)
def test_why_meals_and_room_are_not_limited(facts: limit_decision.Facts, code: str, outcome: str) -> None:
    decision = _limit(facts)
    assert (code in decision.codes(), decision.outcome, decision.effects) == (True, outcome, ())


def test_an_amount_that_the_data_leave_empty_is_not_guessed() -> None:
    food = PARAMETERS.by_name["kaigo_futan.limit.food"]
    empty = {stay: dict.fromkeys(("1", "2", "3_1", "3_2")) for stay in ("facility", "short_stay")}
    unseen = replace(food, history=tuple(replace(dated, value=empty) for dated in food.history))
    parameters = replace(PARAMETERS, by_name={**PARAMETERS.by_name, food.name: unseen})
    decision = limit_decision.decide(APPLICATION, LIMITED, date(2026, 6, 20), parameters)
    assert (decision.outcome, "amounts_not_in_data" in decision.codes()) == ("cannot_tell", True)


def test_untaxed_pensions_count_for_the_stage_and_a_clerk_may_give_the_gazettes_amounts() -> None:
    survivor = replace(LIMITED, applied_on=date(2026, 9, 1), untaxed_pensions=600_000)
    assert _limit(survivor).results["stage"] == "3_2"
    by_clerk = _limit(replace(survivor, food=1_400))
    assert (by_clerk.outcome, by_clerk.effects[0].items["food"]) == ("eligible", 1_400)


def test_welfare_asks_neither_for_savings_nor_for_tax() -> None:
    on_welfare = replace(
        LIMITED, welfare=True, saved=None, savings_checked=None, members=(), untaxed_pensions=None
    )
    assert _limit(on_welfare).results["stage"] == "1"
    assert _limit(on_welfare).outcome == "eligible"
