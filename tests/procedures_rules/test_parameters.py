"""Law as dated data: every value has a source and days, and nothing is guessed outside them."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures.rules.parameters import (
    MunicipalSettingError,
    NotInForceError,
    Parameters,
    UnknownParameterError,
    load_parameters,
    parse_parameters,
)

PARAMETERS = load_parameters()


def _row(**changes: Any) -> dict[str, Any]:
    history = [{"from": date(2020, 1, 1), "value": 5, "source": "民法1条"}]
    return {"name": "x", "ja": "え", "en": "x", "unit": "yen", "history": history, **changes}


@pytest.mark.parametrize("name", sorted(PARAMETERS.by_name))
def test_every_value_names_the_law_it_comes_from(name: str) -> None:
    for dated in PARAMETERS.by_name[name].history:
        assert (
            "法" in dated.source or "条例" in dated.source or "規則" in dated.source or "指針" in dated.source
        )
        assert dated.valid_until is None or dated.valid_from <= dated.valid_until


def test_a_value_before_its_law_is_not_guessed() -> None:
    with pytest.raises(NotInForceError, match="in force on 2011-01-01"):
        PARAMETERS.number("jidou_teate.special_benefit", date(2011, 1, 1))


def test_a_value_after_its_repeal_is_not_guessed() -> None:
    with pytest.raises(NotInForceError):
        PARAMETERS.number("jidou_teate.special_benefit", date(2024, 10, 1))
    assert PARAMETERS.number("jidou_teate.special_benefit", date(2024, 9, 30)) == 5000


def test_an_unknown_name_says_where_the_names_stand() -> None:
    with pytest.raises(UnknownParameterError, match=r"docs/law\.md"):
        PARAMETERS.number("jidou_teate.amonut", date(2026, 1, 1))


def test_a_table_is_not_a_number() -> None:
    with pytest.raises(TypeError, match="not a whole number"):
        PARAMETERS.number("office.holidays.fixed", date(2026, 1, 1))


def test_overlapping_values_are_refused() -> None:
    history = [
        {"from": date(2020, 1, 1), "until": date(2021, 1, 1), "value": 5, "source": "民法1条"},
        {"from": date(2021, 1, 1), "value": 6, "source": "民法1条"},
    ]
    with pytest.raises(ValueError, match="overlaps 2021-01-01"):
        parse_parameters([_row(history=history)])


def test_what_is_unsure_must_say_what_about_it_is() -> None:
    history = [{"from": date(2020, 1, 1), "value": 5, "source": "民法1条", "sure": False}]
    with pytest.raises(ValueError, match="without a note"):
        parse_parameters([_row(history=history)])


def test_an_unknown_unit_and_a_name_written_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="use one of yen"):
        parse_parameters([_row(unit="dollars")])
    with pytest.raises(ValueError, match="written twice"):
        parse_parameters([_row(), _row()])


def test_a_municipality_may_set_what_the_law_leaves_to_it() -> None:
    own = PARAMETERS.with_municipal({"clock.risai-shoumei": {"value": 10, "unit": "office_days"}})
    assert own.number("clock.risai-shoumei", date(2026, 11, 1)) == 10
    assert own.by_name["clock.risai-shoumei"].unit == "office_days"
    assert own.unsure(["clock.risai-shoumei"], date(2026, 11, 1)) == ()
    assert PARAMETERS.number("clock.risai-shoumei", date(2026, 11, 1)) == 30, "the shared value stays"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"jidou_teate.special_benefit": 6000}, "fixed by law"),
        ({"clock.risai-shoumei": 0}, "from 1 to 365"),
        ({"clock.risai-shoumei": "ten"}, "from 1 to 365"),
        ({"clock.risai-shoumei": {"value": 5, "unit": "weeks"}}, "counts calendar_days or office_days"),
    ],
)
def test_a_municipality_may_not_set_what_law_fixes(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(MunicipalSettingError, match=message):
        PARAMETERS.with_municipal(settings)


def test_a_municipality_cannot_set_what_does_not_exist() -> None:
    with pytest.raises(UnknownParameterError):
        PARAMETERS.with_municipal({"clock.unknown": 1})


def test_values_cannot_be_changed_by_who_reads_them() -> None:
    assert isinstance(PARAMETERS, Parameters)
    assert isinstance(PARAMETERS.value("office.holidays.fixed", date(2026, 1, 1)), tuple)
