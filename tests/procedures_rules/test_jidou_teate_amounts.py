"""The monthly amount of child allowance, before and from the reform of October 2024."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.jidou_teate import Child, Facts, Monthly, monthly
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, load_parameters

PARAMETERS = load_parameters()
REFORM = Month(2024, 10)
MONTHS = st.builds(Month, st.integers(2012, 2030), st.integers(1, 12)).filter(lambda m: m >= Month(2012, 6))
AFTER = MONTHS.filter(lambda m: m >= REFORM)
BEFORE = MONTHS.filter(lambda m: m < REFORM)
BIRTHS = st.lists(st.dates(date(1995, 1, 1), date(2030, 12, 31)), min_size=0, max_size=7)


def _facts(*births: date, income: int | None = 3_000_000, dependants: int = 0) -> Facts:
    children = tuple(Child(str(index), f"子{index}", birth) for index, birth in enumerate(births))
    return Facts("a", date(2026, 11, 2), children, limit_income=income, dependants=dependants)


def _at(month: Month, *births: date, income: int | None = 3_000_000, dependants: int = 0) -> Monthly:
    return monthly(_facts(*births, income=income, dependants=dependants), month, PARAMETERS)


def _born(age: int, month: Month) -> date:
    """A birth that makes somebody ``age`` all through ``month``, away from every border."""
    return date(month.year - age, 5, 15) if month.month > 6 else date(month.year - age - 1, 8, 15)


@pytest.mark.parametrize(
    ("ages", "before", "after"),
    [
        ((1,), 15_000, 15_000),
        ((2, 1), 30_000, 30_000),
        ((2, 2, 1), 45_000, 60_000),
        ((7,), 10_000, 10_000),
        ((10, 7, 4), 35_000, 50_000),
        ((13,), 10_000, 10_000),
        ((16,), 0, 10_000),
        ((16, 10, 7), 25_000, 50_000),
        ((16, 13, 7, 1), 40_000, 80_000),
        ((20, 17, 13, 10), 25_000, 70_000),
        ((20, 10, 1), 25_000, 40_000),
        ((25, 10, 1), 25_000, 25_000),
    ],
    ids=str,
)
def test_examples_of_both_laws(ages: tuple[int, ...], before: int, after: int) -> None:
    """Towns' own among them: (20, 17, 13, 10) pays 0, 10,000, 30,000, 30,000 (長南町, 2024)."""
    old, new = Month(2024, 9), Month(2024, 10)
    assert _at(old, *(_born(age, old) for age in ages)).yen == before
    assert _at(new, *(_born(age, new) for age in ages)).yen == after


def _by_the_table_of_article_six(students: int, three_up: int, under_three: int) -> int:
    """児童手当法6条1項 as the law writes it: a table of sums over numbers of children, not child by child."""
    small, big, third = 15_000, 10_000, 30_000
    if students >= 2:
        return third * (three_up + under_three)
    if students == 1:
        if three_up:
            return big + third * (three_up - 1) + third * under_three
        return small + third * (under_three - 1) if under_three else 0
    if three_up >= 2:
        return 2 * big + third * (three_up - 2) + third * under_three
    if three_up == 1:
        return big + (small + third * (under_three - 1) if under_three else 0)
    return under_three * small if under_three <= 2 else 2 * small + third * (under_three - 2)


@given(st.integers(0, 3), st.integers(0, 4), st.integers(0, 4), AFTER)
def test_child_by_child_gives_the_sums_of_the_table(
    students: int, three_up: int, under_three: int, month: Month
) -> None:
    births = [_born(20, month)] * students + [_born(9, month)] * three_up + [_born(1, month)] * under_three
    assert _at(month, *births).yen == _by_the_table_of_article_six(students, three_up, under_three)


@given(BIRTHS, AFTER)
def test_the_rules_before_the_reform_never_touch_later_months(births: list[date], month: Month) -> None:
    poor = _at(month, *births, income=0)
    assert poor.yen == _at(month, *births, income=99_000_000).yen == _at(month, *births, income=None).yen
    assert {line.yen for line in poor.lines} <= {10_000, 15_000, 30_000}


@given(BIRTHS, BEFORE)
def test_the_reform_never_touches_earlier_months(births: list[date], month: Month) -> None:
    lines = _at(month, *births).lines
    assert {line.yen for line in lines} <= {10_000, 15_000}
    assert "high_school" not in {line.stage for line in lines}


@given(BIRTHS, st.dates(date(1995, 1, 1), date(2030, 12, 31)), MONTHS)
def test_one_more_child_never_lowers_the_amount(births: list[date], born: date, month: Month) -> None:
    assert _at(month, *births, born).yen >= _at(month, *births).yen


@given(BIRTHS)
def test_the_reform_lowered_nobodys_amount(births: list[date]) -> None:
    """September to October 2024, for children whom no birthday moves to another stage in between."""
    same = [born for born in births if born.month not in (9, 10)]
    assert _at(Month(2024, 10), *same).yen >= _at(Month(2024, 9), *same).yen


@given(BIRTHS, BEFORE, st.integers(0, 15_000_000), st.integers(0, 5))
def test_more_income_never_raises_the_amount(
    births: list[date], month: Month, income: int, dependants: int
) -> None:
    low = _at(month, *births, income=income, dependants=dependants)
    high = _at(month, *births, income=income + 500_000, dependants=dependants)
    assert high.yen <= low.yen


