"""児童扶養手当: the published amounts, and no cliff that the law does not have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.procedures.rules.jidou_fuyou import Household, counted_income, monthly
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, load_parameters

PARAMETERS = load_parameters()
OLDEST, OLD, NEW, LAST_YEAR, NOW = (
    Month(2023, 4),
    Month(2024, 10),
    Month(2024, 11),
    Month(2025, 4),
    Month(2026, 4),
)


# Towns' announcements of the change of November 2024 and of the amounts of each April; the agency's worked example of 2026.
@pytest.mark.parametrize(
    ("month", "children", "income", "yen"),
    [
        (NEW, 1, 1_069_999, 45_500),  # one dependant: full below 1,070,000
        (NEW, 1, 1_070_000, 45_490),
        (NEW, 1, 2_459_999, 10_740),
        (NEW, 1, 2_460_000, 0),
        (NEW, 2, 1_069_999, 45_500 + 10_750),
        (NEW, 3, 1_069_999, 45_500 + 10_750 + 10_750),
        (NEW, 3, 2_459_999, 10_740 + 5_380 + 5_380),
        (OLD, 1, 869_999, 45_500),
        (OLD, 1, 870_000, 45_490),
        (OLD, 1, 2_299_999, 10_740),
        (OLD, 1, 2_300_000, 0),
        (OLD, 3, 869_999, 45_500 + 10_750 + 6_450),
        (OLD, 3, 2_299_999, 10_740 + 5_380 + 3_230),
        (LAST_YEAR, 1, 1_069_999, 46_690),
        (LAST_YEAR, 1, 1_070_000, 46_680),
        (LAST_YEAR, 1, 2_459_999, 11_010),
        (LAST_YEAR, 2, 2_459_999, 11_010 + 5_520),
        (NOW, 1, 1_069_999, 48_050),
        (NOW, 1, 1_070_000, 48_040),
        (NOW, 1, 1_220_000, 44_080),
        (NOW, 1, 2_459_999, 11_340),
        (NOW, 3, 1_069_999, 48_050 + 11_350 + 11_350),
        (NOW, 3, 2_459_999, 11_340 + 5_680 + 5_680),
        (OLDEST, 3, 869_999, 44_140 + 10_420 + 6_250),
        (OLDEST, 3, 870_000, 44_130 + 10_410 + 6_240),
        (OLDEST, 3, 2_299_999, 10_410 + 5_210 + 3_130),
    ],
)
def test_the_published_amounts(month: Month, children: int, income: int, yen: int) -> None:
    assert monthly(Household(children, income, dependants=1), month, PARAMETERS).yen == yen


@given(
    st.sampled_from([OLDEST, OLD, NEW, LAST_YEAR, NOW]),
    st.integers(1, 5),
    st.integers(0, 4),
    st.integers(0, 4_000_000),
    st.integers(1, 50_000),
)
def test_more_income_never_brings_more(
    month: Month, children: int, dependants: int, income: int, more: int
) -> None:
    poorer = monthly(Household(children, income, dependants), month, PARAMETERS)
    richer = monthly(Household(children, income + more, dependants), month, PARAMETERS)
    assert richer.yen <= poorer.yen


@given(
    st.sampled_from([OLDEST, OLD, NEW, LAST_YEAR, NOW]),
    st.integers(1, 5),
    st.integers(0, 4),
    st.integers(0, 4_000_000),
)
def test_the_only_cliff_is_the_upper_limit(month: Month, children: int, dependants: int, income: int) -> None:
    below = monthly(Household(children, income, dependants), month, PARAMETERS)
    above = monthly(Household(children, income + 1, dependants), month, PARAMETERS)
    if above.band != "none":
        assert below.yen - above.yen <= 10 * children


@given(
    st.sampled_from([OLDEST, OLD, NEW, LAST_YEAR, NOW]),
    st.integers(1, 5),
    st.integers(0, 4),
    st.integers(0, 2_500_000),
)
def test_more_children_and_more_dependants_never_bring_less(
    month: Month, children: int, dependants: int, income: int
) -> None:
    base = monthly(Household(children, income, dependants), month, PARAMETERS).yen
    assert monthly(Household(children + 1, income, dependants), month, PARAMETERS).yen >= base
    assert monthly(Household(children, income, dependants + 1), month, PARAMETERS).yen >= base


@given(st.integers(1, 5), st.integers(0, 4), st.integers(0, 3_000_000))
def test_the_change_of_november_2024_took_from_nobody(children: int, dependants: int, income: int) -> None:
    household = Household(children, income, dependants)
    assert monthly(household, NEW, PARAMETERS).yen >= monthly(household, OLD, PARAMETERS).yen


def test_family_obliged_to_support_stops_it_whole() -> None:
    rich = Household(1, 0, dependants=1, family=((2_360_000, 0),))
    assert monthly(rich, NEW, PARAMETERS).band == "none"
    assert (
        monthly(Household(1, 0, dependants=1, family=((2_359_999, 0), (2_739_999, 1))), NEW, PARAMETERS).band
        == "full"
    )


def test_elderly_and_student_dependants_raise_the_own_limit() -> None:
    assert monthly(Household(1, 1_219_999, dependants=1, students=1), NEW, PARAMETERS).band == "full"
    assert monthly(Household(1, 1_169_999, dependants=1, elderly=1), NEW, PARAMETERS).band == "full"
    assert monthly(Household(1, 1_170_000, dependants=1, elderly=1), NEW, PARAMETERS).band == "partial"


def test_child_support_counts_by_four_fifths_and_everybody_deducts_80_000() -> None:
    assert counted_income(1_000_000, 300_000, 0, wages=True, month=NEW, parameters=PARAMETERS) == 1_060_000
    assert counted_income(1_000_000, 0, 270_000, wages=False, month=NEW, parameters=PARAMETERS) == 650_000
    assert counted_income(10_000, 0, 0, wages=True, month=NEW, parameters=PARAMETERS) == 0


def test_no_amount_is_guessed_for_a_year_that_was_not_seen() -> None:
    with pytest.raises(NotInForceError):
        monthly(Household(1, 0), Month.of(date(2027, 4, 1)), PARAMETERS)
