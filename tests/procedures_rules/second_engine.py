"""The amounts a second time, read from the law again: nothing of the product is imported here.

Written differently on purpose. The product goes child by child, by parameters of a day; this goes by numbers of children,
printed tables and exact fractions, as the articles and the agencies' leaflets put it. What both say alike is less likely
to be a slip of one pen.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Ym = tuple[int, int]
MAN = 10_000


# -- 児童手当 -------------------------------------------------------------------------------------


def _cohort(born: date) -> int:
    """The school year of birth: from 2 April to 1 April of the next year."""
    return born.year if (born.month, born.day) >= (4, 2) else born.year - 1


def _groups(births: list[date], month: Ym) -> dict[str, int]:
    """How many are how old in ``month``; those born in it or later are not there yet."""
    year, number = month
    fiscal = year if number >= 4 else year - 1
    found = dict.fromkeys(("under_three", "primary", "junior", "high", "student"), 0)
    for born in births:
        if (born.year, born.month) >= month:
            continue
        years = fiscal - _cohort(born)
        if (year - born.year) * 12 + number - born.month <= 36:
            found["under_three"] += 1
        elif years <= 12:
            found["primary"] += 1
        elif years <= 15:
            found["junior"] += 1
        elif years <= 18:
            found["high"] += 1
        elif years <= 22:
            found["student"] += 1
    return found


def child_allowance(births: list[date], month: Ym, income: int = 0, dependants: int = 0) -> int:
    """児童手当法6条1項, since October 2024 and as it stood before; income limits of 旧5条."""
    of = _groups(births, month)
    if month >= (2024, 10):
        return _since_reform(of)
    third_of_primary = max(0, of["primary"] - max(0, 2 - of["high"] - of["junior"]))
    full = (
        15_000 * of["under_three"]
        + 10_000 * (of["primary"] - third_of_primary)
        + 15_000 * third_of_primary
        + 10_000 * of["junior"]
    )
    each = of["under_three"] + of["primary"] + of["junior"]
    if month >= (2022, 6) and income >= (858 + 38 * dependants) * MAN:
        return 0
    return 5_000 * each if income >= (622 + 38 * dependants) * MAN else full


def _since_reform(of: dict[str, int]) -> int:
    older = of["primary"] + of["junior"] + of["high"]
    places = max(0, 2 - of["student"])  # first and second places that nobody older takes
    first_second_older = min(places, older)
    first_second_small = min(places - first_second_older, of["under_three"])
    thirds = older + of["under_three"] - first_second_older - first_second_small
    return 10_000 * first_second_older + 15_000 * first_second_small + 30_000 * thirds


# -- 児童扶養手当 -----------------------------------------------------------------------------------

# from, (first, second, further), (rates), 全部支給・一部支給 limits without dependants in 万円
_CHILD_REARING: list[tuple[Ym, tuple[int, int, int], tuple[str, str, str], int, int]] = [
    ((2023, 4), (44_140, 10_420, 6_250), ("0.0235804", "0.0036364", "0.0021748"), 49, 192),
    ((2024, 4), (45_500, 10_750, 6_450), ("0.0243007", "0.0037483", "0.0022448"), 49, 192),
    ((2024, 11), (45_500, 10_750, 10_750), ("0.025", "0.0038561", "0.0038561"), 69, 208),
    ((2025, 4), (46_690, 11_030, 11_030), ("0.0256619", "0.0039568", "0.0039568"), 69, 208),
    ((2026, 4), (48_050, 11_350, 11_350), ("0.0264029", "0.0040719", "0.0040719"), 69, 208),
]


def child_rearing_allowance(
    month: Ym, children: int, income: int, dependants: int, family: list[tuple[int, int]]
) -> int:
    """法5条・9条・10条・11条, 施行令2条の4: the amount less the rounded reduction, child by child in exact decimals."""
    _, amounts, rates, full, partial = next(row for row in reversed(_CHILD_REARING) if row[0] <= month)
    if any(earned >= (236 + 38 * of) * MAN for earned, of in family):
        return 0
    if income >= (partial + 38 * dependants) * MAN:
        return 0
    places = [0, 1, *[2] * children][:children]
    if income < (full + 38 * dependants) * MAN:
        return sum(amounts[place] for place in places)
    above = income - (full + 38 * dependants) * MAN
    return sum(amounts[place] - _reduction(above, rates[place]) for place in places)


def _reduction(above: int, rate: str) -> int:
    tens = (above * Decimal(rate) / 10).quantize(Decimal(1), ROUND_HALF_UP)
    return int(tens) * 10 + 10


# -- 介護保険 --------------------------------------------------------------------------------------


def care_share(income: int, receipts: int, insured: int, on: date) -> int:
    """The flow chart of 負担割合 for somebody of 65 or more who pays resident tax: tenths."""
    two, three = (280, 340) if insured == 1 else (346, 463)
    if on >= date(2018, 8, 1) and income >= 220 * MAN and receipts >= three * MAN:
        return 3
    if on >= date(2015, 8, 1) and income >= 160 * MAN and receipts >= two * MAN:
        return 2
    return 1


def _low_income(on: date) -> int:
    if on < date(2025, 8, 1):
        return 800_000
    return 809_000 if on < date(2026, 8, 1) else 826_500


def high_cost_refund(
    paid: list[int],
    on: date,
    *,
    welfare: bool,
    pension: bool,
    taxed: bool,
    taxable: int,
    receipts: int,
) -> int:
    """What the first of ``paid`` gets back (施行令22条の2の2), whose own situation decides a cap of their own."""
    household, person = 44_400, None
    if welfare:
        household = person = 15_000
    elif not taxed:
        household = 24_600
        person = 15_000 if pension or receipts <= _low_income(on) else None
    elif on >= date(2021, 8, 1):
        household = 140_100 if taxable >= 690 * MAN else 93_000 if taxable >= 380 * MAN else 44_400
    together = sum(paid)
    shared = Fraction(max(0, together - household)) * Fraction(paid[0], together) if together else Fraction(0)
    alone = max(0, paid[0] - person) if person is not None else 0
    return max(int(shared), alone)


ROOMS = ("unit_single", "unit_semi", "single_nursing", "single_health", "shared", "shared_health")
# from, meals in facilities, meals in short stays, rooms; each by stages 1, 2, 3-1, 3-2
_LIMITS: list[tuple[date, list[int], list[int], list[list[int]]]] = [
    (
        date(2021, 8, 1),
        [300, 390, 650, 1_360],
        [300, 600, 1_000, 1_300],
        [
            [820, 820, 1_310, 1_310],
            [490, 490, 1_310, 1_310],
            [320, 420, 820, 820],
            [490, 490, 1_310, 1_310],
            [0, 370, 370, 370],
            [0, 370, 370, 370],
        ],
    ),
    (
        date(2024, 8, 1),
        [300, 390, 650, 1_360],
        [300, 600, 1_000, 1_300],
        [
            [880, 880, 1_370, 1_370],
            [550, 550, 1_370, 1_370],
            [380, 480, 880, 880],
            [550, 550, 1_370, 1_370],
            [0, 430, 430, 430],
            [0, 430, 430, 430],
        ],
    ),
    (
        date(2026, 8, 1),
        [300, 390, 680, 1_420],
        [300, 600, 1_030, 1_360],
        [
            [880, 880, 1_370, 1_470],
            [550, 550, 1_370, 1_470],
            [380, 480, 880, 980],
            [550, 550, 1_370, 1_470],
            [0, 430, 430, 530],
            [0, 430, 430, 430],
        ],
    ),
]


def care_limit(
    receipts: int, saved: int, on: date, *, welfare: bool, pension: bool, couple: bool, stay: str, room: str
) -> tuple[int, int] | None:
    """Meals and room a day for an untaxed household (65 or more), or None where the savings are too high."""
    place = (
        0 if welfare or pension else 1 if receipts <= _low_income(on) else 2 if receipts <= 120 * MAN else 3
    )
    bound = [1000, 650, 550, 500][place] + (1000 if couple else 0)
    if not welfare and saved > bound * MAN:
        return None
    _, meals, short, rooms = next(row for row in reversed(_LIMITS) if row[0] <= on)
    return (short if stay == "short_stay" else meals)[place], rooms[ROOMS.index(room)][place]


# -- 保育の利用者負担 -------------------------------------------------------------------------------

_CLASSES = [48_600, 97_000, 169_000, 301_000, 397_000]  # 第3〜第7階層 end below; 第8階層 has no end
_THREE = [
    (19_500, 19_300),
    (30_000, 29_600),
    (44_500, 43_900),
    (61_000, 60_100),
    (80_000, 78_800),
    (104_000, 102_400),
]
_TWO = [
    (16_500, 16_300),
    (27_000, 26_600),
    (41_500, 40_900),
    (58_000, 57_100),
    (77_000, 75_800),
    (101_000, 99_400),
]


def nursery_ceiling(
    three_up: bool, short: bool, levy: int, rank: int, on: date, *, exempt: bool, assisted: bool
) -> int:
    """国の徴収基準額 by the eight classes, half for the second child and nothing for further ones."""
    free = on >= date(2019, 10, 1)
    if assisted or (free and (three_up or exempt)):
        return 0
    place = sum(levy >= end for end in _CLASSES)
    whole = (6_000 if three_up else 9_000) if exempt else (_TWO if three_up else _THREE)[place][short]
    return [whole, whole // 2, 0][min(rank, 3) - 1]


# -- 自動車税環境性能割 ------------------------------------------------------------------------------


def car_levy(price: int, reached: int, acquired: date) -> int:
    """Private passenger cars, from April 2023 to March 2026: free, 1, 2, 3 percent by what is reached of the standard."""
    steps = (
        (85, 75, 60)
        if acquired < date(2024, 1, 1)
        else (85, 80, 70)
        if acquired < date(2025, 4, 1)
        else (95, 85, 75)
    )
    percent = sum(reached < step for step in steps)
    return int(Fraction(price - price % 1_000) * percent / 100) // 100 * 100
