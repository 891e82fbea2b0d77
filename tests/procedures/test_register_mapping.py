"""What the forms map to registers exists there: a wrong path would fill in nothing and be noticed by nobody."""

from datetime import date

import pytest

from yakuba.demo.plan import Plan
from yakuba.demo.town import people
from yakuba.procedures import registry
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Procedure
from yakuba.procedures.prefill import apply_prefill, prefill_items, register_mapping
from yakuba.procedures.validation import validate_page
from yakuba.registers.prefill import is_item

PROCEDURES = registry.all_procedures(date(2026, 11, 23))
each_procedure = pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.id for one in PROCEDURES])


@each_procedure
def test_every_mapped_answer_has_its_register_item(procedure: Procedure) -> None:
    assert [item for item in register_mapping(procedure).values() if not is_item(item)] == []


@each_procedure
def test_everything_asked_for_can_be_answered(procedure: Procedure) -> None:
    items = prefill_items(procedure)
    assert items
    assert all(is_item(item) for item in items)


def test_a_record_with_an_unknown_birth_day_can_be_answered_with() -> None:
    """Registers hold 不詳; whoever has such a record must be able to apply (children's days are needed exactly)."""
    for one in PROCEDURES:
        for _, found in one.fields():
            if found.register.get("") == "juki.birth_date":
                assert found.uncertain, (one.id, found.id)


def test_what_the_demo_towns_people_have_on_record_is_a_right_answer() -> None:
    """Names with variants, long Latin names, unknown birth days: none may leave a resident with an error."""
    context = Context(date(2026, 11, 23))
    claim = registry.procedure("jidou-teate-nintei")
    own = {"claimant_name", "claimant_birth_date", "claimant_address"}
    for person in people(Plan("143014", 2_000, date(2026, 11, 23))):
        record = {
            "juki.name": person.name.written.replace("\u3000", " "),
            "juki.kana": person.name.kana.replace("\u3000", " "),
            "juki.birth_date": person.birth_text or date.fromordinal(person.birth).isoformat(),
            "juki.postal_code": person.address.postcode,
            "juki.address": person.address.text,
            "juki.building": person.address.building,
        }
        answers = apply_prefill(claim, {}, record, [], context)
        problems = validate_page(claim, "claimant", answers, context)
        assert [one for one in problems if one.path.split("-")[0] in own] == []
