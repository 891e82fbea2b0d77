"""What a municipality may change of a national definition, and what not."""

from datetime import date
from typing import Any

import pytest

from tests.procedures.samples import text
from yakuba.procedures import registry
from yakuba.procedures.context import Context
from yakuba.procedures.faults import InvalidOverrides
from yakuba.procedures.overrides import disaster_options, effective, merged_faults, opening, option_lists
from yakuba.procedures.rendering import render_page
from yakuba.procedures.slots import attachment_slots
from yakuba.procedures.validation import validate_page

TODAY = date(2026, 11, 23)
CLAIM = registry.procedure("jidou-teate-nintei")
DAMAGE = registry.procedure("risai-shoumei")


def refused(overrides: dict[str, Any], procedure: Any = CLAIM) -> str:
    with pytest.raises(InvalidOverrides) as caught:
        effective(procedure, overrides)
    return str(caught.value)


def test_a_town_cannot_waive_a_signature_the_nation_requires() -> None:
    assert "national rule" in refused({"signature": "login"})


def test_a_town_may_ask_for_a_signature_where_it_decides() -> None:
    assert DAMAGE.signature == "login"
    assert effective(DAMAGE, {"signature": "required"}).signature == "required"


def test_a_town_may_close_a_procedure() -> None:
    closed = opening(CLAIM, {"open": False}, TODAY)
    assert not closed.open
    assert closed.reason is not None
    assert "受け付けていません" in closed.reason.ja


def test_a_disaster_certificate_is_open_only_while_a_disaster_is_declared() -> None:
    assert not opening(DAMAGE, {}, TODAY).open
    assert opening(DAMAGE, {}, TODAY, disaster_declared=True).open


def test_a_period_opens_and_closes() -> None:
    periods = {"periods": [{"from": "2026-11-01", "until": "2026-11-30"}]}
    assert opening(CLAIM, periods, date(2026, 11, 1)).open
    assert opening(CLAIM, periods, date(2026, 11, 30)).open
    late = opening(CLAIM, periods, date(2026, 12, 1))
    assert not late.open
    assert late.reason is not None
    assert "2026-11-01" in late.reason.en


def test_a_role_a_town_does_not_take_cannot_apply() -> None:
    changed = effective(CLAIM, {"roles": {"proxy_by_mandate": False}})
    assert not changed.allows("proxy_by_mandate")
    assert changed.allows("self")


def test_a_required_field_cannot_be_hidden_or_made_optional() -> None:
    assert "required by the national definition" in refused({"hide": ["claimant_phone"]})
    assert "cannot waive" in refused({"required": {"claimant_phone": False}})


def test_a_field_others_depend_on_cannot_be_hidden() -> None:
    assert "depend on its answer" in refused({"hide": ["water_level"]}, DAMAGE)


def test_an_optional_field_may_be_hidden_or_made_required() -> None:
    hidden = effective(CLAIM, {"hide": ["claimant_email"]})
    assert "claimant_email" not in [found.id for _, found in hidden.fields()]
    needed = effective(CLAIM, {"required": {"claimant_email": True}})
    problems = validate_page(needed, "claimant", {}, Context(TODAY))
    assert "claimant_email" in [problem.path for problem in problems]


def test_help_is_added_to_the_national_hint() -> None:
    changed = effective(CLAIM, {"help": {"claimant_phone": text("平日の9時から17時")}})
    html = render_page(changed, "claimant", {}, Context(TODAY), "ja")
    assert "内容を確かめるときに" in html
    assert "平日の9時から17時" in html


def test_a_town_may_ask_for_one_more_document() -> None:
    extra = {"id": "town_map", "type": "file", "label": text("地図"), "required": False}
    changed = effective(CLAIM, {"attachments": [{"page": "consent", "field": extra}]})
    assert "town_map" in [slot.key for slot in attachment_slots(changed, {}, Context(TODAY))]


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"colour": "red"}, "colour"),
        ({"hide": ["shoe_size"]}, "no field is called so"),
        ({"options": {"shoes": [{"value": "a", "label": text("a")}]}}, "no field takes this list"),
        (
            {
                "attachments": [
                    {"page": "nowhere", "field": {"id": "town_x", "type": "file", "label": text("x")}}
                ]
            },
            "nowhere",
        ),
        (
            {"attachments": [{"page": "consent", "field": {"id": "x", "type": "file", "label": text("x")}}]},
            "town_",
        ),
        (
            {
                "attachments": [
                    {"page": "consent", "field": {"id": "town_x", "type": "yes_no", "label": text("x")}}
                ]
            },
            "file",
        ),
        ({"signature": "stamp"}, "stamp"),
    ],
)
def test_settings_that_make_no_sense_are_explained(overrides: dict[str, Any], says: str) -> None:
    assert says in refused(overrides)


def test_declared_disasters_are_what_one_can_choose() -> None:
    assert option_lists(DAMAGE) == ("disasters",)
    declared = [{"id": "2026-typhoon-21", "name": "台風第21号"}]
    changed = effective(DAMAGE, disaster_options(declared))
    assert [option.value for option in changed.field("disaster").options] == ["2026-typhoon-21"]
    assert disaster_options([]) == {}


def test_the_examples_settings_are_right_settings() -> None:
    for one in registry.all_procedures(TODAY):
        assert merged_faults(one, one.example_settings) == []


def test_the_same_settings_give_the_same_object() -> None:
    """A schema compiled for a town serves all its applications."""
    assert effective(CLAIM, {"hide": ["claimant_email"]}) is effective(CLAIM, {"hide": ["claimant_email"]})
    assert effective(CLAIM, {}) is not effective(DAMAGE, {})


def test_the_national_definition_stays_as_it_is() -> None:
    effective(CLAIM, {"hide": ["claimant_email"]})
    assert "claimant_email" in [found.id for _, found in CLAIM.fields()]
