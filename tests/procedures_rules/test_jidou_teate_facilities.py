"""Institutions and foster parents: by each child's own age, whatever its siblings."""

from datetime import date

import pytest

from yakuba.procedures.rules.jidou_teate.facilities import facility_yen
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, load_parameters

PARAMETERS = load_parameters()
BABY, PUPIL, YOUTH = date(2023, 5, 5), date(2015, 5, 5), date(2008, 5, 5)


def test_a_third_child_brings_no_more() -> None:
    assert facility_yen([PUPIL, PUPIL, BABY], Month(2024, 11), PARAMETERS) == 35_000


@pytest.mark.parametrize(
    ("month", "yen"), [(Month(2024, 9), 0), (Month(2024, 10), 10_000), (Month(2027, 4), 0)]
)
def test_youths_count_since_the_reform_until_the_school_year_of_eighteen(month: Month, yen: int) -> None:
    assert facility_yen([YOUTH], month, PARAMETERS) == yen


def test_under_three_lasts_through_the_month_of_the_birthday() -> None:
    assert [facility_yen([BABY], month, PARAMETERS) for month in (Month(2026, 5), Month(2026, 6))] == [
        15_000,
        10_000,
    ]


def test_nothing_is_guessed_before_the_data() -> None:
    with pytest.raises(NotInForceError):
        facility_yen([BABY], Month(2012, 3), PARAMETERS)
