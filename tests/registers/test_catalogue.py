"""The data-item lists: what a business register may hold, and that rules, forms and lists speak of the same items."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from yakuba.procedures import registry
from yakuba.procedures.prefill import prefill_items
from yakuba.registers import catalogue, prefill
from yakuba.registers.commands import registers
from yakuba.registers.definition import UnfitDefinition, read_register

AS_OF = date(2026, 11, 23)
LIST: dict[str, Any] = {
    "register": "test", "name": {"ja": "試験", "en": "Test"}, "law": "なし", "modelled_on": "なし",
    "items": [{"id": "a", "code": "T-1", "name": "あ", "type": "text", "required": True}],
}  # fmt: skip


def test_the_registers_of_the_businesses_and_tax_are_defined() -> None:
    assert set(catalogue.codes()) >= {"jidou_teate", "kaigo_hoken", "kodomo_kosodate", "hisaisha", "juminzei"}


@pytest.mark.parametrize("code", catalogue.codes())
def test_a_list_states_its_law_its_model_and_never_conformity(code: str) -> None:
    register = catalogue.register(code)
    assert register.law
    assert "ならった" in register.modelled_on
    assert "準拠" not in register.modelled_on


def test_every_item_a_form_is_prefilled_with_can_be_asked_for() -> None:
    for procedure in registry.all_procedures(AS_OF):
        for path in prefill_items(procedure):
            assert prefill.is_item(path), (procedure.id, path)


def test_an_unknown_register_is_refused_with_those_there_are() -> None:
    with pytest.raises(catalogue.UnknownRegister, match="jidou_teate"):
        catalogue.register("kokuho")


def test_a_missing_item_is_named() -> None:
    with pytest.raises(catalogue.UnfitItems) as refused:
        catalogue.check_items("hisaisha", {})
    assert [str(problem) for problem in refused.value.problems] == ["disaster: required"]


def test_an_empty_optional_item_is_not_kept() -> None:
    assert catalogue.check_items("hisaisha", {"disaster": "flood", "contact": None}) == {"disaster": "flood"}


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(catalogue.UnfitItems, match="applied_on"):
        catalogue.check_items("hisaisha", {"disaster": "flood", "applied_on": "2026-02-30"})


@pytest.mark.parametrize(
    "change",
    [
        {"items": [{"id": "a", "code": "T-1", "name": "あ", "type": "colour"}]},
        {"items": [{"id": "a", "code": "T-1", "name": "あ", "type": "code"}]},
        {"items": [LIST["items"][0], LIST["items"][0] | {"code": "T-2"}]},
        {"items": [LIST["items"][0], LIST["items"][0] | {"id": "b"}]},
        {"series": "b"},
    ],
    ids=["unknown type", "code without codes", "id twice", "code twice", "series without item"],
)
def test_a_wrong_list_is_refused_when_it_is_read(change: dict[str, Any]) -> None:
    read_register(LIST)
    with pytest.raises(UnfitDefinition, match="test"):
        read_register(LIST | change)


def test_values_are_shown_as_people_read_them() -> None:
    register = catalogue.register("jidou_teate")
    assert register.item("category").label("jidou_teate") == "児童手当"
    assert register.item("monthly_amount").label(30000) == "30,000円"
    assert register.item("public_account").label(False) == "いいえ"


def test_a_list_can_be_read_in_the_terminal() -> None:
    shown = CliRunner().invoke(registers, ["items", "hisaisha"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "HS-023" in shown.output
    assert CliRunner().invoke(registers, ["items", "nothing"]).exit_code == 1
