"""The rules against a second reading of the law, on thousands of made-up households drawn close to every limit."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from tests.procedures_rules import second_engine as second
from yakuba.procedures.rules import jidou_fuyou
from yakuba.procedures.rules.hoiku.futan import Family, ceiling
from yakuba.procedures.rules.jidou_teate import Child, Facts, monthly
from yakuba.procedures.rules.jidousha.levy import levy
from yakuba.procedures.rules.kaigo_futan.caps import caps, refund
from yakuba.procedures.rules.kaigo_futan.household import Household, Member
from yakuba.procedures.rules.kaigo_futan.limits import amounts, asset_bound, stage
from yakuba.procedures.rules.kaigo_futan.share import share
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import load_parameters

PARAMETERS = load_parameters()
CASES = 3_000


def near(random: Random, *bounds: int, most: int) -> int:
    """A number anywhere up to ``most``, or at a bound, or one beside it."""
    if random.random() < 0.5:
        return random.randrange(most)
    return max(0, random.choice(bounds) + random.choice((-1, 0, 1)))


def day_near(random: Random, first: date, last: date, *changes: date) -> date:
    """A day anywhere between the two, or one at a change of the law or the day before."""
    if random.random() < 0.5:
        return first + timedelta(days=random.randrange((last - first).days + 1))
    return random.choice(changes) - timedelta(days=random.choice((0, 1)))


def born(random: Random, month: Month) -> date:
    """A birth up to 24 years before ``month``, often on a day on which ages turn."""
    year, turn = month.year - random.randrange(25), random.random()
    if turn < 0.3:
        return random.choice((date(year, 4, 1), date(year, 4, 2), date(year, 3, 31), date(year, 12, 31)))
    number = month.month if turn < 0.6 else random.randint(1, 12)
    return date(year, number, random.choice((1, 2, 15, 28)))


def test_child_allowance() -> None:
    random = Random(1)
    for _ in range(CASES):
        month = random.choice(
            (
                Month(random.randint(2013, 2029), random.randint(1, 12)),
                Month(2024, 9),
                Month(2024, 10),
                Month(2022, 5),
            )
        )
        births = [born(random, month) for _ in range(random.randint(1, 5))]
        dependants = random.randint(0, 4)
        income = near(random, *((base + 38 * dependants) * 10_000 for base in (622, 858)), most=13_000_000)
        children = tuple(Child(str(place), "子", birth) for place, birth in enumerate(births))
        facts = Facts("a", month.first, children, limit_income=income, dependants=dependants)
        expected = second.child_allowance(births, (month.year, month.month), income, dependants)
        assert monthly(facts, month, PARAMETERS).yen == expected, (births, month, income, dependants)


def test_child_rearing_allowance() -> None:
    random = Random(2)
    for _ in range(CASES):
        month = random.choice((Month(2023, 4), Month(2024, 3), Month(2024, 4), Month(2024, 10), Month(2024, 11),
                               Month(2025, 3), Month(2025, 4), Month(2026, 3), Month(2026, 4), Month(2027, 3)))  # fmt: skip
        dependants, children = random.randint(0, 5), random.randint(1, 5)
        bounds = [(base + 38 * dependants) * 10_000 for base in (49, 69, 192, 208)]
        income = near(random, *bounds, most=bounds[-1] + 200_000)
        family = [(near(random, 2_360_000, most=3_000_000), random.randint(0, 2))] * random.choice((0, 0, 1))
        household = jidou_fuyou.Household(children, income, dependants, family=tuple(family))
        expected = second.child_rearing_allowance(
            (month.year, month.month), children, income, dependants, family
        )
        found = jidou_fuyou.monthly(household, month, PARAMETERS)
        assert found.yen == expected, (household, month)


def elderly(income: int, *, taxed: bool = True, taxable: int = 0, pensions: int = 0) -> Member:
    return Member(True, taxed, income, pensions, 0, 0, taxable)


def test_the_share_of_the_cost_of_care() -> None:
    random = Random(3)
    for _ in range(CASES):
        on = day_near(random, date(2014, 1, 1), date(2027, 7, 31), date(2015, 8, 1), date(2018, 8, 1))
        income = near(
            random, 1_600_000, 2_200_000, 2_800_000, 3_400_000, 3_460_000, 4_630_000, most=7_000_000
        )
        spouse = random.choice((None, near(random, 60_000, 660_000, 1_260_000, most=4_000_000)))
        others = () if spouse is None else (elderly(spouse),)
        found = share(Household(elderly(income), others), False, on, PARAMETERS).percent
        expected = second.care_share(income, income + (spouse or 0), 1 + len(others), on)
        assert found == 10 * expected, (on, income, spouse)


def test_the_refund_of_high_costs_of_care() -> None:
    random = Random(4)
    for _ in range(CASES):
        on = day_near(
            random, date(2018, 1, 1), date(2027, 7, 31), date(2021, 8, 1), date(2025, 8, 1), date(2026, 8, 1)
        ).replace(day=1)
        taxed, welfare, pension = random.random() < 0.5, random.random() < 0.1, random.random() < 0.1
        taxable = near(random, 3_800_000, 6_900_000, most=9_000_000)
        receipts = near(random, 800_000, 809_000, 826_500, most=2_000_000)
        paid = [near(random, 15_000, 24_600, 44_400, most=160_000) for _ in range(random.randint(1, 3))]
        own = elderly(0, taxed=taxed, taxable=taxable, pensions=receipts)
        of = caps(Household(own), welfare, pension, on, PARAMETERS)
        assert of
        expected = second.high_cost_refund(
            paid, on, welfare=welfare, pension=pension, taxed=taxed, taxable=taxable, receipts=receipts
        )
        assert refund(paid[0], paid[1:], of) == expected, (on, own, paid, of)


def test_the_limit_of_meals_and_room() -> None:
    random = Random(5)
    for _ in range(CASES):
        on = day_near(
            random, date(2021, 8, 1), date(2027, 3, 31), date(2024, 8, 1), date(2025, 8, 1), date(2026, 8, 1)
        )
        receipts = near(random, 800_000, 809_000, 826_500, 1_200_000, most=2_000_000)
        saved = near(
            random,
            *(base * 10_000 for base in (500, 550, 650, 1000, 1500, 1550, 1650, 2000)),
            most=25_000_000,
        )
        welfare, pension, couple = (random.random() < 0.15, random.random() < 0.1, random.random() < 0.4)
        stay, room = random.choice(("facility", "short_stay")), random.choice(second.ROOMS)
        at = stage(receipts, welfare, pension, on, PARAMETERS)
        assert at
        bound = asset_bound(at, False, couple, welfare, on, PARAMETERS)
        found = None
        if bound is None or saved <= bound:
            charged = amounts(at, stay, room, on, PARAMETERS)  # type: ignore[arg-type]
            found = (charged.food, charged.room)
        expected = second.care_limit(
            receipts, saved, on, welfare=welfare, pension=pension, couple=couple, stay=stay, room=room
        )
        assert found == expected, (on, receipts, saved, welfare, pension, couple, stay, room)


def test_the_ceiling_of_childcare_fees() -> None:
    random = Random(6)
    for _ in range(CASES):
        on = day_near(random, date(2015, 4, 1), date(2027, 3, 31), date(2019, 10, 1))
        levy_yen = near(random, 48_600, 97_000, 169_000, 301_000, 397_000, most=500_000)
        three_up, short, exempt, assisted = (random.random() < share for share in (0.4, 0.5, 0.15, 0.1))
        rank = random.randint(1, 4)
        family = Family(
            "2" if three_up else "3",
            "short" if short else "standard",
            levy_yen,
            exempt=exempt,
            rank=rank,
            public_assistance=assisted,
        )
        expected = second.nursery_ceiling(
            three_up, short, levy_yen, rank, on, exempt=exempt, assisted=assisted
        )
        assert ceiling(family, on, PARAMETERS).yen == expected, (on, family)


def test_the_levy_on_cars() -> None:
    random = Random(7)
    for _ in range(CASES):
        acquired = day_near(random, date(2023, 4, 1), date(2026, 3, 31), date(2024, 1, 1), date(2025, 4, 1))
        reached, price = near(random, 60, 70, 75, 80, 85, 95, most=130), random.randrange(500_001, 9_000_000)
        assert levy(price, reached, acquired, PARAMETERS)[0] == second.car_levy(price, reached, acquired)


@pytest.mark.parametrize("name", sorted(PARAMETERS.by_name))
def test_no_day_is_left_out_between_two_values_of_the_law(name: str) -> None:
    for earlier, later in pairwise(PARAMETERS.by_name[name].history):
        assert earlier.valid_until
        assert earlier.valid_until + timedelta(days=1) == later.valid_from
        assert PARAMETERS.dated(name, earlier.valid_until) is earlier
        assert PARAMETERS.dated(name, later.valid_from) is later


@pytest.mark.parametrize(
    "acquired", [date(2023, 4, 1), date(2024, 1, 1), date(2025, 4, 1), date(2026, 3, 31)]
)
def test_a_dearer_car_never_owes_less_and_a_thriftier_one_never_more(acquired: date) -> None:
    random = Random(8)
    for _ in range(500):
        price, more = random.randrange(500_001, 9_000_000), random.randrange(2_000_000)
        reached, better = random.randrange(130), random.randrange(60)
        owed = levy(price, reached, acquired, PARAMETERS)[0]
        assert levy(price + more, reached, acquired, PARAMETERS)[0] >= owed
        assert levy(price, reached + better, acquired, PARAMETERS)[0] <= owed
        assert (
            levy(price + 1_000, reached, acquired, PARAMETERS)[0] - owed <= 100
        )  # no cliff but the hundreds of yen
