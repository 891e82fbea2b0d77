"""Many households at once come to what one by one comes to."""

from datetime import date, timedelta

import pytest
from benchmarks.reassess import town_of
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.procedures.rules.jidou_teate.amounts import monthly
from yakuba.procedures.rules.jidou_teate.batch import BANDS, STAGES, STANDINGS, Assessed, assess, totals
from yakuba.procedures.rules.jidou_teate.columns import claim_at, columns_of
from yakuba.procedures.rules.jidou_teate.facts import Child, Facts
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import NotInForceError, load_parameters

PARAMETERS = load_parameters()
MONTHS = [
    Month(2022, 5),
    Month(2022, 6),
    Month(2024, 9),
    Month(2024, 10),
    Month(2026, 3),
    Month(2026, 4),
    Month(2027, 2),
]
maybe = st.sampled_from([True, True, True, False, None])
days = st.dates(date(2000, 1, 1), date(2027, 3, 1)) | st.sampled_from(
    [
        date(2008, 4, 1),
        date(2008, 4, 2),
        date(2023, 2, 1),
        date(2024, 2, 29),
        date(2011, 3, 31),
        date(2002, 4, 1),
    ]
)
children = st.builds(
    Child,
    key=st.just(""),
    name=st.just(""),
    birth=st.none() | days,
    cared_for=maybe,
    shares_livelihood=maybe,
    lives_with_claimant=maybe,
    with_other_parent=st.booleans(),
    residence=st.sampled_from(["japan", "japan", "japan", "studying_abroad", "abroad", None]),
    left_japan_on=st.none() | days,
    lived_in_japan_before=maybe,
    in_facility=st.sampled_from([False, False, False, True, None]),
)
claims = st.builds(
    Facts,
    applicant=st.just(""),
    claimed_on=st.just(date(2024, 10, 1)),
    children=st.lists(children, max_size=6).map(tuple),
    separated=st.booleans(),
    limit_income=st.none() | st.integers(0, 12_000_000),
    dependants=st.integers(2, 4),
    elderly_dependants=st.integers(0, 2),
)


def same(found: Assessed, number: int, one: Facts, places: list[int]) -> None:
    """The batch's household ``number`` beside the rule's answer for it."""
    alone = monthly(one, found.month, PARAMETERS)
    assert int(found.yen[number]) == alone.yen
    assert BANDS[found.band[number]] == alone.band
    assert bool(found.unclear[number]) == any(each.standing == "unclear" for each in alone.standings)
    standing = {int(each.child.key): each.standing for each in alone.standings}
    lines = {int(line.child.key): line for line in alone.lines}
    for place in places:
        assert STANDINGS[found.standing[place]] == standing[place]
        if place in lines:
            line = lines[place]
            assert (int(found.rank[place]), STAGES[found.stage[place]]) == (line.rank, line.stage)
            assert int(found.child_yen[place]) == line.yen
        else:
            assert int(found.child_yen[place]) == 0


@pytest.mark.parametrize("month", MONTHS, ids=str)
@given(many=st.lists(claims, min_size=1, max_size=8))
@settings(max_examples=20, deadline=None)
def test_a_batch_says_what_one_by_one_says(month: Month, many: list[Facts]) -> None:
    columns = columns_of(many)
    found = assess(columns, month, PARAMETERS)
    for number in range(len(many)):
        places = [place for place, whose in enumerate(columns.household) if whose == number]
        same(found, number, claim_at(columns, number), places)


def test_a_claim_comes_back_from_the_columns_as_it_went_in() -> None:
    child = Child(
        "0",
        "0",
        date(2020, 2, 29),
        residence="studying_abroad",
        left_japan_on=date(2024, 2, 29),
        in_facility=None,
    )
    claim = Facts("0", date(2024, 10, 1), (child,), separated=True, limit_income=None, dependants=3)
    assert claim_at(columns_of([claim]), 0) == claim


def test_every_day_of_birth_of_23_years_is_counted_alike() -> None:
    born = [date(2003, 3, 1) + timedelta(days=number) for number in range(23 * 366)]
    many = [Facts("", date(2026, 11, 1), (Child("", "", day),)) for day in born]
    columns = columns_of(many)
    for month in (Month(2026, 3), Month(2026, 4)):
        found = assess(columns, month, PARAMETERS)
        assert found.yen.tolist() == [monthly(one, month, PARAMETERS).yen for one in many]


def test_a_made_up_town_is_assessed_alike_and_sums_are_shown_by_month() -> None:
    columns = town_of(400, seed=7)
    found = [assess(columns, month, PARAMETERS) for month in (Month(2024, 9), Month(2024, 10))]
    assert totals(found) == {"2024-09": int(found[0].yen.sum()), "2024-10": int(found[1].yen.sum())}
    for number in range(0, 400, 8):
        places = [place for place, whose in enumerate(columns.household) if whose == number]
        for one in found:
            same(one, number, claim_at(columns, number), places)


def test_no_household_is_no_trouble_and_a_month_before_the_data_is_refused() -> None:
    assert assess(columns_of([]), Month(2026, 1), PARAMETERS).yen.tolist() == []
    with pytest.raises(NotInForceError):
        assess(columns_of([]), Month(2012, 3), PARAMETERS)