def _may_change(births: list[date], month: Month) -> bool:
    """What the law lets change an amount with ``month``: a birth, a third birthday, a school year, a reform, a ceiling."""
    before = month.plus(-1)
    moved = any(before in (Month.of(born), _third_birthday(born)) for born in births)
    return moved or month.month == 4 or month in (REFORM, Month(2022, 6))


def _third_birthday(born: date) -> Month:
    return Month(born.year + 3, born.month)


@given(BIRTHS, MONTHS.filter(lambda m: m > Month(2012, 6)))
def test_no_amount_changes_but_where_the_law_says_so(births: list[date], month: Month) -> None:
    if not _may_change(births, month):
        assert _at(month, *births).yen == _at(month.plus(-1), *births).yen


@given(BIRTHS, st.dates(date(1995, 1, 1), date(2030, 12, 31)), AFTER)
def test_one_more_child_adds_no_more_than_the_law_can_give(
    births: list[date], born: date, month: Month
) -> None:
    """30,000: its own, or less than that and what one younger child gains by becoming the third."""
    added = _at(month, *births, born).yen - _at(month, *births).yen
    assert 0 <= added <= 30_000


@given(st.permutations([date(2004, 5, 1), date(2010, 6, 2), date(2015, 7, 3), date(2023, 8, 4)]), MONTHS)
def test_the_order_in_which_children_are_written_does_not_matter(births: list[date], month: Month) -> None:
    assert _at(month, *births).yen == _at(month, *sorted(births)).yen


@pytest.mark.parametrize(
    ("month", "dependants", "income", "yen"),
    [
        (Month(2024, 9), 0, 6_219_999, 10_000),
        (Month(2024, 9), 0, 6_220_000, 5_000),
        (Month(2024, 9), 3, 7_359_999, 10_000),
        (Month(2024, 9), 3, 7_360_000, 5_000),
        (Month(2024, 9), 0, 8_579_999, 5_000),
        (Month(2024, 9), 0, 8_580_000, 0),
        (Month(2024, 9), 3, 9_719_999, 5_000),
        (Month(2024, 9), 3, 9_720_000, 0),
        (Month(2022, 5), 0, 20_000_000, 5_000),
        (Month(2022, 6), 0, 20_000_000, 0),
        (Month(2024, 10), 0, 20_000_000, 10_000),
    ],
)
def test_income_limits_until_september_2024(month: Month, dependants: int, income: int, yen: int) -> None:
    assert _at(month, _born(8, month), income=income, dependants=dependants).yen == yen


def test_an_elderly_dependant_raises_the_limit_by_more() -> None:
    """One dependant: 6,600,000; an elderly one: 6,660,000."""
    facts = replace(_facts(date(2016, 5, 1), income=6_650_000), dependants=1)
    assert monthly(facts, Month(2024, 9), PARAMETERS).band == "special"
    assert monthly(replace(facts, elderly_dependants=1), Month(2024, 9), PARAMETERS).band == "full"


def test_without_the_income_no_amount_before_the_reform_is_certain() -> None:
    assert _at(Month(2024, 9), date(2016, 5, 1), income=None).band == "unknown"
    assert _at(Month(2024, 10), date(2016, 5, 1), income=None).band == "full"


@pytest.mark.parametrize(
    ("birth", "last_month"),
    [
        (date(2023, 11, 15), Month(2026, 11)),
        (date(2023, 11, 1), Month(2026, 11)),
        (date(2023, 11, 30), Month(2026, 11)),
        (date(2024, 2, 29), Month(2027, 2)),
        (date(2024, 3, 1), Month(2027, 3)),
    ],
)
def test_the_amount_for_under_three_lasts_through_the_month_of_the_third_birthday(
    birth: date, last_month: Month
) -> None:
    assert _at(last_month, birth).yen == 15_000
    assert _at(last_month.plus(1), birth).yen == 10_000


@pytest.mark.parametrize(
    ("birth", "last_month"),
    [
        (date(2008, 4, 1), Month(2026, 3)),
        (date(2008, 4, 2), Month(2027, 3)),
        (date(2009, 3, 31), Month(2027, 3)),
    ],
)
def test_the_allowance_ends_with_the_school_year_of_eighteen(birth: date, last_month: Month) -> None:
    assert _at(last_month, birth).yen == 10_000
    assert _at(last_month.plus(1), birth).yen == 0


@pytest.mark.parametrize(
    ("birth", "last_month"), [(date(2004, 4, 1), Month(2026, 3)), (date(2004, 4, 2), Month(2027, 3))]
)
def test_a_student_counts_until_the_school_year_of_twenty_two(birth: date, last_month: Month) -> None:
    younger = (date(2012, 5, 1), date(2014, 5, 1))
    assert _at(last_month, birth, *younger).yen == 40_000
    assert _at(last_month.plus(1), birth, *younger).yen == 20_000


def test_a_student_who_pays_his_own_living_does_not_count() -> None:
    facts = _facts(date(2005, 5, 1), date(2012, 5, 1), date(2014, 5, 1))
    student = replace(facts.children[0], shares_livelihood=False)
    earning = replace(facts, children=(student, *facts.children[1:]))
    assert monthly(earning, Month(2026, 11), PARAMETERS).yen == 20_000


def test_no_month_before_the_data_is_guessed() -> None:
    with pytest.raises(NotInForceError):
        _at(Month(2012, 3), date(2010, 5, 1))
