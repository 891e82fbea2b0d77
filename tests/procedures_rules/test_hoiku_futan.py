"""利用者負担: the ceilings of the state before and since October 2019."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.hoiku.futan import Family, ceiling
from yakuba.procedures.rules.parameters import ParameterError, load_parameters

PARAMETERS = load_parameters()
BEFORE, SINCE = date(2019, 9, 30), date(2019, 10, 1)


@pytest.mark.parametrize(
    ("levy", "standard", "short"),
    [
        (0, 19_500, 19_300),
        (48_599, 19_500, 19_300),
        (48_600, 30_000, 29_600),
        (97_000, 44_500, 43_900),
        (169_000, 61_000, 60_100),
        (301_000, 80_000, 78_800),
        (397_000, 104_000, 102_400),
    ],
)
def test_class_three_by_levy(levy: int, standard: int, short: int) -> None:
    assert ceiling(Family("3", "standard", levy), SINCE, PARAMETERS).yen == standard
    assert ceiling(Family("3", "short", levy), SINCE, PARAMETERS).yen == short


def test_from_three_years_on_childcare_is_free_since_october_2019() -> None:
    assert ceiling(Family("2", "standard", 500_000), SINCE, PARAMETERS).yen == 0
    assert ceiling(Family("1", None, 500_000), SINCE, PARAMETERS).yen == 0
    assert ceiling(Family("2", "standard", 500_000), BEFORE, PARAMETERS).yen == 101_000


def test_under_three_it_is_free_for_households_without_resident_tax() -> None:
    assert ceiling(Family("3", "standard", 0, exempt=True), BEFORE, PARAMETERS).yen == 9_000
    assert ceiling(Family("3", "standard", 0, exempt=True), SINCE, PARAMETERS).yen == 0
    assert ceiling(Family("3", "standard", 0, public_assistance=True), BEFORE, PARAMETERS).yen == 0


def test_the_second_child_pays_half_and_the_third_nothing() -> None:
    by_rank = [
        ceiling(Family("3", "standard", 200_000, rank=rank), SINCE, PARAMETERS).yen for rank in (1, 2, 3)
    ]
    assert by_rank == [61_000, 30_500, 0]


def test_lone_parents_below_the_limit_pay_less() -> None:
    assert ceiling(Family("3", "standard", 77_100, needy=True), SINCE, PARAMETERS).yen == 9_000
    assert ceiling(Family("3", "standard", 77_101, needy=True), SINCE, PARAMETERS).yen == 30_000
    assert ceiling(Family("3", "standard", 77_100, needy=True, rank=2), SINCE, PARAMETERS).yen == 0


@given(st.integers(0, 600_000), st.integers(0, 100_000), st.integers(1, 3), st.booleans())
def test_a_higher_levy_never_lowers_the_ceiling(levy: int, more: int, rank: int, needy: bool) -> None:
    lower = ceiling(Family("3", "standard", levy, rank=rank, needy=needy), SINCE, PARAMETERS).yen
    assert (
        ceiling(Family("3", "standard", levy + more, rank=rank, needy=needy), SINCE, PARAMETERS).yen >= lower
    )


def test_class_one_before_october_2019_is_not_in_the_data() -> None:
    with pytest.raises(ParameterError):
        ceiling(Family("1", None, 100_000), BEFORE, PARAMETERS)
